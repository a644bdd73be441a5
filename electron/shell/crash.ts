import { inspect } from 'node:util';

/** An error that was thrown, or a promise that failed, with nobody to catch it. */
export type CrashKind = 'exception' | 'rejection';

/**
 * Sees to what is said of errors that nobody caught: they may quote a request with its headers, so
 * they are printed without keys.
 *
 * @param redact strikes keys out of a text
 * @param end what happens then; by default it is printed and the process ends, as Node has it
 * @returns a function that leaves them to Node again
 */
export function guardCrashes(
  redact: (text: string) => string,
  end: (text: string, kind: CrashKind) => void = printAndExit,
): () => void {
  const onException = (error: unknown) => end(redact(crashText(error)), 'exception');
  const onRejection = (error: unknown) => end(redact(crashText(error)), 'rejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

/** With the stack, causes and fields, as Node would print them. */
const crashText = (error: unknown): string =>
  `Something unexpected happened. What was saved is still there.\n${inspect(error)}\n`;

function printAndExit(text: string): void {
  process.stderr.write(text, () => process.exit(1));
}
