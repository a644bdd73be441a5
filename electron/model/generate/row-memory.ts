import type { Float32Tensor, HostTensor } from '../engines/engine.ts';
import { sizeOf } from '../t5/config.ts';

/**
 * Several tensors [rows, ...shape] whose rows come and go together: keys and values of a cache. Rows
 * are copied in place, and the tensors are views of the rows that are left.
 */
export class RowMemory {
  /** Of one row. */
  readonly shape: readonly number[];
  readonly #memory: ReadonlyMap<string, Float32Array>;
  readonly #size: number;
  #rows: number;
  #tensors: Readonly<Record<string, Float32Tensor>>;

  /** @param memory each of `rows` times the shape's size, by the tensor's name */
  constructor(memory: ReadonlyMap<string, Float32Array>, shape: readonly number[], rows: number) {
    this.shape = shape;
    this.#memory = memory;
    this.#size = sizeOf(shape);
    this.#rows = rows;
    this.#tensors = this.#views();
  }

  static zeros(names: readonly string[], shape: readonly number[], rows: number): RowMemory {
    const size = rows * sizeOf(shape);
    return new RowMemory(new Map(names.map((name) => [name, new Float32Array(size)])), shape, rows);
  }

  /** Tensors of equal shape, which are written into from then on. */
  static of(tensors: Readonly<Record<string, HostTensor>>): RowMemory {
    const memory = new Map<string, Float32Array>();
    let rows = 0;
    let shape: readonly number[] = [];
    for (const [name, tensor] of Object.entries(tensors)) {
      if (tensor.type !== 'float32') throw new TypeError(`“${name}” has no numbers.`);
      memory.set(name, tensor.data);
      [rows = 0, ...shape] = tensor.shape;
    }
    return new RowMemory(memory, shape, rows);
  }

  get rows(): number {
    return this.#rows;
  }

  /** The same objects until the number of rows changes. */
  get tensors(): Readonly<Record<string, Float32Tensor>> {
    return this.#tensors;
  }

  copy(from: number, to: number): void {
    const size = this.#size;
    for (const memory of this.#memory.values()) {
      memory.copyWithin(to * size, from * size, (from + 1) * size);
    }
  }

  /** Row `i` becomes what was row `order[i]`; see {@link fillGaps}. */
  keep(order: readonly number[]): void {
    if (order.length === this.#rows) return;
    order.forEach((from, to) => {
      if (from !== to) this.copy(from, to);
    });
    this.#rows = order.length;
    this.#tensors = this.#views();
  }

  #views(): Record<string, Float32Tensor> {
    const views: Record<string, Float32Tensor> = {};
    for (const [name, memory] of this.#memory) {
      views[name] = {
        type: 'float32',
        shape: [this.#rows, ...this.shape],
        data: memory.subarray(0, this.#rows * this.#size),
      };
    }
    return views;
  }
}

/**
 * The order of the rows that stay, by their old places, with as few moves as possible: the last of
 * them fill the gaps, so that a row is moved for each one that leaves, and no row is overwritten
 * before it was moved.
 */
export function fillGaps(stays: readonly boolean[]): number[] {
  const count = stays.filter(Boolean).length;
  const late = [...stays.keys()].filter((row) => row >= count && stays[row]);
  return Array.from({ length: count }, (_unused, row) => (stays[row] ? row : (late.pop() ?? row)));
}
