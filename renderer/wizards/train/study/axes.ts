import { SweepKey } from '../../../../electron/contract/entities.ts';
import type { Method, RunSettings, SweepAxis } from '../../../../electron/contract/entities.ts';
import { hasTwoLosses, learnsRationales } from '../methods.ts';
import { limits } from '../number-settings.ts';

/** How the values of one setting are tried: written as a list, or as the ends of a range. */
export interface AxisDraft {
  readonly key: SweepKey;
  readonly use: boolean;
  /** Numbers as they are typed. */
  readonly values: string;
  readonly low: number;
  readonly high: number;
  /** Whether a person changed it: then it stays when settings are suggested anew. */
  readonly touched: boolean;
}

interface AxisTraits {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** Values that are tried by equal ratios. */
  readonly byRatio: boolean;
  /** Values around what is suggested, or usual ones where that would be 0. */
  readonly suggest: (now: number) => readonly number[];
}

const around =
  (...factors: readonly number[]) =>
  (now: number): number[] =>
    factors.map((factor) => Number((now * factor).toPrecision(2)));
const halves = (now: number): number[] => [Math.max(1, Math.round(now / 2)), now, 2 * now];
const share = { min: 0, max: 0.9, whole: false, byRatio: false };

export const axisTraits: Readonly<Record<SweepKey, AxisTraits>> = {
  learningRate: { ...limits.learningRate, whole: false, byRatio: true, suggest: around(0.3, 1, 3) },
  lambda: { min: 0, max: 100, whole: false, byRatio: true, suggest: () => [0.1, 0.5, 1, 2, 5] },
  batchSize: { ...limits.batchSize, whole: true, byRatio: true, suggest: halves },
  steps: { ...limits.steps, whole: true, byRatio: true, suggest: halves },
  warmupShare: { ...share, suggest: () => [0, 0.05, 0.1] },
  weightDecay: { ...share, max: 1, suggest: () => [0, 0.01, 0.1] },
  clipNorm: { ...limits.clipNorm, whole: false, byRatio: true, suggest: around(0.5, 1, 2) },
  dropout: { ...share, suggest: () => [0, 0.1, 0.2] },
  labelSmoothing: { ...share, suggest: () => [0, 0.05, 0.1] },
  rationaleDropout: { ...share, suggest: () => [0, 0.25, 0.5] },
  mutualInformation: { ...share, max: 10, suggest: () => [0, 0.1, 0.3] },
};

/** Settings that a method takes note of: any other would make all trials the same. */
export const axisKeys = (method: Method): SweepKey[] =>
  SweepKey.options.filter((key) => {
    if (key === 'lambda' || key === 'mutualInformation') return hasTwoLosses(method);
    return key === 'rationaleDropout' ? learnsRationales(method) : true;
  });

/** Tried unless a person chooses otherwise: what moves validation most. */
const usual: readonly SweepKey[] = ['learningRate', 'lambda'];

export function suggestedAxis(key: SweepKey, settings: RunSettings): AxisDraft {
  const values = axisTraits[key].suggest(settings[key]);
  return {
    ...{ key, use: usual.includes(key), values: values.join('  ') },
    ...{ low: Math.min(...values), high: Math.max(...values), touched: false },
  };
}

/** The numbers of a typed list, each once; null where one is no number that the setting may have. */
export function numbersOf(key: SweepKey, typed: string): number[] | null {
  const { min, max, whole } = axisTraits[key];
  const numbers = typed
    .split(/[\s,;]+/)
    .filter((piece) => piece !== '')
    .map(Number);
  const wrong = (value: number): boolean =>
    !Number.isFinite(value) || value < min || value > max || (whole && !Number.isInteger(value));
  const each = [...new Set(numbers)];
  return each.length === 0 || each.length > 20 || each.some(wrong) ? null : each;
}

/** Whether an axis is a range: a random search draws from one, but for whole numbers. */
export const isRange = (key: SweepKey, search: 'grid' | 'random'): boolean =>
  search === 'random' && !axisTraits[key].whole;

/** The axis as main reads it; null while what is typed makes none. */
export function axisOf(draft: AxisDraft, search: 'grid' | 'random'): SweepAxis | null {
  const { key, low, high } = draft;
  if (!isRange(key, search)) {
    const values = numbersOf(key, draft.values);
    return values === null ? null : { kind: 'list', key, values };
  }
  if (!(low < high)) return null;
  // Equal ratios have no place for 0.
  const scale = axisTraits[key].byRatio && low > 0 ? 'log' : 'linear';
  return { kind: 'range', key, low, high, scale };
}
