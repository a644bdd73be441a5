import type { StudyCell } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import type { TextTable } from '../../../lib/table-text.ts';
import { armName } from './arms.ts';
import type { Comparison } from './claims.ts';
import { cellName, claimWords } from './sentences.ts';
import { keysOf, valueOf } from './trials.ts';
import type { Numbered } from './trials.ts';

/** Numbers as they were computed, shares from 0 to 1: for other programs, not for reading. */
const exact = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toFixed(6));

export function scoreTable(cells: readonly StudyCell[], shares: boolean): TextTable {
  const { t } = i18n;
  const w = t.studyResults;
  const seeds = [...new Set(cells.flatMap(({ scores }) => scores.map(({ seed }) => seed)))];
  return {
    head: [
      w.arm,
      ...(shares ? [t.studies.share] : []),
      ...[w.rows, w.mean, t.studies.low, t.studies.high],
      ...seeds.map((seed) => `${t.common.seed} ${seed}`),
      w.time,
    ],
    rows: cells.map((cell) => [
      armName(t, cell.arm),
      ...(shares ? [cell.share] : []),
      cell.rows,
      ...[exact(cell.mean?.value), exact(cell.mean?.low), exact(cell.mean?.high)],
      ...seeds.map((seed) =>
        exact(cell.scores.find((each) => each.seed === seed)?.score?.accuracy),
      ),
      exact(cell.seconds),
    ]),
  };
}

/** @param shares whether the pairs are of different shares, so that each side names its own */
export function pairTable(
  result: Comparison,
  pairs: Comparison['comparisons'],
  shares: boolean,
): TextTable {
  const { t } = i18n;
  const w = t.studyResults;
  const named = (key: Comparison['comparisons'][number]['a']): string =>
    shares ? cellName(key, result) : armName(t, key.arm);
  return {
    head: [
      ...(shares ? [w.smaller, w.whole] : [w.arm, w.than]),
      ...[w.difference, t.studies.low, t.studies.high, w.verdict],
    ],
    rows: pairs.map((pair) => [
      ...[named(pair.a), named(pair.b)],
      ...[exact(pair.difference.value), exact(pair.difference.low), exact(pair.difference.high)],
      claimWords(pair, result),
    ]),
  };
}

export function trialTable(trials: readonly Numbered[]): TextTable {
  const { t } = i18n;
  const w = t.studyResults;
  const keys = keysOf(trials.map(({ trial }) => trial));
  return {
    head: [w.trial, ...keys.map((key) => t.studies.keys[key]), w.validation, w.step, w.endedHead],
    rows: trials.map(({ number, trial }) => [
      number,
      ...keys.map((key) => valueOf(trial, key)),
      exact(trial.validation?.accuracy),
      trial.step,
      trial.ended === null ? w.notEnded : w.ended[trial.ended],
    ]),
  };
}
