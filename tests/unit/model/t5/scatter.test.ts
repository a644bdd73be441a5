import { describe, expect, it } from 'vitest';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import type { T5Config } from '../../../../electron/model/t5/config.ts';
import { TrainingModel } from '../../../../electron/model/t5/training.ts';
import { RecordingEngine } from './float64.ts';
import { labelBatch, randomInitial, randomRows, smallConfig } from './small.ts';

/**
 * A scatter that adds rows in parallel loses some where ids are equal, without an error and only
 * now and then. So: 1,180 tokens onto a vocabulary of 8, again and again.
 */

const rounds = 200;
const config: T5Config = { ...smallConfig, vocabSize: 8, tieWordEmbeddings: false };
const tables = [
  'shared.weight',
  'lm_head.weight',
  'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
  'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight',
];
const lengths = Array.from({ length: 20 }, (_unused, row) => 20 + (row % 21));

describe('gradients of tables whose rows are read many times', () => {
  it.each([1, 2, 4])(`lose nothing in ${rounds} rounds on %i threads`, async (threads) => {
    const engine = new RecordingEngine(await openEngine({ threads }));
    const model = await TrainingModel.create(engine, config, randomInitial(4));
    const batch = labelBatch(randomRows(lengths, 5, 7), randomRows(lengths, 6, 7));
    await model.step(batch);
    const expected = engine.inFloat64();
    let wrong = 0;
    for (let round = 0; round < rounds; round++) {
      await model.step(batch);
      for (const name of tables) {
        const gradient = model.gradients().get(name) ?? new Float32Array();
        const exact = expected[`gradient:${name}`] ?? new Float64Array();
        if (worst(gradient, exact) > 2e-5) wrong++;
      }
    }
    expect(wrong).toBe(0);
    await model.dispose();
  });
});

/** The largest difference, relative to the largest number expected. */
function worst(actual: Float32Array, exact: Float64Array): number {
  if (actual.length !== exact.length || exact.length === 0) return Number.POSITIVE_INFINITY;
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return exact.reduce((most, value, index) => {
    const difference = Math.abs(value - (actual[index] ?? Number.NaN)) / largest;
    return Number.isFinite(difference) ? Math.max(most, difference) : Number.POSITIVE_INFINITY;
  }, 0);
}
