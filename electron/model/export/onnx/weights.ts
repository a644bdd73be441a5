import type { Emission } from '../../graph/emission.ts';
import { GraphError } from '../../graph/graph.ts';
import type { OnnxWeight } from '../../graph/onnx.ts';
import type { Primitives } from '../../graph/primitives.ts';
import { parameterSpecs, sizeOf, type T5Config } from '../../t5/config.ts';

/** A student's parameters as the weights of a file: which of them a graph uses, and in what form. */
export interface WeightTable {
  /** By the names that nodes know them by, in the order of their first use. */
  readonly weights: ReadonlyMap<string, OnnxWeight>;
  /** The value of a parameter. */
  use(parameter: string): string;
  /** What layers are emitted with. */
  primitives(on: Emission): Primitives<string>;
}

/** By Hugging Face's names, float32. */
export type Parameters = ReadonlyMap<string, Float32Array>;

/** Parameters as they are, float32: products with them are `Gemm`, which takes them as they lie. */
export class FloatWeights implements WeightTable {
  readonly weights = new Map<string, OnnxWeight>();
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #parameters: Parameters;

  constructor(config: T5Config, parameters: Parameters) {
    this.#shapes = new Map(parameterSpecs(config).map(({ name, shape }) => [name, shape]));
    this.#parameters = parameters;
  }

  use(parameter: string): string {
    const { shape, values } = this.read(parameter);
    this.add(parameter, {
      type: 'float32',
      shape,
      byteLength: values.byteLength,
      content: () => bytesOf(values),
    });
    return parameter;
  }

  primitives(on: Emission): Primitives<string> {
    return on;
  }

  protected add(name: string, weight: OnnxWeight): void {
    if (!this.weights.has(name)) this.weights.set(name, weight);
  }

  protected read(parameter: string): { shape: readonly number[]; values: Float32Array } {
    const [shape, values] = [this.#shapes.get(parameter), this.#parameters.get(parameter)];
    if (shape === undefined || values?.length !== sizeOf(shape)) {
      throw new GraphError(`There is no parameter “${parameter}” of the right size.`);
    }
    return { shape, values };
  }
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
