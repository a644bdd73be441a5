import { StudioError } from '../contract/errors.ts';
import { staleMarker } from './review-staleness.ts';
import type { Db, Flag } from './sql.ts';
import { flag, found, nullableFlag, truth } from './sql.ts';
import type { Decide, NewRationale, Verdict } from './store.ts';

/** A parse as it is saved, with its part in the verdict of its row. */
interface SavedParse {
  sample: number;
  label: string | null;
  rationale: string | null;
  correct: Flag | null;
  chosen: Flag;
  kept: Flag;
  /** Of the chosen parse; null for the others. */
  votes: number | null;
  answers: number | null;
}

type Saved = ReadonlyMap<number, SavedParse>;

interface Place {
  extractionId: string;
  exampleId: number;
}

export interface ParseWriter {
  /**
   * Saves parses of answers to one example, and the verdict over all that it has. Rows that stay as
   * they were are not written.
   */
  settle(place: Place, parses: readonly NewRationale[], decide: Decide): void;
  /**
   * The same for answers that have a parse already, as every saved completion has.
   * @throws StudioError not-found for an answer without a saved completion
   */
  resettle(place: Place, parses: readonly NewRationale[], decide: Decide): void;
  /** The parse of an answer in which nothing was found. */
  unparsed(exampleId: number, sample: number): NewRationale;
}

/** Where nobody votes: the first answer there is stands for its row. */
export const firstAnswer: Decide = (exampleId, parses): Verdict => {
  const first = found(parses[0], 'answer');
  const has = first.label !== null;
  return {
    exampleId,
    chosen: first.sample,
    kept: has && first.rationale !== null ? [first.sample] : [],
    votes: has ? 1 : 0,
    answers: parses.length,
  };
};

/** Writes parses of answers and what they come to. Needs a transaction. */
export function parseWriter(db: Db): ParseWriter {
  const select = db.prepare<[number, string], SavedParse>(
    `SELECT sample, label, rationale, correct, chosen, kept, votes, answers FROM rationales
     WHERE example_id = ? AND extraction_id = ? ORDER BY sample`,
  );
  const upsert = db.prepare<SavedParse & Place>(
    `INSERT INTO rationales (extraction_id, example_id, sample, parsed, correct, chosen, kept, votes,
       answers, label, rationale)
     VALUES (@extractionId, @exampleId, @sample, @label IS NOT NULL, @correct, @chosen, @kept,
       @votes, @answers, @label, @rationale)
     ON CONFLICT (example_id, extraction_id, sample) DO UPDATE SET
       parsed = excluded.parsed, correct = excluded.correct, chosen = excluded.chosen,
       kept = excluded.kept, votes = excluded.votes, answers = excluded.answers,
       label = excluded.label, rationale = excluded.rationale`,
  );
  const selectGold = db.prepare<[number], { gold: string | null }>(
    'SELECT gold FROM examples WHERE id = ?',
  );
  const markStale = staleMarker(db);

  const savedParses = ({ exampleId, extractionId }: Place): Saved =>
    new Map(select.all(exampleId, extractionId).map((parse) => [parse.sample, parse]));
  const write = (
    place: Place,
    saved: Saved,
    parses: readonly NewRationale[],
    decide: Decide,
  ): void => {
    const all = new Map([...saved].map(([sample, parse]) => [sample, toRationale(place, parse)]));
    for (const parse of parses) all.set(parse.sample, parse);
    const rising = [...all.values()].sort((a, b) => a.sample - b.sample);
    const verdict = checked(decide(place.exampleId, rising), all);
    for (const parse of rising) {
      const next = judged(parse, verdict);
      const before = saved.get(parse.sample);
      if (before === undefined || !isSame(before, next)) upsert.run({ ...next, ...place });
    }
    const old = [...saved.values()].find(({ chosen }) => chosen === 1);
    const now = all.get(verdict.chosen);
    if (old === undefined || now === undefined) return;
    if (old.label === now.label && old.rationale === now.rationale) return;
    const { label, rationale } = now;
    markStale({ ...place, oldLabel: old.label, oldRationale: old.rationale, label, rationale });
  };

  return {
    settle(place, parses, decide) {
      write(place, savedParses(place), parses, decide);
    },
    resettle(place, parses, decide) {
      const saved = savedParses(place);
      for (const { sample } of parses) found(saved.get(sample), 'completion');
      write(place, saved, parses, decide);
    },
    unparsed(exampleId, sample) {
      const { gold } = found(selectGold.get(exampleId), 'example');
      const correct = gold === null ? null : false;
      return { exampleId, sample, label: null, rationale: null, correct };
    },
  };
}

const toRationale = ({ exampleId }: Place, parse: SavedParse): NewRationale => ({
  exampleId,
  sample: parse.sample,
  label: parse.label,
  rationale: parse.rationale,
  correct: truth(parse.correct),
});

/** One of the row's own answers stands for it, whatever the vote says. */
function checked(verdict: Verdict, parses: ReadonlyMap<number, NewRationale>): Verdict {
  if (parses.has(verdict.chosen)) return verdict;
  throw new StudioError(
    'internal',
    `The vote over row ${verdict.exampleId} chose an answer that is not there.`,
    'Nothing of these answers was saved. Start the step again.',
  );
}

function judged(parse: NewRationale, verdict: Verdict): SavedParse {
  const isChosen = parse.sample === verdict.chosen;
  return {
    sample: parse.sample,
    label: parse.label,
    rationale: parse.rationale,
    correct: nullableFlag(parse.correct),
    chosen: flag(isChosen),
    kept: flag(verdict.kept.includes(parse.sample)),
    votes: isChosen ? verdict.votes : null,
    answers: isChosen ? verdict.answers : null,
  };
}

const isSame = (a: SavedParse, b: SavedParse): boolean =>
  a.label === b.label &&
  a.rationale === b.rationale &&
  a.correct === b.correct &&
  a.chosen === b.chosen &&
  a.kept === b.kept &&
  a.votes === b.votes &&
  a.answers === b.answers;
