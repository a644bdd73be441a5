import type { Float32Tensor } from '../engines/engine.ts';

/** A text that goes on: the row of its keys and values, what was written, and its log-probability. */
export interface OpenText {
  readonly row: number;
  readonly ids: readonly number[];
  readonly logProbability: number;
}

/** An open text with one token more. */
export interface Candidate {
  readonly from: OpenText;
  readonly token: number;
  readonly logProbability: number;
}

/** What the decoder says about the next token of every row. */
export interface Prediction {
  /** [rows, vocabulary] */
  readonly logits: Float32Tensor;
  /** [rows]: the logarithm of the sum of e^logit. */
  readonly normalizer: Float32Array;
}

/** The most probable continuations of all texts together, best first, at most `limit`. */
export function bestContinuations(
  texts: readonly OpenText[],
  { logits, normalizer }: Prediction,
  limit: number,
): Candidate[] {
  const [, vocabulary = 0] = logits.shape;
  const best: Candidate[] = [];
  for (const from of texts) {
    const row = logits.data.subarray(from.row * vocabulary, (from.row + 1) * vocabulary);
    // log p = logit + shift: nearly all tokens are refused by one comparison.
    const shift = from.logProbability - (normalizer[from.row] ?? 0);
    let least = leastLogit(best, limit, shift);
    for (let token = 0; token < vocabulary; token++) {
      const logit = row[token] ?? 0;
      if (logit <= least) continue;
      insert(best, { from, token, logProbability: logit + shift }, limit);
      least = leastLogit(best, limit, shift);
    }
  }
  return best;
}

/** What a logit must exceed to be among the best. */
function leastLogit(best: readonly Candidate[], limit: number, shift: number): number {
  const worst = best.length < limit ? undefined : best.at(-1);
  return worst === undefined ? Number.NEGATIVE_INFINITY : worst.logProbability - shift;
}

function insert(best: Candidate[], candidate: Candidate, limit: number): void {
  let at = best.length;
  while (at > 0 && (best[at - 1]?.logProbability ?? 0) < candidate.logProbability) at--;
  best.splice(at, 0, candidate);
  if (best.length > limit) best.pop();
}
