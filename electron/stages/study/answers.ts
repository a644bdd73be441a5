import type { Part } from '../../contract/entities.ts';
import type { NewPrediction, Store } from '../../store/store.ts';

/** Which rows of a part each run had right, all of them on the same rows. */
export interface PartAnswers {
  /** Rows with a gold label, in import order. */
  readonly exampleIds: readonly number[];
  /** 1 where it was right, in the order of the rows; runs that were not wholly decoded are absent. */
  readonly byRun: ReadonlyMap<string, Uint8Array>;
  readonly evaluationIds: readonly string[];
}

/** The saved answers of some runs on one part, as far as they were scored against a gold label. */
export function readAnswers(
  store: Store,
  splitId: string,
  part: Part,
  runIds: readonly string[],
): PartAnswers {
  const wanted = new Set(runIds);
  const evaluations = store.evaluations
    .complete(splitId, part)
    .filter(({ runId }) => wanted.has(runId));
  const exampleIds = store.splits
    .members(splitId, part)
    .flatMap(({ id, gold }) => (gold === null ? [] : [id]));
  const places = new Map(exampleIds.map((id, place) => [id, place]));
  return {
    exampleIds,
    byRun: new Map(
      evaluations.map(({ id, runId }) => [
        runId,
        rightness(store.evaluations.predictions(id), places),
      ]),
    ),
    evaluationIds: evaluations.map(({ id }) => id),
  };
}

function rightness(
  predictions: readonly NewPrediction[],
  places: ReadonlyMap<number, number>,
): Uint8Array {
  const right = new Uint8Array(places.size);
  for (const { exampleId, correct } of predictions) {
    const place = places.get(exampleId);
    if (place !== undefined && correct === true) right[place] = 1;
  }
  return right;
}
