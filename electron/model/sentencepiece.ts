import { StudioError } from '../contract/errors.ts';
import { EOS_TOKEN, PAD_TOKEN, UNK_TOKEN, WORD_START } from './tokenizer-json.ts';

/**
 * SentencePiece's own model file (`spiece.model`): a protocol-buffer message with the pieces and
 * their scores, the trainer's settings and the normalizer's. Only the fields that decide the ids of
 * a T5 are read. Reference: `sentencepiece_model.proto` of github.com/google/sentencepiece.
 */
export interface SentencePieceModel {
  /** In the order of their ids. */
  readonly pieces: readonly Piece[];
  readonly normalizer: {
    /** The compiled map that replaces characters; empty when there is none. */
    readonly characterMap: Uint8Array;
    /** Whether text is marked as if a space stood before it. */
    readonly addDummyPrefix: boolean;
    readonly removeExtraWhitespace: boolean;
  };
}

interface Piece {
  readonly text: string;
  /** Log probability. */
  readonly score: number;
  readonly kind: PieceKind;
}

type PieceKind = 'normal' | 'unknown' | 'control' | 'user' | 'unused' | 'byte';

/** By the numbers of the message's enumeration, which begins at 1. */
const KINDS: readonly PieceKind[] = ['normal', 'unknown', 'control', 'user', 'unused', 'byte'];
const UNIGRAM = 1;

/**
 * @param file for messages
 * @throws StudioError `tokenizer-invalid` when the bytes are no such model, or not of the Unigram
 *   kind that T5 uses
 */
export function readSentencePiece(bytes: Uint8Array, file = 'spiece.model'): SentencePieceModel {
  const pieces: Piece[] = [];
  let kind = UNIGRAM;
  let normalizer: Field[] = [];
  for (const field of readFields(bytes, file)) {
    if (field.id === 1) pieces.push(readPiece(readFields(field.bytes, file), file));
    if (field.id === 2) kind = numberIn(readFields(field.bytes, file), 3) ?? UNIGRAM;
    if (field.id === 3) normalizer = readFields(field.bytes, file);
  }
  if (pieces.length === 0) throw invalid(file, 'holds no pieces');
  if (kind !== UNIGRAM) throw invalid(file, 'is not of the Unigram kind that T5 uses');
  return {
    pieces,
    normalizer: {
      characterMap: normalizer.find((field) => field.id === 2)?.bytes ?? new Uint8Array(),
      addDummyPrefix: numberIn(normalizer, 3) !== 0,
      removeExtraWhitespace: numberIn(normalizer, 4) !== 0,
    },
  };
}

/**
 * The `tokenizer.json` that computes what the model computes, `</s>` appended. The ids after the
 * model's own are `<extra_id_N>`, counted down, as Hugging Face's T5 tokenizer adds them.
 *
 * @param options.extraIds how many of these tokens there are: 100 for T5, none for mT5
 * @throws StudioError `tokenizer-invalid` when the model lacks `</s>` or an unknown piece
 */
export function sentencePieceJson(
  model: SentencePieceModel,
  options: { readonly extraIds: number; readonly file?: string },
): string {
  const { extraIds, file = 'spiece.model' } = options;
  const { pieces, normalizer } = model;
  const idOf = (text: string): number => pieces.findIndex((piece) => piece.text === text);
  const unknown = pieces.findIndex((piece) => piece.kind === 'unknown');
  if (unknown < 0) throw invalid(file, `has no unknown piece ${UNK_TOKEN}`);
  const end = idOf(EOS_TOKEN);
  if (end < 0) throw invalid(file, `has no end token ${EOS_TOKEN}`);

  const extras = Array.from({ length: extraIds }, (_, i) => `<extra_id_${extraIds - 1 - i}>`);
  const metaspace = {
    type: 'Metaspace',
    replacement: WORD_START,
    prepend_scheme: normalizer.addDummyPrefix ? 'always' : 'never',
    split: true,
  };
  const byteFallback = pieces.some((piece) => piece.kind === 'byte');
  const ending = { SpecialToken: { id: EOS_TOKEN, type_id: 0 } };
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      ...pieces.flatMap((piece, id) => (isAdded(piece) ? [ownToken(piece, id)] : [])),
      ...extras.map((content, i) => addedToken(pieces.length + i, content, true, true)),
    ],
    normalizer: normalizers(normalizer),
    pre_tokenizer: metaspace,
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A', type_id: 0 } }, ending],
      pair: [
        { Sequence: { id: 'A', type_id: 0 } },
        ending,
        { Sequence: { id: 'B', type_id: 0 } },
        ending,
      ],
      special_tokens: { [EOS_TOKEN]: { id: EOS_TOKEN, ids: [end], tokens: [EOS_TOKEN] } },
    },
    decoder: byteFallback
      ? { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, metaspace] }
      : metaspace,
    model: {
      type: 'Unigram',
      unk_id: unknown,
      byte_fallback: byteFallback,
      vocab: [
        ...pieces.map(({ text, score }): [string, number] => [text, score]),
        ...extras.map((text): [string, number] => [text, 0]),
      ],
    },
  });
}

/** Pieces that text matches as a whole before it is segmented. */
function isAdded({ kind, text }: Piece): boolean {
  return kind === 'user' || kind === 'control' || kind === 'unknown' || text === PAD_TOKEN;
}

function ownToken(piece: Piece, id: number): object {
  return addedToken(id, piece.text, piece.kind !== 'user', false);
}

function addedToken(id: number, content: string, special: boolean, strip: boolean): object {
  return {
    id,
    content,
    single_word: false,
    lstrip: strip,
    rstrip: strip,
    normalized: false,
    special,
  };
}

function normalizers(normalizer: SentencePieceModel['normalizer']): object {
  const steps: object[] = [];
  if (normalizer.characterMap.length > 0) {
    const map = Buffer.from(normalizer.characterMap).toString('base64');
    steps.push({ type: 'Precompiled', precompiled_charsmap: map });
  }
  if (normalizer.removeExtraWhitespace) {
    // Spaces at the start become one mark, which then is the mark that every text begins with.
    steps.push(
      { type: 'Strip', strip_left: false, strip_right: true },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: WORD_START },
    );
  }
  return { type: 'Sequence', normalizers: steps };
}

function readPiece(fields: readonly Field[], file: string): Piece {
  const text = fields.find((field) => field.id === 1)?.bytes;
  const score = fields.find((field) => field.id === 2)?.bytes;
  const kind = KINDS[(numberIn(fields, 3) ?? 1) - 1];
  if (text === undefined || kind === undefined) throw invalid(file, 'holds a piece without a text');
  return {
    text: Buffer.from(text).toString('utf8'),
    score: score?.length === 4 ? Buffer.from(score).readFloatLE() : 0,
    kind,
  };
}

/** One field of a protocol-buffer message; `bytes` of a number is its encoding. */
interface Field {
  readonly id: number;
  readonly number: number | null;
  readonly bytes: Uint8Array;
}

function numberIn(fields: readonly Field[], id: number): number | undefined {
  return fields.find((field) => field.id === id)?.number ?? undefined;
}

/** Bytes that each fixed-size wire type takes. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/** Reference: protobuf.dev/programming-guides/encoding. */
function readFields(bytes: Uint8Array, file: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let place = 0; place < 10; place++) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    throw invalid(file, 'is cut short or is not a SentencePiece model');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) {
      throw invalid(file, 'is cut short or is not a SentencePiece model');
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const id = Math.floor(tag / 8);
    const wire = tag % 8;
    const start = at;
    if (wire === 0) {
      const number = varint();
      fields.push({ id, number, bytes: bytes.subarray(start, at) });
    } else {
      const length = wire === 2 ? varint() : FIXED[wire];
      if (length === undefined) throw invalid(file, 'is not a SentencePiece model');
      fields.push({ id, number: null, bytes: take(length) });
    }
  }
  return fields;
}

function invalid(file: string, problem: string): StudioError {
  return new StudioError(
    'tokenizer-invalid',
    `${file} ${problem}.`,
    'Use the tokenizer.json or spiece.model that belongs to the model.',
  );
}
