import { ProtobufWriter } from '../../../electron/model/graph/protobuf.ts';

/** Text, log probability and the number of its kind. */
type PieceEntry = readonly [string, number, number];

const PIECES: readonly PieceEntry[] = [
  ['<pad>', 0, 3],
  ['</s>', 0, 3],
  ['<unk>', 0, 2],
  ['▁', -2, 1],
  ['a', -3, 1],
  ['ab', -2.5, 1],
  ['▁ab', -2, 1],
  ['▁b', -2.2, 1],
];

/** A `spiece.model` of a few pieces, put together by hand. */
export function smallSentencePiece(
  parts: {
    more?: readonly PieceEntry[];
    trainer?: ProtobufWriter;
    normalizer?: ProtobufWriter;
  } = {},
): Uint8Array {
  const { more = [], trainer = new ProtobufWriter().integer(3, 1) } = parts;
  const { normalizer = new ProtobufWriter().string(1, 'identity') } = parts;
  const model = new ProtobufWriter();
  for (const [text, score, kind] of [...PIECES, ...more]) {
    model.message(1, new ProtobufWriter().string(1, text).float(2, score).integer(3, kind));
  }
  return model.message(2, trainer).message(3, normalizer).finish();
}
