import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProtobufWriter } from '../../../electron/model/graph/protobuf.ts';
import { readSentencePiece, sentencePieceJson } from '../../../electron/model/sentencepiece.ts';
import { Tokenizer } from '../../../electron/model/tokenizer.ts';
import { smallSentencePiece } from './sentencepiece-file.ts';

const kinds = { byte: 6, control: 3, normal: 1, unknown: 2, user: 4 };

describe('readSentencePiece', () => {
  it('reads pieces, scores and what the normalizer does', () => {
    const model = readSentencePiece(smallSentencePiece());
    expect(model.pieces.slice(0, 4)).toEqual([
      { text: '<pad>', score: 0, kind: 'control' },
      { text: '</s>', score: 0, kind: 'control' },
      { text: '<unk>', score: 0, kind: 'unknown' },
      { text: '▁', score: -2, kind: 'normal' },
    ]);
    expect(model.normalizer).toEqual({
      characterMap: new Uint8Array(),
      addDummyPrefix: true,
      removeExtraWhitespace: true,
    });
    const plain = readSentencePiece(
      smallSentencePiece({ normalizer: new ProtobufWriter().integer(3, 0).integer(4, 0) }),
    );
    expect(plain.normalizer).toMatchObject({ addDummyPrefix: false, removeExtraWhitespace: false });
  });

  it.each([
    ['an empty file', new Uint8Array(), 'holds no pieces'],
    ['a cut file', smallSentencePiece().subarray(0, 40), 'is cut short'],
    ['text', new TextEncoder().encode('not a model at all'), 'spiece.model'],
    [
      'a byte-pair model',
      smallSentencePiece({ trainer: new ProtobufWriter().integer(3, 2) }),
      'Unigram',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSentencePiece(bytes)).toThrow(message);
  });
});

describe('sentencePieceJson', () => {
  const tokenizer = (extraIds: number, ...more: [string, number, number][]): Tokenizer =>
    Tokenizer.fromJson(
      sentencePieceJson(readSentencePiece(smallSentencePiece({ more })), { extraIds }),
    );

  it('segments as the scores say, and adds the end token', async () => {
    const small = tokenizer(0);
    expect([...(await small.encode('abab  b ', 99))]).toEqual([6, 5, 7, 1]);
    expect(await small.decode([6, 5, 7, 1])).toBe('abab b');
    expect([...(await small.encode('zz', 99))]).toEqual([3, 2, 1]);
  });

  it('adds sentinels counted down after the pieces', async () => {
    const small = tokenizer(3);
    expect(small.vocabularySize).toBe(11);
    expect([...(await small.encode('b <extra_id_0> b <extra_id_2>', 99))]).toEqual([
      7, 10, 7, 8, 1,
    ]);
    expect(await small.decode([7, 10, 7])).toBe('b b');
  });

  it('matches user-defined pieces whole and falls back to bytes', async () => {
    const small = tokenizer(0, ['b=a', -1, kinds.user], ['<0x7A>', -9, kinds.byte]);
    expect([...(await small.encode('b=a', 99))]).toEqual([8, 1]);
    expect([...(await small.encode('bz', 99))]).toEqual([7, 9, 1]);
    expect(await small.decode([7, 9, 1])).toBe('bz');
  });

  it('names what a T5 cannot do without', () => {
    const without = (text: string) => {
      const model = readSentencePiece(smallSentencePiece());
      return { ...model, pieces: model.pieces.filter((piece) => piece.text !== text) };
    };
    expect(() => sentencePieceJson(without('</s>'), { extraIds: 0 })).toThrow('no end token');
    expect(() => sentencePieceJson(without('<unk>'), { extraIds: 0 })).toThrow('no unknown piece');
  });
});

const Expected = z.object({
  cases: z.array(
    z.object({
      text: z.string(),
      ids: z.array(z.number()),
      disagree: z.object({ rust: z.array(z.number()).optional() }).optional(),
      decode: z.object({ rust_skip_special: z.string() }),
    }),
  ),
});
const fixture = new URL('../../../../shared/fixtures/tokenizer/', import.meta.url);
const present = existsSync(fixture);

describe.skipIf(!present)(`T5's own files${present ? '' : ' (shared fixtures are absent)'}`, () => {
  const read = (name: string): Buffer => readFileSync(new URL(name, fixture));
  const open = (): Tokenizer =>
    Tokenizer.fromJson(
      sentencePieceJson(readSentencePiece(read('spiece.model')), { extraIds: 100 }),
    );

  it('gives from spiece.model the ids and texts of the reference', async () => {
    const { cases } = Expected.parse(JSON.parse(read('expected.json').toString()));
    const small = open();
    expect(small.vocabularySize).toBe(32_100);
    const encoded = await small.encodeAll(
      cases.map(({ text }) => text),
      100_000,
    );
    expect(encoded.map((ids) => [...ids])).toEqual(
      cases.map((item) => item.disagree?.rust ?? item.ids),
    );
    expect(await small.decodeAll(cases.map(({ ids }) => ids))).toEqual(
      cases.map(({ decode }) => decode.rust_skip_special),
    );
  });

  it.each([
    ['one word of 200,000 letters', 'a'.repeat(200_000), 200_002],
    ['200,000 spaces', ' '.repeat(200_000), 1],
    ['an accent 50,000 times', `e${'\u0301'.repeat(50_000)}`, 4],
    ['half a surrogate pair', 'x\ud800y\udc00', 5],
    ['sentinels in a row', '<extra_id_0>'.repeat(5_000), 5_001],
  ])('encodes %s', async (_, text, length) => {
    expect(await open().encode(text, 1_000_000)).toHaveLength(length);
  });
});
