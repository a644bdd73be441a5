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

export type OnnxType = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';

/** `TensorProto.DataType`. */
const typeNumbers: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** An attribute says its kind, since JavaScript's 1 may be an integer or a float. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'graph'; readonly value: OnnxGraph };

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
export const graph = (value: OnnxGraph): OnnxAttribute => ({ kind: 'graph', value });

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
  readonly data: Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
}

export interface OnnxPort {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly Dimension[];
}

/** A graph, which may stand within a node of another and then reads values of that one by name. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxInitializer>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

export interface OnnxModel extends OnnxGraph {
  /** Handed to the runtime beside the model, each as a file in memory of the same name. */
  readonly constants: ReadonlyMap<string, OnnxInitializer>;
}

/** A large constant that is made when it is written, so that all of them are never held at once. */
export interface OnnxWeight {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** Of its content. */
  readonly byteLength: number;
  readonly content: () => Uint8Array;
}

/** A whole `ModelProto`, serialised. */
export function serializeModel(model: OnnxModel): Uint8Array {
  const proto = graphProto(model);
  for (const [name, value] of model.constants) {
    const about = { location: name, offset: 0, byteLength: value.data.byteLength };
    proto.message(5, externalTensorProto(name, value, about));
  }
  return opening().message(7, proto).message(8, operatorSet()).finish();
}

/** A whole `ModelProto` with its weights, piece after piece. */
export function* serializeWithWeights(
  model: OnnxGraph,
  weights: ReadonlyMap<string, OnnxWeight>,
): Generator<Uint8Array> {
  const small = graphProto(model).finish();
  const parts = [...weights].map(([name, weight]) => {
    const header = tensorHeader(name, weight).opened(9, weight.byteLength).finish();
    const length = header.length + weight.byteLength;
    return { opened: new ProtobufWriter().opened(5, length).finish(), header, weight };
  });
  const length = parts.reduce(
    (sum, { opened, header, weight }) => sum + opened.length + header.length + weight.byteLength,
    small.length,
  );
  yield opening().message(8, operatorSet()).opened(7, length).finish();
  yield small;
  for (const { opened, header, weight } of parts) {
    yield opened;
    yield header;
    yield weight.content();
  }
}

/**
 * A whole `ModelProto` whose weights lie one after another, in the same order, in a file beside it.
 *
 * @param location the name of that file
 */
export function serializeBesideWeights(
  model: OnnxGraph,
  weights: ReadonlyMap<string, OnnxWeight>,
  location: string,
): Uint8Array {
  const proto = graphProto(model);
  let offset = 0;
  for (const [name, weight] of weights) {
    const { byteLength } = weight;
    proto.message(5, externalTensorProto(name, weight, { location, offset, byteLength }));
    offset += byteLength;
  }
  return opening().message(7, proto).message(8, operatorSet()).finish();
}

const opening = (): ProtobufWriter =>
  new ProtobufWriter().integer(1, IR_VERSION).string(2, 'stepwise-studio');

const operatorSet = (): ProtobufWriter =>
  new ProtobufWriter().string(1, '').integer(2, OPERATOR_SET);

function graphProto(of: OnnxGraph): ProtobufWriter {
  const proto = new ProtobufWriter();
  for (const node of of.nodes) proto.message(1, nodeProto(node));
  proto.string(2, of.name);
  for (const [name, value] of of.initializers) proto.message(5, tensorProto(name, value));
  for (const port of of.inputs) proto.message(11, valueInfoProto(port));
  for (const port of of.outputs) proto.message(12, valueInfoProto(port));
  return proto;
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
    case 'graph':
      return proto.message(6, graphProto(attribute.value)).integer(20, 5);
  }
}

function tensorProto(name: string, value: OnnxInitializer): ProtobufWriter {
  const { buffer, byteOffset, byteLength } = value.data;
  return tensorHeader(name, value).bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
}

/** Where content lies that is not in the model. */
interface ContentPlace {
  readonly location: string;
  readonly offset: number;
  readonly byteLength: number;
}

function externalTensorProto(
  name: string,
  about: Pick<OnnxWeight, 'type' | 'shape'>,
  { location, offset, byteLength }: ContentPlace,
): ProtobufWriter {
  const proto = tensorHeader(name, about);
  const entries = { location, offset: String(offset), length: String(byteLength) };
  for (const [key, text] of Object.entries(entries)) {
    proto.message(13, new ProtobufWriter().string(1, key).string(2, text));
  }
  return proto.integer(14, EXTERNAL_DATA);
}

function tensorHeader(
  name: string,
  { type, shape }: Pick<OnnxWeight, 'type' | 'shape'>,
): ProtobufWriter {
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
