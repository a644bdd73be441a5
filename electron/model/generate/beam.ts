import { StudioError } from '../../contract/errors.ts';
import { bestContinuations, type Candidate, type OpenText } from './candidates.ts';
import { Hypotheses, type ScoredText } from './hypotheses.ts';
import type { RowSource, WritingRows } from './writing.ts';

export interface BeamOptions {
  /** Texts that are continued side by side, per input. */
  readonly beams: number;
  /** At most this many tokens are written, the end-of-sequence token included. */
  readonly maxTokens: number;
  /** A text's score is its log-probability divided by its length to this power. Default 1. */
  readonly lengthPenalty?: number;
  /**
   * Stops an input as soon as `beams` texts have ended; else it goes on while what is open could
   * still score better at its present length. Default false.
   */
  readonly earlyStopping?: boolean;
  /** How many texts are given per input, at most `beams`. Default 1. */
  readonly count?: number;
  /**
   * Counts the start token in the length of a text that was cut off, as older versions of Hugging
   * Face's library did (4.24 among them). Default false: the length is that of what was written.
   */
  readonly lengthIncludesStart?: boolean;
}

/** The search for one input. */
interface Search {
  /** The rows it writes in. */
  rows: readonly number[];
  open: readonly OpenText[];
  readonly ended: Hypotheses;
}

/**
 * Beam search with scores normalised by a power of the length: Wu et al. 2016, section 7, in the
 * simpler form of Hugging Face's `BeamSearchScorer` (4.45), whose order of events is kept. Of the
 * best 2 * beams continuations, those that end are hypotheses when they are of the best `beams`, and
 * the best `beams` that do not end go on.
 *
 * @returns per input up to `count` texts, best first
 * @throws StudioError `invalid-input` when the numbers of beams and texts do not go together.
 */
export async function beamSearch(
  source: RowSource,
  inputs: readonly Int32Array[],
  options: BeamOptions,
): Promise<ScoredText[][]> {
  const { beams, maxTokens, count = 1 } = options;
  checkNumbers(beams, count);
  if (inputs.length === 0) return [];
  const { decoderStartTokenId, eosTokenId } = source.config;
  const rows = await source.start(inputs, beams);
  const all = inputs.map((_ids, input): Search => {
    const own = Array.from({ length: beams }, (_unused, index) => input * beams + index);
    // At first all rows of an input are the same: only one counts.
    const start: OpenText = { row: input * beams, ids: [], logProbability: 0 };
    return { rows: own, open: [start], ended: new Hypotheses(options) };
  });
  let searches = all;
  while (rows.past < maxTokens && searches.length > 0) {
    const tokens = new Array<number>(rows.count).fill(decoderStartTokenId);
    for (const { row, ids } of searches.flatMap(({ open }) => open)) {
      tokens[row] = ids.at(-1) ?? decoderStartTokenId;
    }
    const logits = await rows.logits(tokens);
    const normalizer = await source.normalizer(logits);
    for (const search of searches) {
      const ranked = bestContinuations(search.open, { logits, normalizer }, 2 * beams);
      const next = endOrContinue(search.ended, ranked, { beams, eosTokenId, length: rows.past });
      search.open = search.ended.isDone(rows.past, ranked[0]?.logProbability)
        ? []
        : follow(rows, search.rows, next);
    }
    searches = leave(rows, searches);
  }
  for (const { ended, open } of searches) {
    for (const { ids, logProbability } of open) ended.addCut(ids, logProbability);
  }
  return all.map(({ ended }) => ended.best(count));
}

/** Sorts continuations, best first, into hypotheses and those that go on, which are returned. */
function endOrContinue(
  ended: Hypotheses,
  ranked: readonly Candidate[],
  about: { readonly beams: number; readonly eosTokenId: number; readonly length: number },
): Candidate[] {
  const { beams, eosTokenId, length } = about;
  const next: Candidate[] = [];
  for (const [rank, candidate] of ranked.entries()) {
    if (next.length === beams) break;
    const { from, token, logProbability } = candidate;
    if (token !== eosTokenId) next.push(candidate);
    else if (rank < beams) ended.add(from.ids, logProbability, length);
  }
  return next;
}

/**
 * Gives each continuation a row with the keys and values of its text: the first one of a text stays
 * where the text is, further ones are copied to rows whose text does not go on.
 */
function follow(rows: WritingRows, own: readonly number[], next: readonly Candidate[]): OpenText[] {
  const parents = new Set(next.map(({ from }) => from.row));
  const free = own.filter((row) => !parents.has(row));
  const taken = new Set<number>();
  return next.map(({ from, token, logProbability }) => {
    let { row } = from;
    if (taken.has(row)) {
      row = free.pop() ?? row;
      rows.copy(from.row, row);
    }
    taken.add(row);
    return { row, ids: [...from.ids, token], logProbability };
  });
}

/** Lets the rows of finished searches leave; the others are told where their rows are now. */
function leave(rows: WritingRows, searches: readonly Search[]): Search[] {
  const going = searches.filter(({ open }) => open.length > 0);
  if (going.length === searches.length) return going;
  const needed = new Set(going.flatMap((search) => search.rows));
  const order = rows.keep(Array.from({ length: rows.count }, (_unused, row) => needed.has(row)));
  const places = new Map(order.map((from, to) => [from, to]));
  const moved = (row: number): number => places.get(row) ?? row;
  for (const search of going) {
    search.rows = search.rows.map(moved);
    search.open = search.open.map((text) => ({ ...text, row: moved(text.row) }));
  }
  return going;
}

function checkNumbers(beams: number, count: number): void {
  if (Number.isInteger(beams) && beams >= 1 && count >= 1 && count <= beams) return;
  throw new StudioError(
    'invalid-input',
    `Beam search was asked for ${count} texts from ${beams} beams.`,
    'Ask for at least one beam, and for no more texts than beams.',
  );
}
