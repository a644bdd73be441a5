/** The entry of `npm run golden`; see command.ts. */
import { runGolden } from './command.ts';

// Whoever reads the lines may have seen enough, as `head` does.
process.stdout.on('error', () => process.exit());

process.exitCode = await runGolden(process.argv.slice(2), (line) => {
  console.log(line);
});
