import { Random } from '../../../../electron/core/random.ts';
import type { FloatTensor } from '../../../../electron/model/safetensors.ts';
import {
  TrainedParameters,
  type OptimizerSettings,
  type StateRegion,
} from '../../../../electron/model/optimizer/index.ts';

/** Shapes whose sizes and rows are and are not whole vectors. */
export const shapes: ReadonlyMap<string, readonly number[]> = new Map([
  ['one', [1]],
  ['vector', [7]],
  ['narrow', [9, 3]],
  ['wide', [5, 34]],
  ['aligned', [16, 32]],
]);

export function fill(views: ReadonlyMap<string, Float32Array>, random: Random, scale = 1): void {
  for (const values of views.values()) {
    for (let i = 0; i < values.length; i++) values[i] = scale * random.normal();
  }
}

/** Random parameters and gradients. */
export function filled(
  seed: number,
  settings: OptimizerSettings,
  options: { accumulate?: boolean; shardBytes?: number } = {},
): TrainedParameters {
  const parameters = new TrainedParameters(shapes, settings, options);
  const random = new Random(seed);
  fill(parameters.values(), random);
  fill(parameters.gradients(), random);
  parameters.gradientsChanged();
  return parameters;
}

export const flat = (views: ReadonlyMap<string, Float32Array>): number[] =>
  [...views.values()].flatMap((values) => [...values]);

/** The values of one region of the optimizer's state. */
export function region(
  parameters: TrainedParameters,
  which: StateRegion,
): ReadonlyMap<string, Float32Array> {
  const tensors: ReadonlyMap<string, FloatTensor> =
    parameters.state().regions.get(which) ?? new Map<string, FloatTensor>();
  return new Map([...tensors].map(([name, { values }]) => [name, values]));
}

/** The largest absolute difference; infinite when the lengths differ. */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}
