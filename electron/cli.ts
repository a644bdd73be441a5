import { CommanderError } from 'commander';
import { CommandEnd } from './cli/command-end.ts';
import { createProgram } from './cli/program.ts';
import { printable } from './cli/terminal.ts';
import { StudioError, toErrorValue } from './contract/errors.ts';
import type { ErrorValue } from './contract/errors.ts';

/**
 * Runs one command.
 *
 * @param words the command line without the program's own name
 * @returns the exit code: 0 only on success, 3 when a budget or a request cap was reached, 130 after
 * Ctrl-C, 1 otherwise
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(words, { from: 'user' });
    return 0;
  } catch (caught) {
    if (caught instanceof CommanderError && caught.exitCode === 0) return 0;
    if (caught instanceof CommandEnd) return caught.exitCode;
    const error = errorOf(caught, words);
    const { message, hint } = error;
    process.stderr.write(printable(hint === '' ? `${message}\n` : `${message}\n${hint}\n`));
    if (words.includes('--json')) process.stdout.write(`${JSON.stringify({ error })}\n`);
    return error.code === 'job-interrupted' ? 130 : 1;
  }
}

/** What commander has to say about the command line, in the shape of every other error. */
function errorOf(caught: unknown, words: readonly string[]): ErrorValue {
  if (!(caught instanceof CommanderError)) return toErrorValue(caught);
  const commands = createProgram().commands.map((each) => each.name());
  const command = words.find((word) => commands.includes(word));
  if (caught.code === 'commander.help') {
    return new StudioError(
      'invalid-input',
      'Which command?',
      'See stepwise --help for what there is.',
    ).toValue();
  }
  const text = caught.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return new StudioError(
    'invalid-input',
    /[.?!)]$/.test(sentence) ? sentence : `${sentence}.`,
    command === undefined
      ? 'See stepwise --help for what there is.'
      : `See stepwise ${command} --help.`,
  ).toValue();
}

/** Runs the command line of this process, then ends it. */
export async function main(): Promise<void> {
  const code = await runCommand(process.argv.slice(2));
  // Native libraries may keep threads alive; everything written is flushed first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

if (import.meta.main) await main();
