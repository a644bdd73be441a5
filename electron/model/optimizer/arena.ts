import { StudioError } from '../../contract/errors.ts';
import { kernelsFor, type Kernels } from './kernels.ts';
import { createMemory, type WasmMemory } from './wasm.ts';

/**
 * The memory of a model in training. Parameters, gradients and optimizer state lie in WebAssembly
 * memories: an engine reads and writes the same bytes without a copy, and vector instructions update
 * them in place. One such memory reaches 4 GiB, so a large model is spread over several ("shards"),
 * each with whole parameters and everything that belongs to them.
 */

const PAGE_BYTES = 65_536;
/** 32-bit addresses. */
const SHARD_BYTES = 2 ** 32;
const FLOAT_BYTES = 4;
/** Blocks begin at whole cache lines. */
const ALIGNED_FLOATS = 16;

/** What is kept of a parameter, in the order in which it lies in a shard. */
const regions = [
  'parameters',
  'gradients',
  /** Gradients of the micro-batches so far. */
  'accumulated',
  /** Mean of gradients. */
  'first',
  /** Mean of squared gradients, per element. */
  'second',
  /** Mean of squared gradients, per row and per column of a matrix. */
  'row',
  'column',
  /** What an update works out on the way; not part of any saved state. */
  'rowFactors',
  'columnFactors',
] as const;
export type Region = (typeof regions)[number];

/** Shapes of the regions that a parameter needs. */
export type RegionShapes = Readonly<Partial<Record<Region, readonly number[]>>>;

/** One region of one parameter. */
export interface Block {
  readonly shape: readonly number[];
  /** Where it begins in its shard. */
  readonly address: number;
  /** Its length with the zeros behind the values, up to a whole cache line. */
  readonly bytes: number;
  readonly values: Float32Array;
}

/** One parameter with all its regions, and the arithmetic of the shard it lies in. */
export class Slot {
  readonly name: string;
  readonly kernels: Kernels;
  readonly #blocks: ReadonlyMap<Region, Block>;

  constructor(name: string, kernels: Kernels, blocks: ReadonlyMap<Region, Block>) {
    this.name = name;
    this.kernels = kernels;
    this.#blocks = blocks;
  }

  find(region: Region): Block | null {
    return this.#blocks.get(region) ?? null;
  }

  /** @throws TypeError when the arena was made without this region. */
  block(region: Region): Block {
    const found = this.find(region);
    if (found === null) throw new TypeError(`${this.name} has no region “${region}”.`);
    return found;
  }
}

/** All parameters in training. */
export class Arena {
  readonly slots: readonly Slot[];
  /** WebAssembly memories in use. */
  readonly shards: number;
  /** Their size together. */
  readonly bytes: number;

  /**
   * @param plans regions by parameter name
   * @param limit the largest shard in bytes, for tests; by default what 32-bit addresses reach
   * @throws StudioError `engine-failed` when there is not enough memory, or one parameter with its
   *   state does not fit a shard
   */
  constructor(plans: ReadonlyMap<string, RegionShapes>, limit = SHARD_BYTES) {
    const shards = spread(plans, limit);
    const total = shards.reduce((sum, shard) => sum + bytesOf(shard), 0);
    this.slots = shards.flatMap((shard) => place(shard, total));
    this.shards = shards.length;
    this.bytes = total;
  }

  /** Live values of a region by parameter name, of those parameters that have it. */
  views(region: Region): Map<string, Float32Array> {
    const found = this.slots.map((slot) => [slot.name, slot.find(region)?.values] as const);
    return new Map(found.flatMap(([name, values]) => (values ? [[name, values] as const] : [])));
  }

  /** L2 norm over all gradients, summed in float64. */
  gradientNorm(): number {
    const squares = this.slots.map((slot) => {
      const { address, bytes } = slot.block('gradients');
      return slot.kernels.sumOfSquares(address, bytes);
    });
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  }
}

type Shard = ReadonlyMap<string, RegionShapes>;

/** Fills shard after shard with whole parameters, in the order given. */
function spread(plans: ReadonlyMap<string, RegionShapes>, limit: number): Shard[] {
  const shards: Map<string, RegionShapes>[] = [];
  let free = 0;
  for (const [name, shapes] of plans) {
    const bytes = parameterBytes(shapes);
    if (bytes > limit) throw tooLarge(name, bytes, limit);
    if (bytes > free) {
      shards.push(new Map());
      free = limit;
    }
    shards.at(-1)?.set(name, shapes);
    free -= bytes;
  }
  return shards;
}

function place(shard: Shard, total: number): Slot[] {
  const memory = allocate(bytesOf(shard), total);
  const kernels = kernelsFor(memory);
  const blocks = new Map<string, Map<Region, Block>>();
  let address = 0;
  for (const region of regions) {
    for (const [name, shapes] of shard) {
      const shape = shapes[region];
      if (shape === undefined) continue;
      const bytes = blockBytes(shape);
      const values = new Float32Array(memory.buffer, address, floatsIn(shape));
      const own = blocks.get(name) ?? new Map<Region, Block>();
      blocks.set(name, own.set(region, { shape, address, bytes, values }));
      address += bytes;
    }
  }
  return [...blocks].map(([name, own]) => new Slot(name, kernels, own));
}

function allocate(bytes: number, total: number): WasmMemory {
  try {
    return createMemory(Math.max(1, Math.ceil(bytes / PAGE_BYTES)));
  } catch (caught) {
    throw new StudioError(
      'engine-failed',
      `There is not enough memory to train this student: it takes ${gibibytes(total)} with its gradients and the optimizer’s state.`,
      'Close other programs, choose a smaller student, or train with Adafactor, which keeps much less.',
      { cause: caught },
    );
  }
}

function tooLarge(name: string, bytes: number, limit: number): StudioError {
  return new StudioError(
    'engine-failed',
    `${name} alone takes ${gibibytes(bytes)} in training, and one parameter can have ${gibibytes(limit)} at most.`,
    'Train with Adafactor, which keeps less per parameter, or choose a student with a smaller vocabulary.',
  );
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

const floatsIn = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

const blockBytes = (shape: readonly number[]): number =>
  Math.ceil(floatsIn(shape) / ALIGNED_FLOATS) * ALIGNED_FLOATS * FLOAT_BYTES;

const parameterBytes = (shapes: RegionShapes): number =>
  Object.values(shapes).reduce((sum, shape) => sum + blockBytes(shape), 0);

const bytesOf = (shard: Shard): number =>
  [...shard.values()].reduce((sum, shapes) => sum + parameterBytes(shapes), 0);
