import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { StudioError, toErrorValue } from '../contract/errors.ts';
import { runPredictor } from './run.ts';

/** The file `predictor.mjs` of an exported folder. */
if (isMainThread && process.argv[1] !== undefined && isThisFile(process.argv[1])) {
  // Whoever reads may leave early, as `head` does.
  process.stdout.on('error', () => process.exit(0));
  try {
    process.exitCode = await runPredictor(process.argv.slice(2));
  } catch (caught) {
    const { code, message, hint } = toErrorValue(caught);
    process.stderr.write(`${[message, hint].filter((line) => line !== '').join('\n')}\n`);
    process.exitCode = exitCodeOf(code, caught);
  }
}

/** Node follows links to find a module, and names the program as it was called. */
function isThisFile(path: string): boolean {
  return realpathSync(path) === fileURLToPath(import.meta.url);
}

function exitCodeOf(code: string, caught: unknown): number {
  if (code === 'model-invalid' || code === 'tokenizer-invalid') return 3;
  return caught instanceof StudioError && code === 'invalid-input' ? 2 : 1;
}
