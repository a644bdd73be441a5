import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawToken } from '../../../../electron/model/generate/sample.ts';
import { randomRows } from '../t5/small.ts';
import { lists, smallGenerator, type SmallGenerator } from './support.ts';

/** How often each token is drawn at evenly spread numbers. */
function shares(logits: readonly number[], temperature: number, topP: number): number[] {
  const draws = 10_000;
  const counts = logits.map(() => 0);
  for (let i = 0; i < draws; i++) {
    const uniform = (i + 0.5) / draws;
    const token = drawToken(Float32Array.from(logits), { temperature, topP }, uniform);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

const expectShares = (actual: number[], expected: number[]): void =>
  actual.forEach((share, token) => expect(share).toBeCloseTo(expected[token] ?? NaN, 3));

describe('one drawn token', () => {
  const logits = [0.1, 0.5, 0.15, 0.25].map(Math.log);

  it('follows the probabilities, sharper or flatter with the temperature', () => {
    expectShares(shares(logits, 1, 1), [0.1, 0.5, 0.15, 0.25]);
    const squares = [0.01, 0.25, 0.0225, 0.0625];
    const total = squares.reduce((a, b) => a + b, 0);
    expectShares(
      shares(logits, 0.5, 1),
      squares.map((square) => square / total),
    );
    expectShares(shares(logits, 1e6, 1), [0.25, 0.25, 0.25, 0.25]);
  });

  it('comes from the smallest nucleus that is probable enough', () => {
    expectShares(shares(logits, 1, 0.7), [0, 2 / 3, 0, 1 / 3]);
    expectShares(shares(logits, 1, 0.76), [0, 5 / 9, 1.5 / 9, 2.5 / 9]);
    expectShares(shares(logits, 1, 0.3), [0, 1, 0, 0]);
    expectShares(shares([0, 0, 0, 0], 1, 0.5), [0.5, 0.5, 0, 0]);
  });

  it('is the most likely one at temperature 0, near it, and at top-p 0', () => {
    expect(shares(logits, 0, 1)).toEqual([0, 1, 0, 0]);
    expect(shares(logits, 1e-6, 1)).toEqual([0, 1, 0, 0]);
    expect(shares(logits, 1, 0)).toEqual([0, 1, 0, 0]);
    expect(drawToken(Float32Array.of(1, 3, 3), { temperature: 0, topP: 1 }, 0.9)).toBe(1);
  });
});

describe('sampled texts', () => {
  let small: SmallGenerator;
  beforeAll(async () => {
    small = await smallGenerator(9);
  });
  afterAll(() => small.dispose());
  const inputs = randomRows([6, 3, 12, 8], 41);
  const options = { seed: 5, maxTokens: 8, count: 3 };

  it('are the same with the same seed, in any company', async () => {
    const together = (await small.generator.sample(inputs, options)).map(lists);
    expect(together.map((texts) => texts.length)).toEqual([3, 3, 3, 3]);
    expect(new Set(together.flat().map((ids) => ids.join())).size).toBeGreaterThan(8);
    for (const [row, input] of inputs.entries()) {
      const [alone = []] = await small.generator.sample([input], options);
      expect(lists(alone)).toEqual(together[row]);
    }
    const other = (await small.generator.sample(inputs, { ...options, seed: 6 })).map(lists);
    expect(other).not.toEqual(together);
  });

  it('are the greedy ones at temperature 0 and at top-p 0', async () => {
    const greedy = lists(await small.generator.greedy(inputs, 8));
    for (const change of [{ temperature: 0 }, { temperature: 1e-4 }, { topP: 0 }]) {
      const sampled = await small.generator.sample(inputs, { ...options, count: 1, ...change });
      expect(lists(sampled.flat())).toEqual(greedy);
    }
  });

  it('are refused with settings that mean nothing', async () => {
    for (const change of [{ temperature: -1 }, { temperature: NaN }, { topP: 1.1 }, { count: 0 }]) {
      const asked = small.generator.sample(inputs, { ...options, ...change });
      await expect(asked).rejects.toMatchObject({ code: 'invalid-input' });
    }
  });
});
