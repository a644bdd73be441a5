import { z } from 'zod';
import { WORD_START } from '../../tokenizer-json.ts';
import { readPart } from './characters.ts';
import { invalidTokenizer } from './invalid.ts';
import { Pattern, finder } from './patterns.ts';
import type { Span } from './patterns.ts';

/**
 * Cuts a text into what is looked up on its own.
 * @param first whether the text is the beginning of the input, which added tokens may part
 */
export type Cut = (text: string, first: boolean) => string[];

const Typed = z.looseObject({ type: z.string() });
const Sequence = z.looseObject({ pretokenizers: z.array(z.unknown()) });
const Metaspace = z.looseObject({
  replacement: z.string().default(WORD_START),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  /** What earlier versions wrote in place of the scheme. */
  add_prefix_space: z.boolean().default(true),
  split: z.boolean().default(true),
});
const Behavior = z.enum([
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
]);
type Behavior = z.infer<typeof Behavior>;
const Split = z.looseObject({
  pattern: Pattern,
  behavior: Behavior,
  invert: z.boolean().default(false),
});

const WHAT = 'pre-tokenizer';

const readers: Readonly<Record<string, (value: unknown) => Cut>> = {
  Sequence: (value) => {
    const steps = readPart(Sequence, value, WHAT).pretokenizers.map(readPretokenizer);
    return (text, first) =>
      steps.reduce(
        (pieces, step) => pieces.flatMap((piece, at) => step(piece, first && at === 0)),
        [text],
      );
  },
  Metaspace: (value) => {
    const metaspace = readPart(Metaspace, value, WHAT);
    const { replacement, split } = metaspace;
    const scheme = metaspace.prepend_scheme ?? (metaspace.add_prefix_space ? 'always' : 'never');
    const find = finder({ String: replacement });
    return (text, first) => {
      const marked = text.replaceAll(' ', () => replacement);
      const prepends = scheme === 'always' || (scheme === 'first' && first);
      const whole = prepends && !marked.startsWith(replacement) ? replacement + marked : marked;
      return split ? join(find(whole), 'MergedWithNext') : [whole];
    };
  },
  WhitespaceSplit: () => {
    const find = finder({ Regex: String.raw`\s` });
    return (text) => join(find(text), 'Removed');
  },
  Split: (value) => {
    const { pattern, behavior, invert } = readPart(Split, value, WHAT);
    const find = finder(pattern);
    return (text) => {
      const spans = find(text);
      const turned = invert ? spans.map((span) => ({ ...span, matched: !span.matched })) : spans;
      return join(turned, behavior);
    };
  },
};

/** How a tokenizer cuts texts. @throws StudioError `tokenizer-invalid` */
export function readPretokenizer(value: unknown): Cut {
  if (value === null || value === undefined) return (text) => [text];
  const { type } = readPart(Typed, value, WHAT);
  const read = readers[type];
  if (read === undefined) throw invalidTokenizer(`has a pre-tokenizer that T5 has not: ${type}`);
  return read(value);
}

/** What becomes of the stretches that a pattern matched. */
function join(spans: readonly Span[], behavior: Behavior): string[] {
  if (behavior === 'Removed')
    return spans.filter(({ matched }) => !matched).map(({ text }) => text);
  const pieces: string[] = [];
  let before: boolean | null = null;
  for (const [at, { text, matched }] of spans.entries()) {
    const follows = {
      Isolated: false,
      MergedWithPrevious: matched && before === false,
      // A match takes what follows it, unless that is a match again.
      MergedWithNext: !matched && before === true,
      Contiguous: matched === before,
    }[behavior];
    if (follows && at > 0) pieces.push(`${pieces.pop() ?? ''}${text}`);
    else pieces.push(text);
    before = matched;
  }
  return pieces;
}
