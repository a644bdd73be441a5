import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomRows, smallConfig } from '../t5/small.ts';
import { lists, smallGenerator, sum, type SmallGenerator } from './support.ts';

const { vocabSize, eosTokenId } = smallConfig;

describe('beam search', () => {
  let small: SmallGenerator;
  beforeAll(async () => {
    small = await smallGenerator(8);
  });
  afterAll(() => small.dispose());

  it('finds the best of all texts when no text is left out', async () => {
    const inputs = randomRows([7], 31);
    const [found = []] = await small.generator.beam(inputs, {
      beams: vocabSize,
      maxTokens: 2,
      count: 5,
    });
    // Every text of at most two tokens: the end alone, or a token and any other.
    const tokens = Array.from({ length: vocabSize }, (_unused, token) => token);
    const texts = [[eosTokenId]];
    for (const first of tokens.filter((token) => token !== eosTokenId)) {
      for (const second of tokens) texts.push([first, second]);
    }
    const rows = texts.map(() => inputs[0] ?? new Int32Array());
    const scores = (await small.logProbabilities(rows, texts)).map(
      (parts) => sum(parts) / parts.length,
    );
    const best = [...texts.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, 5);
    found.forEach(({ ids, score }, rank) => {
      const text = best[rank] ?? -1;
      expect([...ids]).toEqual(texts[text]?.filter((token) => token !== eosTokenId));
      expect(score).toBeCloseTo(scores[text] ?? NaN, 4);
    });
    expect(found).toHaveLength(5);
  });

  it('gives scores that the whole decoder gives, and the same in any company', async () => {
    const inputs = randomRows([6, 13, 2, 9], 32);
    const options = { beams: 3, maxTokens: 9, count: 3, lengthPenalty: 0 };
    const together = await small.generator.beam(inputs, options);
    for (const [row, input] of inputs.entries()) {
      const texts = together[row] ?? [];
      const [alone = []] = await small.generator.beam([input], options);
      expect(lists(alone.map(({ ids }) => ids))).toEqual(lists(texts.map(({ ids }) => ids)));
      for (const { ids, score } of texts) {
        // A text that was cut off has no end token.
        const full = ids.length < options.maxTokens ? [...ids, eosTokenId] : [...ids];
        const [parts = []] = await small.logProbabilities([input], [full]);
        expect(score).toBeCloseTo(sum(parts), 4);
      }
      const scores = texts.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  it('is greedy decoding with one beam', async () => {
    const inputs = randomRows([5, 8, 3, 11], 33);
    const beams = await small.generator.beam(inputs, {
      beams: 1,
      maxTokens: 10,
      earlyStopping: true,
    });
    const written = beams.map(([best]) => best?.ids ?? new Int32Array());
    const greedy = lists(await small.generator.greedy(inputs, 10));
    expect(lists(written)).toEqual(greedy);
  });

  it('counts the start token of cut texts only where it is asked to', async () => {
    const inputs = randomRows([5], 34);
    const options = { beams: 2, maxTokens: 1, count: 2 };
    const [[now] = []] = await small.generator.beam(inputs, options);
    const [[before] = []] = await small.generator.beam(inputs, {
      ...options,
      lengthIncludesStart: true,
    });
    expect(now?.ids).toHaveLength(1);
    expect(before?.score).toBeCloseTo((now?.score ?? NaN) / 2, 6);
  });

  it('has nothing to say to no inputs, and refuses more texts than beams', async () => {
    expect(await small.generator.beam([], { beams: 2, maxTokens: 3 })).toEqual([]);
    const inputs = randomRows([5], 35);
    for (const [beams, count] of [
      [2, 3],
      [0, 1],
      [1.5, 1],
    ] as const) {
      const asked = small.generator.beam(inputs, { beams, maxTokens: 3, count });
      await expect(asked).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });
});
