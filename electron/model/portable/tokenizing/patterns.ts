import { ReplaceNormalizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { invalidTokenizer } from './invalid.ts';

/** A text to be found as it is, or an expression in Oniguruma's syntax. */
export const Pattern = z.union([
  z.strictObject({ String: z.string() }),
  z.strictObject({ Regex: z.string() }),
]);
export type Pattern = z.infer<typeof Pattern>;

/** A stretch of a text, and whether the pattern matched it. */
export interface Span {
  readonly text: string;
  readonly matched: boolean;
}

/** Everything that a pattern finds, as a function from a text to its spans; none of them is empty. */
export function finder(pattern: Pattern): (text: string) => Span[] {
  const find = 'String' in pattern ? literalFinder(pattern.String) : regexFinder(pattern.Regex);
  return (text) => {
    const spans: Span[] = [];
    let end = 0;
    for (const [from, to] of find(text)) {
      if (from > end) spans.push({ text: text.slice(end, from), matched: false });
      if (to > from) spans.push({ text: text.slice(from, to), matched: true });
      end = to;
    }
    if (end < text.length) spans.push({ text: text.slice(end), matched: false });
    return spans;
  };
}

type Find = (text: string) => Iterable<readonly [number, number]>;

function literalFinder(wanted: string): Find {
  return function* (text) {
    if (wanted === '') return;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      yield [at, at + wanted.length];
    }
  };
}

/** The library knows how Oniguruma's syntax is written in JavaScript's. */
function regexFinder(source: string): Find {
  let expression: RegExp | null;
  try {
    const { pattern } = new ReplaceNormalizer({
      type: 'Replace',
      pattern: { Regex: source },
      content: '',
    });
    expression = pattern;
  } catch (cause) {
    throw invalidTokenizer(`holds a pattern that cannot be read: ${source}`, cause);
  }
  return function* (text) {
    if (expression === null) return;
    for (const match of text.matchAll(expression)) {
      yield [match.index, match.index + match[0].length];
    }
  };
}
