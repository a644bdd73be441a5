import type { Float32Tensor } from '../engines/engine.ts';
import type { Dimension, Shape } from '../graph/graph.ts';
import { sizeOf } from './config.ts';
import { MaskKernel } from './mask-kernel.ts';

/**
 * Dropout's masks. They are drawn here and fed to the graph, not drawn by an engine, so that every
 * engine and every number of threads drops the same elements, and a resumed run goes on with the
 * masks that an uninterrupted one would have seen.
 */

export interface DropoutSettings {
  /** Share of elements that are dropped, above 0 and below 1; it counts in steps of 1/65,536. */
  readonly rate: number;
  readonly seed: number;
  /** Where an earlier generator stopped; by default it starts anew from `seed`. */
  readonly state?: DropoutState;
}

/** Everything that decides the next masks; saved in checkpoints. */
export interface DropoutState {
  readonly seed: number;
  /** Batches that masks were drawn for. */
  readonly passes: number;
}

/** An input of the graph that takes a mask. */
export interface MaskPlace {
  readonly input: string;
  readonly shape: Shape;
}

/** Masks start at whole cache lines. */
const ALIGNED_FLOATS = 16;

/** The seeded generator of one model's masks. */
export class DropoutMasks {
  readonly #kernel: MaskKernel;
  readonly #seed: number;
  #passes: number;

  constructor(settings: DropoutSettings) {
    const { seed, passes } = settings.state ?? { seed: settings.seed, passes: 0 };
    this.#kernel = new MaskKernel(settings.rate);
    this.#seed = seed >>> 0;
    this.#passes = passes;
  }

  get state(): DropoutState {
    return { seed: this.#seed, passes: this.#passes };
  }

  /** Goes back, so that the masks of batches since then are drawn again. */
  rewind({ passes }: DropoutState): void {
    this.#passes = passes;
  }

  /**
   * Masks for one batch: 0 with the rate's probability, else 1 / (1 - rate), the rate as it was
   * rounded. They lie in one memory that the next call overwrites.
   *
   * The numbers depend on the seed, on how often this was called, and on the places with their
   * sizes, in order; on nothing else.
   *
   * @param sizes of the axes that only a batch decides, by name
   */
  draw(
    places: readonly MaskPlace[],
    sizes: Readonly<Record<string, number>>,
  ): Record<string, Float32Tensor> {
    const shapes = places.map(({ shape }) => shape.map((axis) => sizeOfAxis(axis, sizes)));
    const starts: number[] = [];
    let floats = 0;
    for (const shape of shapes) {
      starts.push(floats);
      floats += Math.ceil(sizeOf(shape) / ALIGNED_FLOATS) * ALIGNED_FLOATS;
    }
    const values = this.#kernel.fill(floats, startingState(this.#seed, this.#passes));
    this.#passes += 1;
    return Object.fromEntries(
      places.map(({ input }, index): [string, Float32Tensor] => {
        const [shape = [], start = 0] = [shapes[index], starts[index]];
        const data = values.subarray(start, start + sizeOf(shape));
        return [input, { type: 'float32', shape, data }];
      }),
    );
  }
}

function sizeOfAxis(axis: Dimension, sizes: Readonly<Record<string, number>>): number {
  const size = typeof axis === 'number' ? axis : sizes[axis];
  if (size === undefined) throw new TypeError(`The batch gives no size for “${axis}”.`);
  return size;
}

const STATE_WORDS = 16;
/** 2^32 divided by the golden ratio, so that neighbouring words start far apart. */
const GAMMA = 0x9e3779b9;

/** The kernel's state for one pass: each pass starts anew, so that its number alone is saved. */
function startingState(seed: number, pass: number): Uint32Array {
  return Uint32Array.from({ length: STATE_WORDS }, (_unused, word) =>
    mix(mix(seed + Math.imul(word + 1, GAMMA)) + pass + word),
  );
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit of `x` changes half of the result's. */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
