import type {
  MetricPoint,
  Study,
  StudyResult,
  SweepPlan,
  SweepTrial,
} from '../../contract/entities.ts';
import { wilson } from '../../core/statistics.ts';
import { difference, verdictOf } from '../../core/study-statistics.ts';
import type { Store, StudyRun } from '../../store/store.ts';
import { readAnswers } from './answers.ts';
import type { TrialCurve } from './median.ts';

type SweepResult = Extract<StudyResult, { kind: 'sweep' }>;

/** What a sweep has found so far, on validation alone. */
export function sweepResult(store: Store, study: Study, plan: SweepPlan): SweepResult {
  const runs = store.studies.runs(study.id);
  const [best, next] = leaders(store, runs);
  return {
    kind: 'sweep',
    studyId: study.id,
    complete: runs.every(({ runId }) => runId !== null && store.runs.get(runId).ended !== null),
    rows: store.splits.get(study.splitId).counts.validation,
    trials: runs.map((run) => trialOf(store, plan, run)),
    bestRunId: best ?? null,
    lead: best !== undefined && next !== undefined ? leadOf(store, study, best, next) : null,
  };
}

/** Runs that were evaluated, by their best validation, the first planned among equals. */
export function leaders(store: Store, runs: readonly StudyRun[]): string[] {
  return runs
    .flatMap(({ runId }) => {
      const validation = runId === null ? null : store.runs.get(runId).bestValidation;
      return runId === null || validation === null ? [] : [{ runId, validation }];
    })
    .sort((a, b) => b.validation - a.validation)
    .map(({ runId }) => runId);
}

/** The evaluations of a run so far. */
export const curveOf = (store: Store, runId: string): TrialCurve =>
  store.runs
    .evaluated(runId)
    .flatMap(({ step, validation }) =>
      validation === null || validation.rows === 0
        ? []
        : [{ step, accuracy: validation.correct / validation.rows }],
    );

function trialOf(store: Store, plan: SweepPlan, { runId, settings }: StudyRun): SweepTrial {
  const values = plan.axes.map(({ key }) => ({ key, value: settings[key] }));
  if (runId === null) return { runId, values, validation: null, step: 0, ended: null };
  const { ended } = store.runs.get(runId);
  const last = store.runs.checkpoint(runId, 'last')?.step ?? 0;
  const best = bestOf(store.runs.evaluated(runId));
  return {
    ...{ runId, values },
    validation: best && wilson(best.correct, best.rows),
    step: ended?.step ?? last,
    ended: ended?.reason ?? null,
  };
}

function bestOf(points: readonly MetricPoint[]): MetricPoint['validation'] {
  return points.reduce<MetricPoint['validation']>((best, { validation }) => {
    if (validation === null || validation.rows === 0) return best;
    if (best === null) return validation;
    return validation.correct / validation.rows > best.correct / best.rows ? validation : best;
  }, null);
}

/**
 * The best trial less the next best, on every validation row with a gold label: the job decodes these
 * two there when it is done. Null before that, and where no row has a gold label.
 */
function leadOf(store: Store, study: Study, best: string, next: string): SweepResult['lead'] {
  const { byRun } = readAnswers(store, study.splitId, 'validation', [best, next]);
  const [a, b] = [byRun.get(best), byRun.get(next)];
  if (a === undefined || b === undefined) return null;
  const gap = difference([a], [b]);
  return gap && { difference: gap, verdict: verdictOf(gap, 0, a.length) };
}
