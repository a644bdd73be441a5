import type { Block, RegionShapes, Slot } from './arena.ts';
import type { Optimizer, ParameterUpdate } from './optimizer.ts';

/** The names and the meanings are those of Hugging Face's `transformers.Adafactor`. */
export interface AdafactorSettings {
  readonly kind: 'adafactor';
  /** Steps are relative to the parameter's own root mean square (section 8 of the paper). Default false. */
  readonly scaleParameter?: boolean;
  /**
   * The step size follows the step's number alone, min(0.01, 1/sqrt(step)) (section 9), and the
   * update's learning rate is not used. Default false.
   */
  readonly relativeStep?: boolean;
  /** With `relativeStep`: min(1e-6 step, 1/sqrt(step)). Default false. */
  readonly warmupInit?: boolean;
  /** Keeps a running mean of the updates, at the cost of one number per parameter. Default null. */
  readonly beta1?: number | null;
  /** The second moment's decay is 1 - step^decayRate (section 7.2). Default -0.8. */
  readonly decayRate?: number;
  /** The largest root mean square of an update before the step size (section 6). Default 1. */
  readonly clipThreshold?: number;
  /** Added to squared gradients, and the least root mean square of a parameter. Default [1e-30, 1e-3]. */
  readonly epsilon?: readonly [number, number];
}

/**
 * Adafactor (Shazeer and Stern 2018): as AdamW, but the second moment of a matrix is kept as the
 * means of its rows and columns, whose product over their mean stands for it (section 3), so that
 * the state of a large model is a small part of its parameters.
 *
 * Weight decay is decoupled and, as in `transformers`, scaled by the parameter's own step size.
 */
export class Adafactor implements Optimizer {
  readonly kind = 'adafactor';
  readonly #settings: Required<Omit<AdafactorSettings, 'kind'>>;

  constructor(settings: Omit<AdafactorSettings, 'kind'> = {}) {
    this.#settings = {
      scaleParameter: settings.scaleParameter ?? false,
      relativeStep: settings.relativeStep ?? false,
      warmupInit: settings.warmupInit ?? false,
      beta1: settings.beta1 ?? null,
      decayRate: settings.decayRate ?? -0.8,
      clipThreshold: settings.clipThreshold ?? 1,
      epsilon: settings.epsilon ?? [1e-30, 1e-3],
    };
  }

  regions(shape: readonly number[]): RegionShapes {
    const first = this.#settings.beta1 === null ? {} : { first: shape };
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined) return { ...first, second: shape };
    const [byRow, byColumn] = [[rows], [columns]];
    return {
      ...first,
      ...{ row: byRow, rowFactors: byRow, column: byColumn, columnFactors: byColumn },
    };
  }

  update(slot: Slot, now: ParameterUpdate): void {
    const { decayRate, epsilon } = this.#settings;
    const learningRate = this.#learningRate(slot, now);
    const own: OwnUpdate = {
      learningRate,
      decay: learningRate * now.weightDecay,
      beta2: 1 - now.step ** decayRate,
      floor: epsilon[0],
      gradientScale: now.gradientScale,
    };
    if (slot.find('row') === null) this.#updateVector(slot, own);
    else this.#updateMatrix(slot, own);
  }

  #learningRate(slot: Slot, { step, learningRate }: ParameterUpdate): number {
    const { scaleParameter, relativeStep, warmupInit, epsilon } = this.#settings;
    const largest = warmupInit ? 1e-6 * step : 1e-2;
    const rate = relativeStep ? Math.min(largest, 1 / Math.sqrt(step)) : learningRate;
    if (!scaleParameter) return rate;
    const { address, bytes, values } = slot.block('parameters');
    const rms = Math.sqrt(slot.kernels.sumOfSquares(address, bytes) / values.length);
    return rate * Math.max(epsilon[1], rms);
  }

  #updateMatrix(slot: Slot, own: OwnUpdate): void {
    const { beta1 } = this.#settings;
    const { kernels } = slot;
    const [rowFactors, columnFactors] = [slot.block('rowFactors'), slot.block('columnFactors')];
    const [parameters, gradients] = [slot.block('parameters'), slot.block('gradients')];
    const factors = [rowFactors.address, columnFactors.address];
    const [rows, columns] = [rowFactors.values.length, columnFactors.values.length];
    const extent = [4 * rows, 4 * columns];

    const columnSums = sumSquares(slot, own.gradientScale);
    renewMeans(slot.block('row').values, rowFactors.values, columns, own);
    renewMeans(slot.block('column').values, columnSums, rows, own);
    toFactors(slot.block('row'), rowFactors, meanOf(slot.block('row').values));
    toFactors(slot.block('column'), columnFactors, 1);

    const squares = kernels.factoredSquares(gradients.address, ...factors, ...extent);
    const rms = own.gradientScale * Math.sqrt(squares / gradients.values.length);
    const stepSize = this.#stepSize(rms, own);
    if (beta1 === null) {
      const operands = [parameters.address, gradients.address, ...factors, ...extent];
      kernels.factoredUpdate(...operands, stepSize, own.decay);
    } else {
      const places = [parameters, gradients, slot.block('first')].map((block) => block.address);
      const operands = [...places, ...factors, ...extent];
      kernels.factoredMomentum(...operands, stepSize, own.decay, 1 - beta1);
    }
  }

  /** Norms and other vectors are few and small: plain loops, with the whole second moment. */
  #updateVector(slot: Slot, own: OwnUpdate): void {
    const { beta1 } = this.#settings;
    const [parameters, gradients] = [
      slot.block('parameters').values,
      slot.block('gradients').values,
    ];
    const second = slot.block('second').values;
    const first = slot.find('first')?.values;
    let squares = 0;
    const updates = Float32Array.from(gradients, (gradient, i) => {
      const scaled = gradient * own.gradientScale;
      const square = scaled ** 2 + own.floor;
      const mean = own.beta2 * (second[i] ?? 0) + (1 - own.beta2) * square;
      second[i] = mean;
      const update = gradient / Math.sqrt(mean);
      squares += (update * own.gradientScale) ** 2;
      return update;
    });
    const stepSize = this.#stepSize(Math.sqrt(squares / updates.length), own);
    updates.forEach((update, i) => {
      let change = stepSize * update;
      if (first !== undefined && beta1 !== null) {
        change = beta1 * (first[i] ?? 0) + (1 - beta1) * change;
        first[i] = change;
      }
      const value = parameters[i] ?? 0;
      parameters[i] = value - own.decay * value - change;
    });
  }

  /** What a raw update is multiplied by: the learning rate, clipped by the update's size (section 6). */
  #stepSize(rms: number, own: OwnUpdate): number {
    const excess = Math.max(1, rms / this.#settings.clipThreshold);
    return (own.learningRate * own.gradientScale) / excess;
  }
}

/** An update as one parameter needs it. */
interface OwnUpdate {
  readonly learningRate: number;
  /** The share of the parameter that is taken away. */
  readonly decay: number;
  readonly beta2: number;
  /** Added to every squared gradient. */
  readonly floor: number;
  readonly gradientScale: number;
}

/** So many rows are added up in float32 before their sums go into float64. */
const ROWS_AT_ONCE = 256;

/** Leaves the sum of squares of each row in `rowFactors`; gives those of the columns. */
function sumSquares(slot: Slot, gradientScale: number): Float64Array {
  const { kernels } = slot;
  const gradients = slot.block('gradients');
  const [rowFactors, columnFactors] = [slot.block('rowFactors'), slot.block('columnFactors')];
  const [rows, columns] = [rowFactors.values.length, columnFactors.values.length];
  const totals = new Float64Array(columns);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rows - first);
    columnFactors.values.fill(0);
    kernels.sumsOfSquares(
      gradients.address + 4 * columns * first,
      rowFactors.address + 4 * first,
      columnFactors.address,
      ...[4 * count, 4 * columns, gradientScale],
    );
    for (let i = 0; i < columns; i++) totals[i] = (totals[i] ?? 0) + (columnFactors.values[i] ?? 0);
  }
  return totals;
}

/** Moves running means towards this step's means, given as sums over `count` elements each. */
function renewMeans(
  means: Float32Array,
  sums: ArrayLike<number>,
  count: number,
  { beta2, floor }: OwnUpdate,
): void {
  means.forEach((mean, i) => {
    means[i] = beta2 * mean + (1 - beta2) * ((sums[i] ?? 0) / count + floor);
  });
}

/** Writes (mean / scale)^-1/2 over the sums. */
function toFactors(means: Block, factors: Block, scale: number): void {
  means.values.forEach((mean, i) => {
    factors.values[i] = Math.sqrt(scale / mean);
  });
}

const meanOf = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
