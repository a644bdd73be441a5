import type { RunSettings } from '../contract/entities.ts';
import type { TrainRow } from '../contract/worker.ts';
import { methodTraits, usesRationales } from '../core/methods.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Sentences end alike in the languages that a rationale may be in; none is asked for. */
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Far beyond any rationale: here for its length alone. */
const WHOLE = 1_000_000;

/**
 * Rows with the rationales that their method learns, none for a method that learns none. With
 * `rationaleCap`, one that is longer ends at the last sentence that fits; a first sentence that is
 * longer than the cap is cut where the cap is, since a rationale of no words would teach silence.
 *
 * The cap is for what a student learns to write. Rationales that it reads stay whole: when it is
 * asked later, the teacher's come as they are.
 */
export async function capRationales(
  tokenizer: Tokenizer,
  rows: readonly TrainRow[],
  settings: RunSettings,
): Promise<readonly TrainRow[]> {
  if (!usesRationales(settings.method)) return rows.map((row) => ({ ...row, rationales: [] }));
  const cap = settings.rationaleCap;
  if (cap === null || methodTraits[settings.method].rationale === 'in-input') return rows;
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      rationales: await Promise.all(row.rationales.map((text) => capped(tokenizer, text, cap))),
    })),
  );
}

async function capped(tokenizer: Tokenizer, text: string, cap: number): Promise<string> {
  const whole = await tokenizer.encode(text, WHOLE);
  if (whole.length <= cap) return text;
  const ends = Array.from(sentences.segment(text), ({ index, segment }) => index + segment.length);
  const parts = ends.map((end) => text.slice(0, end).trimEnd());
  const lengths = await tokenizer.encodeAll(parts, WHOLE);
  const fits = lengths.findLastIndex((ids) => ids.length <= cap);
  if (fits >= 0) return parts[fits] ?? text;
  return tokenizer.decode(whole.subarray(0, cap - 1));
}
