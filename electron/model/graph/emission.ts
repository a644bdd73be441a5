import type { Node } from './graph.ts';
import type { OnnxAttribute, OnnxInitializer, OnnxNode } from './onnx.ts';

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Collects the ONNX nodes and constants that operations add while a graph is emitted. */
export class Emission {
  readonly nodes: OnnxNode[] = [];
  readonly initializers = new Map<string, OnnxInitializer>();
  readonly #constants = new Map<string, string>();
  readonly #auxiliaries = new Map<string, string>();
  #scope = '';
  #count = 0;

  /** Adds one node of the standard operator set and returns the name of its output. */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = `v${this.#count++}`;
    const name = `${this.#scope}/${op}#${output}`;
    this.nodes.push({ op, name, inputs: [...inputs], outputs: [output], attributes });
    return output;
  }

  /** A float32 scalar. */
  scalar(value: number): string {
    return this.#constant({ type: 'float32', shape: [], data: Float32Array.of(value) });
  }

  /** A one-dimensional list of int64, as ONNX wants shapes and axes. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant({ type: 'int64', shape: [values.length], data });
  }

  /** Float32 zeros. */
  zeros(shape: readonly number[]): string {
    const size = shape.reduce((product, length) => product * length, 1);
    return this.#constant({ type: 'float32', shape, data: new Float32Array(size) });
  }

  /** Keeps an intermediate result of `node` for its derivative. */
  keep(node: Node, key: string, output: string): void {
    this.#auxiliaries.set(`${node.id}/${key}`, output);
  }

  /** What `keep` stored. */
  auxiliary(node: Node, key: string): string {
    const output = this.#auxiliaries.get(`${node.id}/${key}`);
    if (output === undefined) throw new Error(`${node.operation.name} did not keep “${key}”.`);
    return output;
  }

  /** Names of nodes added from now on start with this; engines and profilers show them. */
  enter(scope: string): void {
    this.#scope = scope;
  }

  #constant(value: OnnxInitializer): string {
    const key = `${value.type}[${value.shape.join()}]:${value.data.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = `c${this.#constants.size}`;
    this.#constants.set(key, name);
    this.initializers.set(name, value);
    return name;
  }
}
