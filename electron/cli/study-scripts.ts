import type { Arm, Interval, StudyComparison, StudyResult } from '../contract/entities.ts';
import type { FoundStudy } from './studies.ts';

/** What a study found, in the shape that scripts rely on. */
export function studyForScripts({ study, result }: FoundStudy): object {
  return {
    study: study.name,
    id: study.id,
    kind: study.plan.kind,
    runs: study.runs.planned,
    complete: result.complete,
    rows: result.rows,
    ...(result.kind === 'sweep' ? sweepForScripts(result) : comparisonForScripts(result)),
  };
}

function comparisonForScripts(result: Extract<StudyResult, { kind: 'comparison' }>): object {
  const { part, margin, looks, teacher, cells, comparisons, matches, growth } = result;
  return {
    ...{ part, margin, looks },
    teacher: teacher && { name: teacher.name, accuracy: teacher.score.accuracy },
    cells: cells.map(({ arm, share, rows, scores, mean, seconds }) => ({
      ...armFields(arm),
      ...{ share, train_rows: rows, seconds },
      mean: mean && intervalFields(mean),
      seeds: scores.map(({ seed, runId, score }) => ({
        ...{ seed, run: runId },
        accuracy: score?.accuracy ?? null,
      })),
    })),
    comparisons: comparisons.map(comparisonFields),
    matches: matches.map(comparisonFields),
    growth: growth.map(({ arm, last, perDoubling, costPerRationale, advice }) => ({
      ...armFields(arm),
      last: last && {
        ...{ from_rows: last.fromRows, to_rows: last.toRows },
        ...intervalFields(last.gain),
      },
      per_doubling: perDoubling && intervalFields(perDoubling),
      ...{ cost_per_rationale: costPerRationale, advice },
    })),
  };
}

function sweepForScripts(result: Extract<StudyResult, { kind: 'sweep' }>): object {
  const { trials, bestRunId, lead } = result;
  return {
    best: bestRunId,
    lead: lead && { ...intervalFields(lead.difference), verdict: lead.verdict },
    trials: trials.map(({ runId, values, validation, step, ended }) => ({
      run: runId,
      values: Object.fromEntries(values.map(({ key, value }) => [key, value])),
      validation: validation?.accuracy ?? null,
      ...{ step, ended },
    })),
  };
}

const armFields = ({ method, labelSource }: Arm) => ({ method, labels: labelSource });
const intervalFields = ({ value, low, high }: Interval) => ({ value, low, high });
const comparisonFields = ({ a, b, difference, verdict }: StudyComparison) => ({
  a: { ...armFields(a.arm), share: a.share },
  b: { ...armFields(b.arm), share: b.share },
  ...intervalFields(difference),
  verdict,
});
