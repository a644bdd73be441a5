import { RunSettings } from '../../../electron/contract/entities.ts';

/** Where the slider rests by itself. */
export const detents: readonly number[] = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** Positions of the slider, from 0. */
export const positions = 1_000;
const most = RunSettings.shape.lambda.maxValue ?? 100;
/** Below this the scale is nearly even, so that 0 has a place on it; above it is nearly logarithmic. */
const knee = 0.1;
/** This near to a detent, in positions, the slider rests on it. */
const reach = 12;

const height = (lambda: number): number => Math.asinh(lambda / knee) / Math.asinh(most / knee);

/** Where a weight stands on the slider: an inverse hyperbolic sine, which unlike a logarithm has a 0. */
export const positionOf = (lambda: number): number => Math.round(positions * height(lambda));

/** The weight at a position: that of a detent nearby, else rounded to two significant digits. */
export function lambdaAt(position: number): number {
  const near = detents.find((detent) => Math.abs(positionOf(detent) - position) <= reach);
  if (near !== undefined) return near;
  const lambda = knee * Math.sinh((position / positions) * Math.asinh(most / knee));
  return Number(lambda.toPrecision(2));
}

/** The next detent in a direction, for keys; the weight itself at an end of the scale. */
export function nextDetent(lambda: number, direction: 1 | -1): number {
  return direction === 1
    ? (detents.find((detent) => detent > lambda) ?? lambda)
    : (detents.findLast((detent) => detent < lambda) ?? lambda);
}

export type Meaning = 'none' | 'label' | 'same' | 'rationale' | 'starving';

/** What a weight does, and how many times one task weighs the other. */
export function meaningOf(lambda: number): { readonly kind: Meaning; readonly times: number } {
  if (lambda === 0) return { kind: 'none', times: 0 };
  if (lambda === 1) return { kind: 'same', times: 1 };
  if (lambda < 1) return { kind: 'label', times: 1 / lambda };
  return { kind: lambda > 10 ? 'starving' : 'rationale', times: lambda };
}
