import type { SweepKey, SweepTrial } from '../../../../electron/contract/entities.ts';
import type { Span } from '../../../ui/scales.ts';

/** A trial with its number: the order in which it was planned, counted from 1. */
export interface Numbered {
  readonly number: number;
  readonly trial: SweepTrial;
}

export type TrialColumn = SweepKey | 'number' | 'validation' | 'step';

export const valueOf = ({ values }: SweepTrial, key: SweepKey): number | null =>
  values.find((each) => each.key === key)?.value ?? null;

function cell({ number, trial }: Numbered, column: TrialColumn): number | null {
  if (column === 'number') return number;
  if (column === 'step') return trial.step;
  return column === 'validation' ? (trial.validation?.accuracy ?? null) : valueOf(trial, column);
}

/** Sorted by a column; trials without a value there come last either way, equals as they were planned. */
export function sorted(
  trials: readonly Numbered[],
  column: TrialColumn,
  rising: boolean,
): Numbered[] {
  return trials.toSorted((a, b) => {
    const [x, y] = [cell(a, column), cell(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (rising ? x - y : y - x) || a.number - b.number;
  });
}

/** Settings that trials differ in, in the order in which the plan names them. */
export const keysOf = (trials: readonly SweepTrial[]): SweepKey[] => [
  ...new Set(trials.flatMap(({ values }) => values.map(({ key }) => key))),
];

export const spanOf = (values: readonly number[]): Span => [
  Math.min(...values),
  Math.max(...values),
];

/** Whether values are so far apart, all above 0, that equal ratios show them better. */
export const spreadsByRatio = ([low, high]: Span): boolean => low > 0 && high / low >= 8;
