import { describe, expect, it } from 'vitest';
import { parameterSpecs, sizeOf, type T5Config } from '../../../../electron/model/t5/config.ts';
import { packTokens, shiftRight } from '../../../../electron/model/t5/packing.ts';
import {
  causalMask,
  MASKED,
  relativePositionBucket,
  relativePositionBuckets,
} from '../../../../electron/model/t5/positions.ts';
import { smallConfig } from './small.ts';

describe('packing', () => {
  it('leaves padding out and says where each token stands', () => {
    const packed = packTokens([Int32Array.of(5, 6, 1), Int32Array.of(7)], 2);
    expect([packed.batch, packed.length]).toEqual([2, 3]);
    expect([...packed.ids.data]).toEqual([5, 6, 1, 7]);
    expect([...packed.mask.data]).toEqual([0, 0, 0, 0, MASKED, MASKED]);
    // [row][head][position]: row of the packed tokens times heads; padding reads row 0, or zeros.
    expect([...packed.slots.data]).toEqual([0, 2, 4, 1, 3, 5, 6, 0, 0, 7, 0, 0]);
    expect([...packed.slotsOrZero.data]).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 8, 7, 8, 8]);
    expect([...packed.places.data]).toEqual([0, 3, 1, 4, 2, 5, 6, 9]);
  });

  it('comes back to every token', () => {
    const packed = packTokens([Int32Array.of(2), Int32Array.of(3, 4, 5), Int32Array.of(6, 1)], 4);
    packed.places.data.forEach((place, row) => {
      expect(packed.slots.data[place]).toBe(row);
      expect(packed.slotsOrZero.data[place]).toBe(row);
    });
  });

  it('refuses empty rows and empty batches', () => {
    expect(() => packTokens([], 1)).toThrow('A batch has no rows');
    expect(() => packTokens([new Int32Array()], 1)).toThrow('a row without any token');
  });

  it('shows the decoder what was before each token', () => {
    expect([...shiftRight(Int32Array.of(8, 9, 1), 0)]).toEqual([0, 8, 9]);
    expect([...shiftRight(new Int32Array(), 0)]).toEqual([]);
  });
});

describe('relative positions', () => {
  const both = { buckets: 32, maxDistance: 128, bidirectional: true };
  const past = { ...both, bidirectional: false };
  const bucketsOf = (positions: number[], settings: typeof both): number[] =>
    positions.map((position) => relativePositionBucket(position, settings));

  it('have a bucket each when near, and share wider ones when far', () => {
    expect(bucketsOf([0, -1, -7, -8, -11, -12, -127, -900], both)).toEqual([
      0, 1, 7, 8, 8, 9, 15, 15,
    ]);
    expect(bucketsOf([1, 7, 8, 128], both)).toEqual([17, 23, 24, 31]);
    expect(bucketsOf([5, 0, -15, -16, -128], past)).toEqual([0, 0, 15, 16, 31]);
  });

  it('continue a decoder’s rows one query at a time', () => {
    const whole = relativePositionBuckets(6, 6, past);
    for (let query = 0; query < 6; query++) {
      const step = relativePositionBuckets(1, query + 1, past, query);
      expect([...step]).toEqual([...whole.subarray(query * 6, query * 6 + query + 1)]);
    }
  });

  it('hide what comes later', () => {
    expect([...causalMask(3)]).toEqual([0, MASKED, MASKED, 0, 0, MASKED, 0, 0, 0]);
  });
});

describe('the list of parameters', () => {
  const base: T5Config = {
    ...smallConfig,
    vocabSize: 32_128,
    dModel: 512,
    dKv: 64,
    numHeads: 8,
    numLayers: 6,
    numDecoderLayers: 6,
    relativeAttentionNumBuckets: 32,
  };
  const total = (config: T5Config): number =>
    parameterSpecs(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

  it('has the published sizes of t5-small and flan-t5-small', () => {
    expect(total({ ...base, feedForward: 'relu', dFf: 2_048 })).toBe(60_506_624);
    const flan = { ...base, dFf: 1_024, numHeads: 6, numLayers: 8, numDecoderLayers: 8 };
    expect(total({ ...flan, tieWordEmbeddings: false })).toBe(76_961_152);
  });

  it('names each once, and has an output head only when it is not the embedding', () => {
    for (const tieWordEmbeddings of [true, false]) {
      const names = parameterSpecs({ ...base, tieWordEmbeddings }).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.includes('lm_head.weight')).toBe(!tieWordEmbeddings);
    }
  });

  it('keeps the position bias in the first block of each stack alone', () => {
    const biases = parameterSpecs(base).filter(({ name }) => name.includes('relative'));
    expect(biases.map(({ name, shape }) => [name, shape])).toEqual(
      ['encoder', 'decoder'].map((stack) => [
        `${stack}.block.0.layer.0.SelfAttention.relative_attention_bias.weight`,
        [32, 8],
      ]),
    );
  });
});
