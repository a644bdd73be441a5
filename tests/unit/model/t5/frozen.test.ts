import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { parameterSpecs } from '../../../../electron/model/t5/config.ts';
import { trainableParameters, type LearningPart } from '../../../../electron/model/t5/frozen.ts';
import { TrainingModel } from '../../../../electron/model/t5/training.ts';
import { labelBatch, randomInitial, randomRows, smallConfig } from './small.ts';

const tied = smallConfig;
const untied = { ...smallConfig, tieWordEmbeddings: false };
const lora = { rank: 2, alpha: 4 };
const all = parameterSpecs(untied).map(({ name }) => name);

describe('what learns of a student', () => {
  const learning = (part: LearningPart, config = untied): string[] => [
    ...trainableParameters(config, part).names,
  ];

  it('is everything where nothing is frozen', () => {
    expect(learning({ freeze: [], lora: null })).toEqual(all);
  });

  it('leaves out the embeddings, which are the head too where they are tied', () => {
    const rest = learning({ freeze: ['embeddings'], lora: null });
    expect(rest).toEqual(all.filter((name) => name !== 'shared.weight'));
    expect(rest).toContain('lm_head.weight');
    expect(learning({ freeze: ['embeddings'], lora: null }, tied)).not.toContain('lm_head.weight');
  });

  it('leaves out the encoder with the embeddings that it reads', () => {
    for (const freeze of [['encoder'], ['encoder', 'embeddings']] as const) {
      const rest = learning({ freeze: [...freeze], lora: null });
      expect(rest.every((name) => name.startsWith('decoder.') || name === 'lm_head.weight')).toBe(
        true,
      );
      expect(rest).toContain('decoder.block.0.layer.1.EncDecAttention.k.weight');
    }
  });

  it('is the adapters alone, and those of the decoder where the encoder is frozen', () => {
    const both = trainableParameters(tied, { freeze: [], lora });
    expect([...both.names].every((name) => name.includes('.lora_'))).toBe(true);
    expect([...both.names].some((name) => name.startsWith('encoder.'))).toBe(true);
    expect(learning({ freeze: ['embeddings'], lora }, tied)).toEqual([...both.names]);
    const decoder = trainableParameters(tied, { freeze: ['encoder'], lora });
    expect([...decoder.names].every((name) => name.startsWith('decoder.'))).toBe(true);
    expect(decoder.count).toBeLessThan(both.count);
  });

  it('cannot be nothing', () => {
    const headless = { ...tied, numDecoderLayers: 0 };
    expect(() => trainableParameters(headless, { freeze: ['encoder'], lora })).toThrow(
      'nothing of the student is left to train',
    );
  });
});

describe('a student with frozen parts', () => {
  const batch = labelBatch(randomRows([5, 4], 12), randomRows([4, 3], 13));
  const parts: readonly LearningPart[] = [
    { freeze: ['embeddings'], lora: null },
    { freeze: ['encoder'], lora: null },
    { freeze: ['encoder'], lora },
  ];

  it.each(parts)('changes only what learns: %o', async (part) => {
    const { names, lora: shape, count } = trainableParameters(tied, part);
    const model = await TrainingModel.create(
      await openEngine({ threads: 1 }),
      tied,
      randomInitial(1),
      { trainable: names, lora: shape && { ...shape, seed: 1 } },
    );
    const before = new Map([...model.parameters()].map(([name, v]) => [name, v.slice()]));
    for (let step = 1; step <= 3; step++) {
      await model.step(batch);
      model.update({ learningRate: 1e-2, weightDecay: 0.01, clipNorm: 1, step });
    }
    for (const [name, values] of model.parameters()) {
      const same = values.every((value, i) => value === before.get(name)?.[i]);
      expect(same, name).toBe(!names.has(name));
    }
    const sizes = [...model.gradients().values()].map(({ length }) => length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(count);
    await model.dispose();
  });
});
