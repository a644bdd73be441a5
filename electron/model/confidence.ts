import type { WrittenText } from './generate/index.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * How sure a student was of a label that it wrote greedily: the probability of the whole label, which
 * is the product of those of its tokens, the end token included. One that was cut off at the greatest
 * length has no end token: its confidence is that of what it wrote.
 *
 * @param from the label's first token
 */
export function confidenceOf({ probabilities }: WrittenText, from = 0): number {
  let product = 1;
  for (let at = from; at < probabilities.length; at++) product *= probabilities[at] ?? 1;
  // Rounding may lift the product of float32 numbers near 1 above it.
  return Math.min(1, product);
}

/**
 * Where the label begins in texts that hold a rationale, the mark and the label: the first token that
 * adds to the text behind the last mark, per text. A token that holds the end of the mark and the
 * beginning of the label counts as the label's. Null without a mark.
 *
 * Found by halving, all texts at once: text only grows with its tokens.
 */
export async function labelStarts(
  tokenizer: Pick<Tokenizer, 'decodeAll'>,
  texts: readonly Pick<WrittenText, 'ids'>[],
  mark: string,
): Promise<(number | null)[]> {
  const whole = await tokenizer.decodeAll(texts.map(({ ids }) => ids));
  const ends = whole.map((text) => {
    const at = text.lastIndexOf(mark);
    return at < 0 ? null : at + mark.length;
  });
  // Of each text, tokens that are still within the mark or before it, and tokens that go beyond it.
  const within = texts.map(() => 0);
  const beyond = texts.map(({ ids }) => ids.length);
  for (;;) {
    const open = texts.flatMap(({ ids }, row) => {
      const [low = 0, high = 0, end = null] = [within[row], beyond[row], ends[row]];
      if (end === null || low >= high) return [];
      const middle = Math.floor((low + high) / 2);
      return [{ row, middle, end, ids: ids.subarray(0, middle + 1) }];
    });
    if (open.length === 0) break;
    const parts = await tokenizer.decodeAll(open.map(({ ids }) => ids));
    open.forEach(({ row, middle, end }, at) => {
      if ((parts[at] ?? '').length > end) beyond[row] = middle;
      else within[row] = middle + 1;
    });
  }
  return ends.map((end, row) => (end === null ? null : (within[row] ?? 0)));
}
