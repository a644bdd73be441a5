import type { CurvePoint, Run } from '../../../electron/contract/entities.ts';
import type { Curve } from '../../ui/curves.ts';

/** What is measured while a student trains. */
export const curveKinds = [
  'labelLoss',
  'rationaleLoss',
  'loss',
  'mutualInformation',
  'validation',
  'learningRate',
  'gradientNorm',
  'labelNorm',
  'rationaleNorm',
  'tokensPerSecond',
  'memory',
] as const;
export type CurveKind = (typeof curveKinds)[number];

/** Those that exist only at steps that ended with an evaluation. */
const atEvaluations: readonly CurveKind[] = ['validation', 'labelNorm', 'rationaleNorm'];
/** Those that a logarithmic axis suits. */
export const logKinds: readonly CurveKind[] = [
  'labelLoss',
  'rationaleLoss',
  'loss',
  'mutualInformation',
  'gradientNorm',
  'labelNorm',
  'rationaleNorm',
];

const readers: Readonly<Record<CurveKind, (point: CurvePoint) => number | null>> = {
  labelLoss: (point) => point.labelLoss,
  rationaleLoss: (point) => point.rationaleLoss,
  loss: (point) => point.loss,
  mutualInformation: (point) => point.mutualInformation,
  validation: ({ validation }) =>
    validation && validation.rows > 0 ? validation.correct / validation.rows : null,
  learningRate: (point) => point.learningRate,
  gradientNorm: (point) => point.gradientNorm,
  labelNorm: (point) => point.balance?.labelNorm ?? null,
  rationaleNorm: (point) => point.balance?.rationaleNorm ?? null,
  tokensPerSecond: (point) => point.tokensPerSecond,
  memory: (point) => point.memoryBytes,
};

/** One measure over steps; without the steps that can't have it. */
export function curveOf(points: readonly CurvePoint[], kind: CurveKind): Curve {
  const read = readers[kind];
  const kept = atEvaluations.includes(kind)
    ? points.filter((point) => read(point) !== null)
    : points;
  return { x: kept.map(({ step }) => step), y: kept.map(read) };
}

/** Whether a run measures this at all. */
export const hasCurve = (points: readonly CurvePoint[], kind: CurveKind): boolean =>
  points.some((point) => readers[kind](point) !== null);

/** The 95% intervals of validation accuracy, at the steps of its curve. */
export function validationBand(points: readonly CurvePoint[]) {
  const kept = points.filter((point) => readers.validation(point) !== null);
  return {
    low: kept.map(({ interval }) => interval?.low ?? null),
    high: kept.map(({ interval }) => interval?.high ?? null),
  };
}

/** The least axis from 0 that holds shares and their intervals, in whole tenths: small ones are seen, too. */
export function shareRange(values: readonly (number | null)[]): readonly [number, number] {
  const top = Math.max(0, ...values.map((value) => value ?? 0));
  return [0, Math.min(1, Math.max(1, Math.ceil(top * 10)) / 10)];
}

/** Steps that show each training row once; null while the rows are not known. */
export function stepsPerEpoch({ trainRows, settings }: Run): number | null {
  const rowsPerStep = settings.batchSize * settings.accumulate;
  return trainRows > 0 ? trainRows / rowsPerStep : null;
}
