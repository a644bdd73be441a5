import type { Float32Tensor } from '../engines/engine.ts';
import { sizeOf } from './config.ts';

/** Output tensors over memory that is kept from step to step and grows when a batch needs more. */
export class ScratchTensors {
  readonly #memory = new Map<string, Float32Array>();

  /** Valid until the next one of the same name. */
  tensor(name: string, shape: readonly number[]): Float32Tensor {
    const size = sizeOf(shape);
    let memory = this.#memory.get(name);
    if (memory === undefined || memory.length < size) {
      memory = new Float32Array(Math.ceil(size * 1.25));
      this.#memory.set(name, memory);
    }
    return { type: 'float32', shape, data: memory.subarray(0, size) };
  }
}
