import { z } from 'zod';
import { readPart, unitsAt } from './characters.ts';
import { invalidTokenizer } from './invalid.ts';

const Model = z.looseObject({
  unk_id: z.number().int().nullable().default(null),
  byte_fallback: z.boolean().default(false),
  vocab: z.array(z.tuple([z.string(), z.number()])).min(1),
});

/** How much less likely than the least likely piece a character without a piece is. */
const UNKNOWN_PENALTY = 10;

/** The Unigram model of a tokenizer: which pieces a text is made of. */
export interface Unigram {
  /** By their ids. */
  readonly pieces: readonly string[];
  readonly idOf: ReadonlyMap<string, number>;
  /** Ids of the most likely pieces that make up the text. */
  encode(text: string): number[];
}

/**
 * Segmentation by Viterbi's algorithm (Kudo 2018, “Subword Regularization”, section 3.2): of equally
 * likely segmentations the one whose last pieces were found first. Neighbouring characters without a
 * piece are one unknown piece, or its bytes.
 *
 * @throws StudioError `tokenizer-invalid`
 */
export function readUnigram(value: unknown): Unigram {
  const model = readPart(Model, value, 'model');
  const pieces = model.vocab.map(([piece]) => piece);
  const scores = Float64Array.from(model.vocab, ([, score]) => score);
  const idOf = new Map(pieces.map((piece, id) => [piece, id]));
  const longest = longestByFirstUnit(pieces);
  const least = scores.reduce((lowest, score) => Math.min(lowest, score), Infinity);
  const unknownScore = least - UNKNOWN_PENALTY;

  /** Ends of the pieces of the best segmentation; negative where the piece is unknown. */
  const segment = (text: string): number[] => {
    const best = new Float64Array(text.length + 1);
    const begin = new Int32Array(text.length + 1).fill(-1);
    const unknown = new Uint8Array(text.length + 1);
    const reach = (start: number, end: number, score: number, isUnknown: boolean): void => {
      const whole = score + (best[start] ?? 0);
      if (begin[end] !== -1 && whole <= (best[end] ?? 0)) return;
      best[end] = whole;
      begin[end] = start;
      unknown[end] = isUnknown ? 1 : 0;
    };
    for (let start = 0; start < text.length;) {
      const units = unitsAt(text, start);
      const most = Math.min(text.length, start + (longest.get(text.charCodeAt(start)) ?? 0));
      let alone = false;
      for (let end = start + units; end <= most; end++) {
        const id = idOf.get(text.slice(start, end));
        if (id === undefined) continue;
        reach(start, end, scores[id] ?? 0, id === model.unk_id);
        if (end === start + units) alone = true;
      }
      if (!alone) reach(start, start + units, unknownScore, true);
      start += units;
    }
    const ends: number[] = [];
    for (let end = text.length; end > 0; end = begin[end] ?? 0) {
      ends.push(unknown[end] === 1 ? -end : end);
    }
    return ends.reverse();
  };

  const spell = (piece: string): number[] => {
    const id = idOf.get(piece);
    if (id !== undefined) return [id];
    if (model.byte_fallback) {
      const bytes = Array.from(encoder.encode(piece), (byte) => idOf.get(byteToken(byte)));
      if (bytes.every((byte) => byte !== undefined)) return bytes;
    }
    if (model.unk_id === null) throw invalidTokenizer('has no unknown token');
    return [model.unk_id];
  };

  return {
    pieces,
    idOf,
    encode(text) {
      const ids: number[] = [];
      let begin = 0;
      const ends = segment(text);
      for (const [at, end] of ends.entries()) {
        // Unknown characters that follow each other are spelled together.
        if (end < 0 && (ends[at + 1] ?? 0) < 0) continue;
        ids.push(...spell(text.slice(begin, Math.abs(end))));
        begin = Math.abs(end);
      }
      return ids;
    },
  };
}

const encoder = new TextEncoder();

const byteToken = (byte: number): string =>
  `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/** UTF-16 units of the longest piece, by the unit that pieces begin with. */
function longestByFirstUnit(pieces: readonly string[]): ReadonlyMap<number, number> {
  const longest = new Map<number, number>();
  for (const piece of pieces) {
    if (piece === '') continue;
    const first = piece.charCodeAt(0);
    if (piece.length > (longest.get(first) ?? 0)) longest.set(first, piece.length);
  }
  return longest;
}
