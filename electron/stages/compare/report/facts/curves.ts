import type { MetricPoint } from '../../../../contract/entities.ts';
import { wilson } from '../../../../core/statistics.ts';
import type { Curve, CurvePoint } from './schema.ts';

/** Points of a curve: more than a printed chart can show apart. */
const mostPoints = 120;

/** The losses of a run, thinned, and all its evaluations. */
export function curveOf(metrics: readonly MetricPoint[]): Curve {
  return {
    steps: metrics.length,
    losses: thinned(metrics, mostPoints),
    validations: metrics.flatMap(({ step, validation }) =>
      validation === null || validation.rows === 0
        ? []
        : [{ step, ...wilson(validation.correct, validation.rows) }],
    ),
  };
}

/** Means over stretches of equal length, each at its last step: no loss is left out, none shown twice. */
export function thinned(metrics: readonly MetricPoint[], most: number): CurvePoint[] {
  const stretch = Math.max(1, Math.ceil(metrics.length / most));
  const points: CurvePoint[] = [];
  for (let from = 0; from < metrics.length; from += stretch) {
    const part = metrics.slice(from, from + stretch);
    const rationale = part.flatMap(({ rationaleLoss }) => rationaleLoss ?? []);
    points.push({
      step: part.at(-1)?.step ?? 0,
      labelLoss: mean(part.map(({ labelLoss }) => labelLoss)),
      rationaleLoss: rationale.length === 0 ? null : mean(rationale),
    });
  }
  return points;
}

/** To six digits that count: a chart shows three. */
const mean = (values: readonly number[]): number =>
  Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(6));
