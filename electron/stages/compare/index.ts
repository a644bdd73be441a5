import { z } from 'zod';
import { Part } from '../../contract/entities.ts';
import type { ComparisonRow, Run, Scoreboard } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { isCorrect } from '../../core/score.ts';
import { wilson } from '../../core/statistics.ts';
import type { Evaluation, Page, Store, Window } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';

const EvaluateInput = z.strictObject({
  splitId: z.string(),
  part: Part,
  runIds: z.array(z.string()).min(1),
});
type EvaluateInput = z.infer<typeof EvaluateInput>;

/** Decodes one part of the split with several runs, as {@link evaluateRuns} does. */
export const evaluateJob: JobDefinition<EvaluateInput> = {
  kind: 'evaluate',
  input: EvaluateInput,
  unit: 'rows',
  lane: 'numeric',
  run(context, input) {
    const evaluations = openEvaluations(context.store, input);
    const total = evaluations.reduce((sum, evaluation) => sum + evaluation.rows, 0);
    return evaluateRuns(context, input, () => {
      const done = evaluations.reduce((sum, { id }) => sum + predicted(context.store, id), 0);
      context.progress({ done, total, phase: 'evaluating' });
    });
  },
};

/**
 * Decodes one part of the split with the best checkpoint of every run that has no complete
 * evaluation on it. Predictions are saved as they come; a second start decodes only missing rows.
 *
 * @param onRow called before the first row of a run, and whenever further rows are saved
 * @throws StudioError not-found for a run without a checkpoint, invalid-input for one of another split
 */
export async function evaluateRuns(
  context: JobContext,
  input: EvaluateInput,
  onRow: () => void = () => undefined,
): Promise<void> {
  for (const evaluation of openEvaluations(context.store, input)) {
    onRow();
    await decodePending(context, evaluation, onRow);
    if (context.signal.aborted) return;
  }
  context.saved('compare');
}

const openEvaluations = (store: Store, { splitId, part, runIds }: EvaluateInput): Evaluation[] =>
  runIds.map((runId) => openEvaluation(store, runId, splitId, part));

/**
 * Teacher and students on one part, from saved rows; accuracy is over the rows that have a gold label.
 * The test part is sealed: showing its scores counts as a look.
 */
export function scoreboard(
  store: Store,
  input: { projectId: string; splitId: string; part: Part },
): Scoreboard {
  const { splitId, part } = input;
  const looks = lookAt(store, input);
  const members = store.splits.members(splitId, part);
  const withGold = members.filter((example) => example.gold !== null).length;
  return {
    splitId,
    part,
    rows: members.length,
    withGold,
    looks,
    teacher: teacherScore(store, input),
    students: store.evaluations.complete(splitId, part).map((evaluation) => {
      const run = store.runs.get(evaluation.runId);
      return {
        runId: run.id,
        name: run.name,
        method: run.settings.method,
        labelSource: run.settings.labelSource,
        evaluationId: evaluation.id,
        score: wilson(evaluation.correct, evaluation.withGold),
      };
    }),
  };
}

/**
 * Counts a look at the scores there are on the test part; the same scores seen again at once are one
 * look. Where there are none, and on other parts, nothing is counted.
 * @returns how often scores on the test part were looked at
 */
function lookAt(
  store: Store,
  { projectId, splitId, part }: { projectId: string; splitId: string; part: Part },
): number {
  const { looks } = store.splits.get(splitId);
  if (part !== 'test') return looks;
  const evaluations = store.evaluations.complete(splitId, part).map(({ id }) => id);
  const extractionId = teacherExtraction(store, { projectId, splitId, part });
  if (evaluations.length === 0 && extractionId === null) return looks;
  return store.splits.look(splitId, [extractionId ?? '', ...evaluations.sort()].join(' '));
}

/**
 * Rows side by side: the teacher's answer and each run's, in the order the runs were asked for. On the
 * test part this is a look at its scores, as by {@link scoreboard}.
 */
export function comparisonPage(
  store: Store,
  input: { splitId: string; part: Part; runIds: string[]; filter: 'all' | 'disagree' } & Window,
): Page<ComparisonRow> {
  const complete = store.evaluations.complete(input.splitId, input.part);
  const evaluationIds = input.runIds.map((runId) => {
    const evaluation = complete.find((candidate) => candidate.runId === runId);
    if (evaluation) return evaluation.id;
    throw new StudioError(
      'not-found',
      'One of these runs has no finished evaluation on this part.',
      'Start the comparison first.',
    );
  });
  const { projectId } = store.splits.get(input.splitId);
  lookAt(store, { projectId, splitId: input.splitId, part: input.part });
  return store.evaluations.comparison({
    splitId: input.splitId,
    part: input.part,
    extractionId: comparedExtraction(store, projectId, input.splitId),
    evaluationIds,
    filter: input.filter,
    window: { offset: input.offset, limit: input.limit },
  });
}

/** @throws StudioError invalid-input when the run belongs to another split: its training rows could be test rows here */
function openEvaluation(store: Store, runId: string, splitId: string, part: Part): Evaluation {
  const run = store.runs.get(runId);
  if (run.splitId !== splitId) {
    throw new StudioError(
      'invalid-input',
      `“${run.name}” was trained on another split: rows tested here may be rows it was trained on.`,
      'Compare it on its own split, or train it again on this one.',
    );
  }
  return store.evaluations.open({ runId, splitId, part, checkpointStep: bestOf(store, run).step });
}

function bestOf(store: Store, run: Run): { step: number; folder: string } {
  const best = store.runs.checkpoint(run.id, 'best');
  if (best) return best;
  throw new StudioError(
    'not-found',
    `“${run.name}” has no checkpoint yet.`,
    'Let it train until its first validation, then compare.',
  );
}

const predicted = (store: Store, evaluationId: string): number =>
  store.evaluations.get(evaluationId).predicted;

async function decodePending(
  context: JobContext,
  evaluation: Evaluation,
  report: () => void,
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
      report();
    },
  );
}

/** The extraction the split's runs learned from; else the newest with answers. */
function comparedExtraction(store: Store, projectId: string, splitId: string): string | null {
  const used = store.runs
    .list(projectId)
    .findLast((run) => run.splitId === splitId && run.extractionId !== null)?.extractionId;
  const answered = store.extractions.list(projectId).findLast((row) => row.completed > 0);
  return used ?? answered?.id ?? null;
}

/** The extraction whose score is shown; null where it answered no row of the part that has a gold label. */
function teacherExtraction(
  store: Store,
  { projectId, splitId, part }: { projectId: string; splitId: string; part: Part },
): string | null {
  const extractionId = comparedExtraction(store, projectId, splitId);
  if (extractionId === null) return null;
  return store.extractions.partSummary(extractionId, splitId, part).rows === 0
    ? null
    : extractionId;
}

function teacherScore(
  store: Store,
  input: { projectId: string; splitId: string; part: Part },
): Scoreboard['teacher'] {
  const extractionId = teacherExtraction(store, input);
  if (extractionId === null) return null;
  const { teacher, spend } = store.extractions.get(extractionId);
  const { rows, correct, unparsed } = store.extractions.partSummary(
    extractionId,
    input.splitId,
    input.part,
  );
  return {
    extractionId,
    kind: teacher.kind,
    name: teacher.name,
    unparsed,
    score: wilson(correct, rows),
    cost: spend.cost,
  };
}
