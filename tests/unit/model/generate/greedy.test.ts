import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { Generator } from '../../../../electron/model/generate/index.ts';
import { ForwardModel } from '../../../../electron/model/t5/forward.ts';
import { labelBatch, randomRows, smallConfig, smallModel } from '../t5/small.ts';
import { lists } from './support.ts';

describe('greedy decoding', () => {
  it('gives a row the same answer in any company', async () => {
    const model = await smallModel({ seed: 5 });
    const generator = await Generator.create(await openEngine(), smallConfig, model.parameters());
    const inputs = randomRows([9, 2, 5, 14, 1, 7], 21);
    const together = lists(await generator.greedy(inputs, 12));
    expect(new Set(together.map((ids) => ids.join())).size).toBeGreaterThan(2);
    for (const [row, input] of inputs.entries()) {
      const [alone = new Int32Array()] = await generator.greedy([input], 12);
      expect([...alone], `row ${row}`).toEqual(together[row]);
    }
    await generator.dispose();
    await model.dispose();
  });

  it('is not disturbed by rows that end and leave', async () => {
    const untied = { ...smallConfig, tieWordEmbeddings: false };
    const model = await smallModel({ seed: 5, config: untied });
    const engine = await openEngine();
    const inputs = randomRows([9, 2, 5, 14, 1, 7, 3, 11, 4, 6], 21);
    const written = async (eosTokenId: number): Promise<number[][]> => {
      const config = { ...untied, eosTokenId };
      const generator = await Generator.create(engine, config, model.parameters());
      const rows = lists(await generator.greedy(inputs, 20));
      await generator.dispose();
      return rows;
    };
    const endless = await written(-1);
    expect(endless.every((row) => row.length === 20)).toBe(true);
    // Whichever token ends a row: rows end early, late or never, in any order.
    const lengths = new Set<number>();
    for (const end of new Set(endless.flat())) {
      const rows = await written(end);
      const cut = endless.map((row) => (row.includes(end) ? row.slice(0, row.indexOf(end)) : row));
      expect(rows).toEqual(cut);
      for (const row of rows) lengths.add(row.length);
    }
    expect(lengths.size).toBeGreaterThan(5);
    await model.dispose();
  });

  it('gives the same with fixed parameters', async () => {
    const model = await smallModel({ seed: 5 });
    const engine = await openEngine();
    const inputs = randomRows([9, 2, 5, 14], 21);
    const answers: number[][][] = [];
    for (const fixed of [false, true]) {
      for (const tieWordEmbeddings of [false, true]) {
        const config = { ...smallConfig, tieWordEmbeddings };
        const parameters = new Map(model.parameters());
        parameters.set('lm_head.weight', parameters.get('shared.weight') ?? new Float32Array());
        const generator = await Generator.create(engine, config, parameters, { fixed });
        answers.push(lists(await generator.greedy(inputs, 12)));
        await generator.dispose();
      }
    }
    expect(answers.slice(2)).toEqual(answers.slice(0, 2));
    await model.dispose();
  });

  it('writes what the whole decoder finds most likely at each position', async () => {
    const model = await smallModel({ seed: 6 });
    const engine = await openEngine();
    const generator = await Generator.create(engine, smallConfig, model.parameters());
    const forward = await ForwardModel.create(engine, smallConfig, model.parameters());
    const inputs = randomRows([6, 11], 22);
    const written = await generator.greedy(inputs, 10);
    const read = written.map((ids) => Int32Array.from([smallConfig.decoderStartTokenId, ...ids]));
    const { logits } = await forward.run(inputs, read);
    const { vocabSize } = smallConfig;
    written.forEach((ids, row) => {
      const all = logits[row] ?? new Float32Array();
      const best = Array.from(ids, (_id, t) => {
        const scores = all.subarray(t * vocabSize, (t + 1) * vocabSize);
        return scores.indexOf(Math.max(...scores));
      });
      expect(best).toEqual([...ids]);
    });
    expect(written.every((ids) => ids.length > 0)).toBe(true);
    await forward.dispose();
    await generator.dispose();
    await model.dispose();
  });

  it('follows a model in training without being made again, and ends rows at the end token', async () => {
    const model = await smallModel({ seed: 7 });
    const generator = await Generator.create(await openEngine(), smallConfig, model.parameters());
    const inputs = randomRows([5, 8], 23);
    const targets = [Int32Array.of(7, 8, 9, 1), Int32Array.of(12, 1)];
    const expected = [[7, 8, 9], [12]];
    expect(lists(await generator.greedy(inputs, 10))).not.toEqual(expected);
    for (let step = 1; step <= 80; step++) {
      await model.step(labelBatch(inputs, targets));
      model.update({ learningRate: 1e-2, weightDecay: 0, clipNorm: 1, step });
    }
    expect(lists(await generator.greedy(inputs, 10))).toEqual(expected);
    expect(lists(await generator.greedy(inputs, 2))).toEqual([[7, 8], [12]]);
    expect(lists(await generator.greedy(inputs, 0))).toEqual([[], []]);
    expect(await generator.greedy([], 10)).toEqual([]);
    await generator.dispose();
    await model.dispose();
  });

  it('refuses an empty input', async () => {
    const model = await smallModel();
    const generator = await Generator.create(await openEngine(), smallConfig, model.parameters());
    const greedy = generator.greedy([new Int32Array()], 5);
    await expect(greedy).rejects.toMatchObject({ code: 'invalid-input' });
    await generator.dispose();
    await model.dispose();
  });
});
