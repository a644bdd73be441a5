import type { Part, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { isCorrect } from '../../core/score.ts';
import type { Evaluation, Store } from '../../store/store.ts';
import type { JobContext } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';

/** Runs whose students answer a part of the split that they were trained on. */
export interface Asked {
  readonly splitId: string;
  readonly part: Part;
  readonly runIds: readonly string[];
}

/**
 * The evaluation of each run at its best checkpoint, made new where there is none.
 *
 * @throws StudioError not-found for a run without a checkpoint; invalid-input when a run belongs to
 * another split: its training rows could be test rows here
 */
export const openEvaluations = (store: Store, { splitId, part, runIds }: Asked): Evaluation[] =>
  runIds.map((runId) => {
    const run = store.runs.get(runId);
    if (run.splitId !== splitId) {
      throw new StudioError(
        'invalid-input',
        `“${run.name}” was trained on another split: rows tested here may be rows it was trained on.`,
        'Compare it on its own split, or train it again on this one.',
      );
    }
    const checkpointStep = bestOf(store, run).step;
    return store.evaluations.open({ runId, splitId, part, checkpointStep });
  });

/** @throws StudioError not-found for a run without a checkpoint */
export function bestOf(store: Store, run: Run): { step: number; folder: string } {
  const best = store.runs.checkpoint(run.id, 'best');
  if (best) return best;
  throw new StudioError(
    'not-found',
    `“${run.name}” has no checkpoint yet.`,
    'Let it train until its first validation, then compare.',
  );
}

/**
 * Decodes the rows of an evaluation that have no saved prediction, or one without a confidence.
 * Predictions are saved as they come, so that a second start decodes only what is missing.
 */
export async function decodePending(
  context: JobContext,
  evaluation: Evaluation,
  onSaved: () => void,
): Promise<void> {
  const { store } = context;
  const pending = store.evaluations.pending(evaluation.id);
  if (pending.length === 0) return;
  const run = store.runs.get(evaluation.runId);
  const { task } = store.projects.get(run.projectId);
  await context.runWorker(
    predictTaskFor(run, bestOf(store, run).folder, studentInputs(store, run, pending)),
    (batch) => {
      if (batch.kind !== 'predict') return;
      const rows = batch.answers.flatMap((answer, index) => {
        const example = pending[batch.offset + index];
        if (!example) return [];
        const { gold, choices } = example;
        const correct = gold === null ? null : isCorrect(task, answer.label, gold, choices);
        return [{ exampleId: example.id, correct, ...answer }];
      });
      store.evaluations.savePredictions(evaluation.id, rows);
      onSaved();
    },
  );
}
