import type { TensorType } from '../engines/engine.ts';

/** A size known when the graph is built, or the name of one that a run decides. */
export type Dimension = number | string;

export interface PortDescription {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly Dimension[];
}

/** A whole graph as ONNX bytes, with the names an engine needs to feed and fetch. */
export interface EmittedGraph {
  /** For messages: what the graph is, for example `training step`. */
  readonly name: string;
  /** An ONNX `ModelProto`, serialised. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly PortDescription[];
  readonly outputs: readonly PortDescription[];
}
