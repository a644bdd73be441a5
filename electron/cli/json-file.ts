import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { StudioError } from '../contract/errors.ts';
import { parseJson } from '../core/json.ts';

/** Problems that are named one by one. */
const mostNamed = 5;

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
    .map(({ path: at, message }) => `${at.length === 0 ? 'the file' : at.join('.')}: ${message}`);
  const more = issues.length > mostNamed ? `; and ${issues.length - mostNamed} more` : '';
  throw new StudioError(
    'template-invalid',
    `${path} does not hold ${what}.`,
    `${named.join('; ')}${more}.`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StudioError('file-unreadable', `${path} can not be read.`, 'Check its path.', {
      cause,
    });
  }
}
