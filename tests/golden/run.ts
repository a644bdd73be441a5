/** The entry of `npm run golden`; see command.ts. */
import { runGolden } from './command.ts';

process.exitCode = await runGolden(process.argv.slice(2), (line) => {
  console.log(line);
});
