import { describe, expect, it } from 'vitest';
import { confidenceOf, labelStarts } from '../../../electron/model/confidence.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { Generator } from '../../../electron/model/generate/index.ts';
import { Tokenizer } from '../../../electron/model/tokenizer.ts';
import { smallGenerator, sum } from './generate/support.ts';
import { madeTokenizer } from './student-folder.ts';
import { labelBatch, randomRows, smallConfig, smallModel } from './t5/small.ts';

const end = smallConfig.eosTokenId;
const written = (...probabilities: number[]) => ({
  ids: new Int32Array(probabilities.length),
  probabilities: Float32Array.from(probabilities),
});

describe('the confidence of a label', () => {
  it('is the product of its tokens, from its first one on, and never above 1', () => {
    expect(confidenceOf(written(0.5, 0.5, 0.25))).toBe(0.0625);
    expect(confidenceOf(written(0.5, 0.5, 0.25), 1)).toBe(0.125);
    expect(confidenceOf(written(1 + 2 ** -20, 1))).toBe(1);
  });

  it('is what scoring the written text gives, its end included', async () => {
    const model = await smallModel({ seed: 7 });
    const generator = await Generator.create(await openEngine(), smallConfig, model.parameters());
    const inputs = randomRows([5, 8, 3], 23);
    const targets = [
      [7, 8, 9, end],
      [12, end],
      [30, 4, end],
    ].map((ids) => Int32Array.from(ids));
    for (let step = 1; step <= 40; step++) {
      await model.step(labelBatch(inputs, targets));
      model.update({ learningRate: 1e-2, weightDecay: 0, clipNorm: 1, step });
    }
    const texts = await generator.greedyTexts(inputs, 10);
    const labels = texts.map(({ ids }) => Int32Array.from([...ids, end]));
    const scores = await generator.labelProbabilities(inputs, labels);
    expect(texts.map(({ ids, probabilities }) => probabilities.length - ids.length)).toEqual([
      ...[1, 1, 1],
    ]);
    texts.forEach((text, row) => {
      const scored = Math.exp(scores[row]?.logProbabilities[row] ?? 0);
      expect(Math.abs(confidenceOf(text) - scored)).toBeLessThan(1e-4);
      // Neither certain nor next to nothing: a wrong product would be seen.
      expect(scored).toBeGreaterThan(0.01);
      expect(scored).toBeLessThan(0.999);
    });
    await generator.dispose();
    await model.dispose();
  });

  it('of a text that was cut off is that of its tokens, in any company', async () => {
    const small = await smallGenerator(12);
    const inputs = randomRows([9, 2, 14, 6], 31);
    const together = await small.generator.greedyTexts(inputs, 6);
    const lines = together.map(({ ids }) => [...ids]);
    const expected = await small.logProbabilities(inputs, lines);
    for (const [row, text] of together.entries()) {
      const logs = expected[row] ?? [];
      if (text.probabilities.length > text.ids.length) continue;
      expect(Math.abs(confidenceOf(text) - Math.exp(sum(logs)))).toBeLessThan(1e-4);
      const [alone] = await small.generator.greedyTexts(inputs.slice(row, row + 1), 6);
      expect(alone?.probabilities).toHaveLength(6);
      alone?.probabilities.forEach((each, at) => {
        expect(Math.abs(each - (text.probabilities[at] ?? 0))).toBeLessThan(1e-5);
      });
    }
    expect(together.some(({ ids, probabilities }) => ids.length === probabilities.length)).toBe(
      true,
    );
    await small.dispose();
  });
});

describe('where a label begins', () => {
  it('is the first token behind the last mark', async () => {
    const tokenizer = Tokenizer.fromJson(await madeTokenizer());
    const mark = 'so it is';
    const texts = [
      `He has 3 and buys 6, ${mark} 3 + 6`,
      `${mark} 12`,
      `Tom ${mark} many ${mark} 7 + 10`,
      'He has 3 and buys 6',
      `He buys 6, ${mark}`,
      `He buys 6, ${mark}\u2003한국`,
    ];
    const rows = await tokenizer.encodeAll(texts, 100);
    const ids = rows.map((row) => row.subarray(0, -1));
    const starts = await labelStarts(
      tokenizer,
      ids.map((each) => ({ ids: each })),
      mark,
    );
    const behind = await tokenizer.decodeAll(
      ids.map((each, row) => each.subarray(starts[row] ?? each.length)),
    );
    const before = await tokenizer.decodeAll(
      ids.map((each, row) => each.subarray(0, starts[row] ?? 0)),
    );
    expect(behind.map((text) => text.trim()).slice(0, 5)).toEqual([
      '3 + 6',
      '12',
      '7 + 10',
      '',
      '',
    ]);
    expect(before.map((text) => text.trim().endsWith('so it is'))).toEqual([
      ...[true, true, true, false, true, true],
    ]);
    expect(starts[3]).toBeNull();
    expect(starts[4]).toBe(ids[4]?.length);
  });
});
