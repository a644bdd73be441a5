import { starvedTask } from '../../../electron/contract/training.ts';
import type { CurvePoint, RunSettings } from '../../../electron/contract/entities.ts';

/** A task that learns next to nothing beside the other one, and the weight that would help. */
export interface Starvation {
  readonly task: 'label' | 'rationale';
  /** How many times the stronger gradient was the weaker one, at the last two evaluations. */
  readonly ratios: readonly number[];
  /** About the lambda at which both gradients would be alike; null where it can't be told. */
  readonly lambda: number | null;
}

/** The largest lambda that settings may have. */
const mostLambda = 100;

/**
 * Whether one task starves the other, by `starvedTask`. The norms hold lambda: scaling it by the ratio
 * of the norms makes both alike. With lambda 0 the rationale is left out on purpose, and nobody starves.
 */
export function starvation(points: readonly CurvePoint[], lambda: number): Starvation | null {
  const task = lambda === 0 ? null : starvedTask(points);
  if (task === null) return null;
  const balances = points.flatMap(({ balance }) => (balance ? [balance] : [])).slice(-2);
  const ratios = balances.map(({ labelNorm, rationaleNorm }) =>
    task === 'label' ? rationaleNorm / labelNorm : labelNorm / rationaleNorm,
  );
  const mean = Math.exp(
    ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / Math.max(1, ratios.length),
  );
  const wanted = task === 'label' ? lambda / mean : lambda * mean;
  const told = Number.isFinite(wanted) && wanted > 0;
  return { task, ratios, lambda: told ? rounded(Math.min(mostLambda, wanted)) : null };
}

/** To one significant digit: the ratio is an estimate from two batches. */
const rounded = (value: number): number => Number(value.toPrecision(1));

/** A setting that is worth changing after a run diverged. */
export interface Try {
  readonly what: 'rate' | 'warmup' | 'clip';
  readonly from: number;
  readonly to: number;
}

/** What most often keeps a run like this one from diverging again, the surest first. */
export function triesAfterDivergence(settings: RunSettings): Try[] {
  const { learningRate, warmupShare, clipNorm } = settings;
  const longer = Math.min(0.5, Math.max(0.1, 2 * warmupShare));
  return [
    { what: 'rate', from: learningRate, to: rounded(learningRate / 3) },
    ...(longer > warmupShare ? [{ what: 'warmup', from: warmupShare, to: longer } as const] : []),
    { what: 'clip', from: clipNorm, to: rounded(clipNorm / 2) },
  ];
}
