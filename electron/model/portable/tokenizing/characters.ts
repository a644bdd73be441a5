import type { z } from 'zod';
import { invalidTokenizer } from './invalid.ts';

/** White space as Unicode defines it. JavaScript's own `trim` takes U+FEFF too, and leaves U+0085. */
const LEADING_SPACE = /^\p{White_Space}+/u;
const TRAILING_SPACE = /\p{White_Space}$/u;

export const trimStart = (text: string): string => text.replace(LEADING_SPACE, '');

/** Cut from the end one by one: a pattern for many would be tried from every space of the text. */
export function trimEnd(text: string): string {
  let end = text.length;
  // Every white space is one UTF-16 unit.
  while (end > 0 && TRAILING_SPACE.test(text.slice(end - 1, end))) end--;
  return text.slice(0, end);
}

/** UTF-16 units of the character that begins at `at`. */
export const unitsAt = (text: string, at: number): number =>
  (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;

/** Reads a component of the file. @throws StudioError `tokenizer-invalid` */
export function readPart<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidTokenizer(`holds a ${what} that cannot be read`, parsed.error);
}
