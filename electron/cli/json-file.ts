import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { parseJson } from '../core/json.ts';
import { decodeWhole } from '../stages/import/read/text.ts';

/** Problems that are named one by one. */
const mostNamed = 5;
/** Bytes of a file; far more than the longest prompt. */
const largestFile = 4 * 1024 ** 2;

/**
 * Reads a JSON file in the shape of a schema.
 *
 * @param what the thing it holds, as in `a prompt template`
 * @throws StudioError file-unreadable, file-syntax, template-invalid with what does not fit
 */
export function readJsonFile<T>(path: string, schema: z.ZodType<T>, what: string): T {
  const value = parseJson(readText(path));
  if (value === undefined) {
    throw new StudioError(
      'file-syntax',
      `${path} is not JSON.`,
      'Look for a missing comma, bracket or quotation mark.',
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const named = issues
    .slice(0, mostNamed)
    .map(
      ({ path: at, message }) =>
        `${at.length === 0 ? 'the file' : at.join('.')}: ${plain(message)}`,
    );
  const more = issues.length > mostNamed ? `; and ${issues.length - mostNamed} more` : '';
  throw new StudioError(
    'template-invalid',
    `${path} does not hold ${what}.`,
    `${named.join('; ')}${more}.`,
  );
}

/** What zod says of a value, in fewer words. */
const plain = (message: string): string =>
  message
    .replace(/^Invalid (?:input|option): (expected .*), received undefined$/, 'missing, $1')
    .replace(/^Invalid (?:input|option|discriminator value): /i, '');

/** Text in UTF-8, or in UTF-16: some shells write that. */
function readText(path: string): string {
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > largestFile) throw tooLarge(path, size);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw new StudioError('file-unreadable', `${path} can not be read.`, 'Check its path.', {
      cause,
    });
  }
  return decodeWhole(bytes, path);
}

const tooLarge = (path: string, size: number): StudioError =>
  new StudioError(
    'file-too-large',
    `${path} has ${(size / 1024 ** 2).toFixed(0)} MB; ${largestFile / 1024 ** 2} MB is the most.`,
    'A prompt template and its rules are a few kilobytes. Check that it is the right file.',
  );
