import type { EngineId } from '../../contract/entities.ts';
import type { EmittedGraph } from '../graph/emit.ts';

/** The element types that cross between the host and an engine. */
export type TensorType = 'float32' | 'int32';

export interface Float32Tensor {
  readonly type: 'float32';
  readonly shape: readonly number[];
  /** Row-major; may be a view into a larger buffer. */
  readonly data: Float32Array;
}

export interface Int32Tensor {
  readonly type: 'int32';
  readonly shape: readonly number[];
  readonly data: Int32Array;
}

/** A dense array in host memory with its shape. */
export type HostTensor = Float32Tensor | Int32Tensor;

/** Values by input name; names that a graph does not have are ignored. */
export type Feeds = Readonly<Record<string, HostTensor>>;

/** For each wanted output: a tensor to write into (its shape must be exact), or null to be given a new one. */
export type Fetches = Readonly<Record<string, HostTensor | null>>;

/** A compiled graph. Runs of one program must not overlap. */
export interface Program {
  /**
   * Operations that run on the processor although the engine is a GPU's, for example `Cast
   * (argmax/Cast#v108)`. Absent or empty: none. Only bookkeeping may be among them; a graph that
   * would lose arithmetic to the processor is refused.
   */
  readonly fallbacks?: readonly string[];
  /**
   * Runs the graph once. Every input of the graph must be in `feeds`; only the outputs named in
   * `fetches` are returned. Engines may cache per tensor object, so feeding the same object with
   * changed `data` contents is right and cheap; its shape must not change.
   *
   * @throws StudioError `engine-failed`, naming the graph and what the engine said.
   */
  run(feeds: Feeds, fetches: Fetches): Promise<Readonly<Record<string, HostTensor>>>;
  dispose(): Promise<void>;
}

/** Something that executes emitted graphs: a provider of ONNX Runtime, or TensorFlow, on one device. */
export interface Engine {
  readonly id: EngineId;
  /** Of the processor; a GPU's own parallelism is not counted. */
  readonly threads: number;
  /** @throws StudioError `engine-failed` when the engine refuses the graph. */
  compile(graph: EmittedGraph): Promise<Program>;
}
