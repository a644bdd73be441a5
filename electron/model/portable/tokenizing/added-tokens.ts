import { z } from 'zod';
import { trimEnd, trimStart, unitsAt } from './characters.ts';

export const AddedToken = z.looseObject({
  id: z.number().int().min(0),
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});
export type AddedToken = z.infer<typeof AddedToken>;

/** A stretch of a text: an added token by its id, or text between them. */
export type Section = { readonly id: number } | { readonly text: string };

const ENDS_WITH_WORD = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const BEGINS_WITH_WORD = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

/**
 * Finds tokens that stand in a text as they are: the leftmost, and of those that begin at one place
 * the longest.
 *
 * @param written the tokens as they are looked for
 */
export function addedTokenFinder(
  written: readonly { readonly content: string; readonly token: AddedToken }[],
): (text: string) => Section[] {
  const byFirstUnit = new Map<number, typeof written>();
  for (const one of written) {
    if (one.content === '') continue;
    const first = one.content.charCodeAt(0);
    const others = byFirstUnit.get(first) ?? [];
    byFirstUnit.set(
      first,
      [...others, one].sort((a, b) => b.content.length - a.content.length),
    );
  }
  return (text) => {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < text.length;) {
      const found = byFirstUnit
        .get(text.charCodeAt(at))
        ?.find(({ content }) => text.startsWith(content, at));
      if (found === undefined) {
        at += unitsAt(text, at);
        continue;
      }
      const { content, token } = found;
      const [start, end] = [at, at + content.length];
      at = end;
      if (token.single_word && touchesWord(text, start, end)) continue;
      const before = text.slice(done, start);
      const kept = token.lstrip ? trimEnd(before) : before;
      if (kept !== '') sections.push({ text: kept });
      sections.push({ id: token.id });
      done = token.rstrip ? text.length - trimStart(text.slice(end)).length : end;
      at = Math.max(at, done);
    }
    if (done < text.length) sections.push({ text: text.slice(done) });
    return sections;
  };
}

/** Two units hold the longest character. */
const touchesWord = (text: string, start: number, end: number): boolean =>
  ENDS_WITH_WORD.test(text.slice(Math.max(0, start - 2), start)) ||
  BEGINS_WITH_WORD.test(text.slice(end, end + 2));
