import type { Dimension } from './graph.ts';
import { ProtobufWriter } from './protobuf.ts';

/**
 * The part of `onnx.proto` that our graphs need, as bytes. Field numbers are those of ONNX 1.17's
 * schema; see github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */

/** IR version 9 and operator set 18 are understood by every ONNX Runtime since 1.15. */
const IR_VERSION = 9;
const OPERATOR_SET = 18;
/** `TensorProto.DataLocation`. */
const EXTERNAL_DATA = 1;

export type OnnxType = 'float32' | 'int32' | 'int64';

const typeNumbers: Readonly<Record<OnnxType, number>> = { float32: 1, int32: 6, int64: 7 };

/** An attribute says its kind, since JavaScript's 1 may be an integer or a float. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });

/** The number by which `Cast` knows an element type. */
export const castTo = (type: OnnxType): OnnxAttribute => int(typeNumbers[type]);

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxInitializer {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

export interface OnnxPort {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly Dimension[];
}

export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxInitializer>;
  /** Handed to the runtime beside the model, each as a file in memory of the same name. */
  readonly constants: ReadonlyMap<string, OnnxInitializer>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/** A whole `ModelProto`, serialised. */
export function serializeModel(model: OnnxModel): Uint8Array {
  const graph = new ProtobufWriter();
  for (const node of model.nodes) graph.message(1, nodeProto(node));
  graph.string(2, model.name);
  for (const [name, value] of model.initializers) graph.message(5, tensorProto(name, value));
  for (const [name, value] of model.constants) graph.message(5, externalTensorProto(name, value));
  for (const port of model.inputs) graph.message(11, valueInfoProto(port));
  for (const port of model.outputs) graph.message(12, valueInfoProto(port));
  const operatorSet = new ProtobufWriter().string(1, '').integer(2, OPERATOR_SET);
  return new ProtobufWriter()
    .integer(1, IR_VERSION)
    .string(2, 'stepwise-studio')
    .message(7, graph)
    .message(8, operatorSet)
    .finish();
}

function nodeProto(node: OnnxNode): ProtobufWriter {
  const proto = new ProtobufWriter();
  for (const input of node.inputs) proto.string(1, input);
  for (const output of node.outputs) proto.string(2, output);
  proto.string(3, node.name).string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    proto.message(5, attributeProto(name, attribute));
  }
  return proto;
}

function attributeProto(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const proto = new ProtobufWriter().string(1, name);
  switch (attribute.kind) {
    case 'float':
      return proto.float(2, attribute.value).integer(20, 1);
    case 'int':
      return proto.integer(3, attribute.value).integer(20, 2);
    case 'ints':
      for (const value of attribute.value) proto.integer(8, value);
      return proto.integer(20, 7);
  }
}

function tensorProto(name: string, value: OnnxInitializer): ProtobufWriter {
  const { buffer, byteOffset, byteLength } = value.data;
  return tensorHeader(name, value).bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

function externalTensorProto(name: string, value: OnnxInitializer): ProtobufWriter {
  const proto = tensorHeader(name, value);
  const entries = { location: name, offset: '0', length: String(value.data.byteLength) };
  for (const [key, text] of Object.entries(entries)) {
    proto.message(13, new ProtobufWriter().string(1, key).string(2, text));
  }
  return proto.integer(14, EXTERNAL_DATA);
}

function tensorHeader(name: string, { type, shape }: OnnxInitializer): ProtobufWriter {
  const proto = new ProtobufWriter();
  for (const size of shape) proto.integer(1, size);
  return proto.integer(2, typeNumbers[type]).string(8, name);
}

function valueInfoProto(port: OnnxPort): ProtobufWriter {
  const shape = new ProtobufWriter();
  for (const size of port.shape) {
    const dimension = new ProtobufWriter();
    if (typeof size === 'number') dimension.integer(1, size);
    else dimension.string(2, size);
    shape.message(1, dimension);
  }
  const tensor = new ProtobufWriter().integer(1, typeNumbers[port.type]).message(2, shape);
  return new ProtobufWriter()
    .string(1, port.name)
    .message(2, new ProtobufWriter().message(1, tensor));
}
