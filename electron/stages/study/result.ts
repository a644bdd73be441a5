import { isReal } from '../../contract/entities.ts';
import type {
  Accuracy,
  Arm,
  Interval,
  Part,
  Study,
  StudyCell,
  StudyComparison,
  StudyGrowth,
  StudyResult,
} from '../../contract/entities.ts';
import { usesRationales } from '../../core/methods.ts';
import { wilson } from '../../core/statistics.ts';
import {
  difference,
  gainPerDoubling,
  meanAccuracy,
  verdictOf,
} from '../../core/study-statistics.ts';
import type { Answers } from '../../core/study-statistics.ts';
import type { Store, StudyRun } from '../../store/store.ts';
import { trainingSeconds } from '../training-time.ts';
import { readAnswers } from './answers.ts';
import type { PartAnswers } from './answers.ts';
import { armsOf, sharesOf } from './plan.ts';
import { sweepResult } from './sweep-result.ts';

/** A result, and what was seen of the test part. */
export interface SeenResult {
  readonly result: StudyResult;
  /** What `store.splits.look` is told; null where no score on the test part is shown. */
  readonly seen: readonly string[] | null;
}

/**
 * What a study has found so far, from saved rows. Looks at the test part are those there were: who
 * shows the result counts this one.
 * @throws StudioError not-found
 */
export function studyResult(store: Store, studyId: string): SeenResult {
  const study = store.studies.get(studyId);
  const { plan } = study;
  if (plan.kind === 'sweep') {
    return { result: sweepResult(store, study, plan), seen: null };
  }
  const runs = store.studies.runs(studyId);
  const { part, margin } = plan;
  const answers = readAnswers(store, study.splitId, part, runIdsOf(runs));
  const cells = armsOf(plan).flatMap((arm) =>
    sharesOf(plan).map((share) => cellOf(store, { arm, share, runs, answers })),
  );
  const complete = runs.every((run) => isDone(store, run, answers));
  const scored = answers.byRun.size > 0;
  const teacher = scored ? teacherOf(store, study, part) : null;
  const looksBack = part === 'test' && scored;
  const result: StudyResult = {
    ...{ kind: 'comparison', studyId, complete, part, margin },
    rows: answers.exampleIds.length,
    looks: store.splits.get(study.splitId).looks,
    teacher,
    cells: cells.map(({ cell }) => cell),
    comparisons: comparisonsOf(cells, margin),
    matches: plan.kind === 'data-size' ? matchesOf(cells, margin) : [],
    growth:
      plan.kind === 'data-size'
        ? armsOf(plan).map((arm) => growthOf(store, study.extractionId, arm, cells, margin))
        : [],
  };
  return {
    result,
    seen: looksBack ? shownIds(study, { complete, teacher: teacher !== null, answers }) : null,
  };
}

/** While it trains there is more to see every few minutes: all of that is one look. */
function shownIds(
  { id, extractionId }: Study,
  shown: { complete: boolean; teacher: boolean; answers: PartAnswers },
): string[] {
  if (!shown.complete) return [id];
  const teachers = shown.teacher && extractionId !== null ? [extractionId] : [];
  return [id, ...shown.answers.evaluationIds, ...teachers];
}

const runIdsOf = (runs: readonly StudyRun[]): string[] =>
  runs.flatMap(({ runId }) => (runId === null ? [] : [runId]));

/** Whether a run has ended and been decoded, or has nothing to be decoded with. */
function isDone(store: Store, { runId }: StudyRun, { byRun }: PartAnswers): boolean {
  if (runId === null || store.runs.get(runId).ended === null) return false;
  return byRun.has(runId) || store.runs.checkpoint(runId, 'best') === null;
}

// ---------------------------------------------------------------- cells

/** A cell with the answers that its figures are worked out from. */
interface Cell {
  readonly cell: StudyCell;
  readonly answers: Answers;
}

function cellOf(
  store: Store,
  from: { arm: Arm; share: number; runs: readonly StudyRun[]; answers: PartAnswers },
): Cell {
  const { arm, share, answers } = from;
  const own = from.runs.filter(
    ({ settings }) => sameArm(settings, arm) && settings.trainShare === share,
  );
  const made = runIdsOf(own).map((runId) => store.runs.get(runId));
  const scored = own.flatMap(({ runId }) => answers.byRun.get(runId ?? '') ?? []);
  const seconds = made.flatMap((run) => trainingSeconds(store, run) ?? []);
  return {
    answers: scored,
    cell: {
      ...{ arm, share },
      rows: made[0]?.trainRows ?? null,
      scores: own.map(({ runId, settings }) => ({
        runId,
        seed: settings.seed,
        score: scoreOf(answers.byRun.get(runId ?? '')),
      })),
      mean: meanAccuracy(scored),
      seconds:
        seconds.length === 0 ? null : seconds.reduce((sum, each) => sum + each, 0) / seconds.length,
    },
  };
}

function scoreOf(answers: Uint8Array | undefined): Accuracy | null {
  if (answers === undefined) return null;
  return wilson(
    answers.reduce((sum, right) => sum + right, 0),
    answers.length,
  );
}

const sameArm = (a: Arm, b: Arm): boolean =>
  a.method === b.method && a.labelSource === b.labelSource;

// ---------------------------------------------------------------- comparisons

function compare(a: Cell, b: Cell, margin: number): StudyComparison[] {
  const gap = difference(a.answers, b.answers);
  if (gap === null) return [];
  const verdict = verdictOf(gap, margin, a.answers[0]?.length ?? 0);
  return [{ a: keyOf(a), b: keyOf(b), difference: gap, verdict }];
}

const keyOf = ({ cell: { arm, share } }: Cell) => ({ arm, share });

const meanOf = ({ cell }: Cell): number => cell.mean?.value ?? -1;

const largestShare = (cells: readonly Cell[]): number =>
  Math.max(...cells.map(({ cell }) => cell.share));

/** Every pair of arms at the largest share, the larger mean first; the best arm's pairs come first. */
function comparisonsOf(cells: readonly Cell[], margin: number): StudyComparison[] {
  const largest = largestShare(cells);
  const ranked = cells
    .filter(({ cell }) => cell.share === largest)
    .sort((a, b) => meanOf(b) - meanOf(a));
  return ranked.flatMap((a, index) =>
    ranked.slice(index + 1).flatMap((b) => compare(a, b, margin)),
  );
}

/** Each arm with fewer rows, against each other arm with the most. */
function matchesOf(cells: readonly Cell[], margin: number): StudyComparison[] {
  const largest = largestShare(cells);
  const whole = cells.filter(({ cell }) => cell.share === largest);
  return cells
    .filter(({ cell }) => cell.share < largest)
    .flatMap((a) =>
      whole.filter((b) => !sameArm(a.cell.arm, b.cell.arm)).flatMap((b) => compare(a, b, margin)),
    );
}

// ---------------------------------------------------------------- growth

/**
 * What more rows have brought. The last gain is over the last doubling: from the largest share that
 * is half of the largest or less, since a step from 75 to 100% is too short to be seen in a few
 * hundred rows. More rows are advised where that gain is real, and none where its interval leaves
 * out gains of the margin and more.
 */
function growthOf(
  store: Store,
  extractionId: string | null,
  arm: Arm,
  cells: readonly Cell[],
  margin: number,
): StudyGrowth {
  const sizes = cells
    .filter(({ cell, answers }) => sameArm(cell.arm, arm) && answers.length > 0)
    .flatMap(({ cell: { rows, share }, answers }) =>
      rows === null || rows === 0 ? [] : [{ rows, share, answers }],
    );
  const to = sizes.at(-1);
  const from =
    to === undefined
      ? undefined
      : (sizes.findLast(({ share }) => share <= to.share / 2) ?? sizes.at(-2));
  const gain = to && from ? difference(to.answers, from.answers) : null;
  return {
    arm,
    last: to && from && gain ? { fromRows: from.rows, toRows: to.rows, gain } : null,
    perDoubling: gainPerDoubling(sizes),
    costPerRationale: usesTeacher(arm) ? costPerAnswer(store, extractionId) : null,
    advice: gain === null ? 'unclear' : adviceOn(gain, margin, to?.answers[0]?.length ?? 0),
  };
}

function adviceOn(gain: Interval, margin: number, rows: number): StudyGrowth['advice'] {
  if (gain.high < margin) return 'enough';
  return isReal(gain, rows) && gain.value > 0 ? 'more' : 'unclear';
}

const usesTeacher = ({ method, labelSource }: Arm): boolean =>
  labelSource === 'teacher' || usesRationales(method);

/** Of the answers that were paid for; an answer is a label with its rationale. */
function costPerAnswer(store: Store, extractionId: string | null): number | null {
  if (extractionId === null) return null;
  const { spend, completed } = store.extractions.get(extractionId);
  const paid = completed - spend.reused;
  return spend.cost === null || paid <= 0 ? null : spend.cost / paid;
}

function teacherOf(
  store: Store,
  { splitId, extractionId }: { splitId: string; extractionId: string | null },
  part: Part,
): { name: string; score: Accuracy } | null {
  if (extractionId === null) return null;
  const { rows, correct } = store.extractions.partSummary(extractionId, splitId, part);
  if (rows === 0) return null;
  return { name: store.extractions.get(extractionId).teacher.name, score: wilson(correct, rows) };
}
