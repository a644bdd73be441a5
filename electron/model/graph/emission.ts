import { castTo, float, int, ints, type OnnxAttribute } from './onnx.ts';
import type { OnnxInitializer, OnnxNode } from './onnx.ts';
import type { MatmulForm, Primitives } from './primitives.ts';

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/**
 * The primitives as ONNX: a value is the name of a node's output. Only operators of the standard
 * set are used, so that every provider understands them.
 */
export class Emission implements Primitives<string> {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxInitializer>();
  readonly #constants = new Map<string, string>();
  readonly #prefix: string;
  #scope = '';
  #count = 0;

  /** @param prefix of the names of all values, so that a graph within a graph has names of its own */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** Names of nodes added from now on start with this; engines and profilers show them. */
  enter(scope: string): void {
    this.#scope = scope;
  }

  readonly scalar = (value: number): string =>
    this.constant({ type: 'float32', shape: [], data: Float32Array.of(value) });

  readonly zeros = (shape: readonly number[]): string => {
    const size = shape.reduce((product, length) => product * length, 1);
    return this.constant({ type: 'float32', shape, data: new Float32Array(size) });
  };

  readonly add = (a: string, b: string): string => this.node('Add', [a, b]);
  readonly subtract = (a: string, b: string): string => this.node('Sub', [a, b]);
  readonly multiply = (a: string, b: string): string => this.node('Mul', [a, b]);
  readonly divide = (a: string, b: string): string => this.node('Div', [a, b]);

  /** `Pow`, since the chain that ONNX Runtime recognises as one normalisation begins with it. */
  readonly square = (a: string): string => this.node('Pow', [a, this.scalar(2)]);
  readonly sqrt = (a: string): string => this.node('Sqrt', [a]);
  readonly log = (a: string): string => this.node('Log', [a]);
  readonly sigmoid = (a: string): string => this.node('Sigmoid', [a]);
  readonly relu = (a: string): string => this.node('Relu', [a]);

  /**
   * A hard sigmoid this steep is the step function for zero and every float above 3e-39, and is
   * several times as fast as `Sign` or a cast and `Where`.
   */
  readonly step = (a: string): string =>
    this.node('HardSigmoid', [a], { alpha: float(3e38), beta: float(0) });

  readonly softmax = (a: string): string => this.node('Softmax', [a], { axis: int(-1) });

  readonly sum = (a: string, axes: readonly number[], keep: boolean): string =>
    this.node('ReduceSum', [a, this.integers(axes)], { keepdims: int(keep ? 1 : 0) });

  readonly mean = (a: string, axis: number): string =>
    this.node('ReduceMean', [a, this.integers([axis])], { keepdims: int(1) });

  readonly max = (a: string, axis: number): string =>
    this.node('ReduceMax', [a, this.integers([axis])], { keepdims: int(1) });

  readonly argmax = (a: string): string => {
    const index = this.node('ArgMax', [a], { axis: int(-1), keepdims: int(0) });
    return this.node('Cast', [index], { to: castTo('int32') });
  };

  /**
   * Plain matrices become `Gemm`. Batches become `Transpose` and `MatMul`, which ONNX Runtime joins
   * into one kernel on the CPU and other providers understand as they are.
   */
  readonly matmul = (a: string, b: string, form: MatmulForm): string => {
    const { rank, transposeA, transposeB } = form;
    if (rank === 2) {
      const attributes = { transA: int(transposeA ? 1 : 0), transB: int(transposeB ? 1 : 0) };
      return this.node('Gemm', [a, b], attributes);
    }
    const leading = Array.from({ length: rank - 2 }, (_unused, axis) => axis);
    const swapped = [...leading, rank - 1, rank - 2];
    return this.node('MatMul', [
      transposeA ? this.transpose(a, swapped) : a,
      transposeB ? this.transpose(b, swapped) : b,
    ]);
  };

  readonly reshape = (a: string, shape: readonly number[]): string =>
    this.node('Reshape', [a, this.integers(shape)]);

  readonly transpose = (a: string, order: readonly number[]): string =>
    this.node('Transpose', [a], { perm: ints(order) });

  readonly concat = (values: readonly string[], axis: number): string =>
    this.node('Concat', values, { axis: int(axis) });

  readonly gather = (table: string, ids: string): string =>
    this.node('Gather', [table, ids], { axis: int(0) });

  readonly pick = (rows: string, columns: string): string => {
    const last = this.integers([-1]);
    const column = this.node('Unsqueeze', [columns, last]);
    return this.node('Squeeze', [
      this.node('GatherElements', [rows, column], { axis: int(1) }),
      last,
    ]);
  };

  /** Adds one node of the standard operator set and returns the name of its output. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.outputsOf(op, inputs, 1, attributes)[0] ?? '';
  }

  /** Adds one node with so many outputs and returns their names. */
  outputsOf(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Attributes = {},
  ): string[] {
    const outputs = Array.from(
      { length: count },
      (_unused, at) => `${this.#prefix}v${this.#count + at}`,
    );
    this.#count += count;
    const name = `${this.#scope}/${op}#${outputs[0]}`;
    this.nodes.push({ op, name, inputs: [...inputs], outputs, attributes });
    return outputs;
  }

  /** A one-dimensional list of int64, as ONNX wants shapes and axes. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant({ type: 'int64', shape: [values.length], data });
  }

  /** The name of a constant; equal ones are kept once. */
  constant(value: OnnxInitializer): string {
    const key = `${value.type}[${value.shape.join()}]:${value.data.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `${this.#prefix}c${this.#constants.size}`;
    this.#constants.set(key, name);
    this.initializers.set(name, value);
    return name;
  }
}
