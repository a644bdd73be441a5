import { z } from 'zod';
import { Part } from '../../contract/entities.ts';
import type { Evaluation, Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { decodePending, openEvaluations } from './decode.ts';
import type { Asked } from './decode.ts';
import { timeStudent } from './time.ts';

const EvaluateInput = z.strictObject({
  splitId: z.string(),
  part: Part,
  runIds: z.array(z.string()).min(1),
  /** Jobs of earlier versions timed nothing. */
  speed: z.boolean().default(false),
});
type EvaluateInput = z.infer<typeof EvaluateInput>;

/**
 * Decodes one part of the split with several runs: rows that have no prediction yet, and those that
 * an earlier version decoded without a confidence. Then times each student, where that is asked for.
 */
export const evaluateJob: JobDefinition<EvaluateInput> = {
  kind: 'evaluate',
  input: EvaluateInput,
  unit: 'rows',
  lane: 'numeric',
  async run(context, input) {
    const { store, signal } = context;
    const evaluations = openEvaluations(store, input);
    const total = evaluations.reduce((sum, evaluation) => sum + evaluation.rows, 0);
    const report = (): void => {
      const done = evaluations.reduce((sum, each) => sum + decoded(store, each), 0);
      context.progress({ done, total, phase: 'evaluating' });
    };
    for (const evaluation of evaluations) {
      report();
      await decodePending(context, evaluation, report);
      if (signal.aborted) return;
      if (input.speed) await timeStudent(context, evaluation);
      if (signal.aborted) return;
      context.saved('compare');
    }
  },
};

/** Rows whose prediction is saved with its confidence. */
const decoded = (store: Store, { id }: Evaluation): number =>
  store.evaluations.get(id).withConfidence;

/**
 * Decodes one part of the split with the best checkpoint of every run that has no complete
 * evaluation on it. Predictions are saved as they come; a second start decodes only missing rows.
 * Complete ones of an earlier version stay as they are, without a confidence.
 *
 * @param onRow called before the first row of a run, and whenever further rows are saved
 * @throws StudioError not-found for a run without a checkpoint, invalid-input for one of another split
 */
export async function evaluateRuns(
  context: JobContext,
  input: Asked,
  onRow: () => void = () => undefined,
): Promise<void> {
  for (const evaluation of openEvaluations(context.store, input)) {
    onRow();
    if (evaluation.predicted < evaluation.rows) await decodePending(context, evaluation, onRow);
    if (context.signal.aborted) return;
  }
  context.saved('compare');
}
