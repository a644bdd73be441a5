import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/model/engines/engine.ts';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { Generator } from '../../electron/model/generate.ts';
import { ForwardModel } from '../../electron/model/t5/forward.ts';
import { relativePositionBucket } from '../../electron/model/t5/positions.ts';
import { LABEL_TASK, TrainingModel } from '../../electron/model/t5/training.ts';
import {
  cut,
  largestDifference,
  largestMagnitude,
  models,
  present,
  readReference,
  titled,
  unpadded,
  type Reference,
} from './reference.ts';

for (const name of models) {
  describe.skipIf(!present)(titled(`${name}: one pass against the reference`), () => {
    let reference: Reference;
    let engine: Engine;
    let forward: ForwardModel;
    let training: TrainingModel;

    beforeAll(async () => {
      reference = readReference(name);
      engine = await openEngine();
      forward = await ForwardModel.create(engine, reference.config, reference.parameters);
      training = await TrainingModel.create(engine, reference.config, reference.parameters);
    });

    afterAll(async () => {
      await forward.dispose();
      await training.dispose();
    });

    const labelled = (rows: { inputs: Int32Array[]; targets: Int32Array[] }) => ({
      ...rows,
      task: new Uint8Array(rows.inputs.length).fill(LABEL_TASK),
      weights: { label: 1, rationale: 0 },
    });

    it('gives the logits of every position, padded targets included', async () => {
      const { io } = reference;
      const { inputs } = unpadded(io.inputs);
      const { logits } = await forward.run(inputs, cut(io.decoder_input_ids));
      const all = logits.flatMap((row) => [...row]);
      expect(largestDifference(all, io.forward.logits.data)).toBeLessThan(2e-4);
    });

    it('gives the encoder states of every token', async () => {
      const { io, config } = reference;
      const { inputs } = unpadded(io.inputs);
      const { encoderStates } = await forward.run(inputs, cut(io.decoder_input_ids));
      const expected = io.forward.encoder_last_hidden_state;
      const stride = (expected.shape[1] ?? 0) * config.dModel;
      encoderStates.forEach((states, row) => {
        const part = expected.data.slice(row * stride, row * stride + states.length);
        expect(states.length).toBe((inputs[row]?.length ?? 0) * config.dModel);
        expect(largestDifference(states, part)).toBeLessThan(2e-4);
      });
    });

    it('gives the loss, whose mean is over tokens and not over rows', async () => {
      const { io } = reference;
      const { loss, labelLoss, rationaleLoss } = await training.step(labelled(unpadded(io.inputs)));
      expect(Math.abs(loss / io.forward.loss - 1)).toBeLessThan(1e-5);
      expect(labelLoss).toBeCloseTo(loss, 5);
      expect(rationaleLoss).toBeNull();
    });

    it('gives the loss of each row on its own', async () => {
      const { io } = reference;
      const { inputs, targets } = unpadded(io.inputs);
      const expected = io.forward.per_token_loss;
      const length = expected.shape[1] ?? 0;
      for (const [row, target] of targets.entries()) {
        const input = inputs[row] ?? new Int32Array();
        const { loss } = await training.step(labelled({ inputs: [input], targets: [target] }));
        const own = expected.data.slice(row * length, row * length + target.length);
        const mean = own.reduce((total, value) => total + value, 0) / own.length;
        expect(Math.abs(loss / mean - 1)).toBeLessThan(1e-5);
      }
    });

    it('sees padding when it is given as tokens', async () => {
      const { io } = reference;
      const inputs = cut(io.inputs.input_ids);
      const { targets } = unpadded(io.inputs);
      const { loss } = await training.step(labelled({ inputs, targets }));
      const expected = io.forward_without_attention_mask.loss;
      expect(Math.abs(loss / expected - 1)).toBeLessThan(1e-5);
      expect(Math.abs(loss / io.forward.loss - 1)).toBeGreaterThan(1e-3);
    });

    it('gives the gradients', async () => {
      const { io } = reference;
      await training.step(labelled(unpadded(io.inputs)));
      const gradients = training.gradients();
      expect(Object.keys(io.grads).length).toBeGreaterThan(8);
      for (const [parameter, expected] of Object.entries(io.grads)) {
        const difference = largestDifference(gradients.get(parameter) ?? [], expected);
        expect(difference / largestMagnitude(expected), parameter).toBeLessThan(1e-4);
      }
    });

    it('gives the gradient norm of every parameter and of all', async () => {
      const { io } = reference;
      await training.step(labelled(unpadded(io.inputs)));
      const norms = io.grad_norm_per_param;
      expect([...training.gradients().keys()].sort()).toEqual(Object.keys(norms).sort());
      for (const [parameter, gradient] of training.gradients()) {
        const norm = Math.hypot(...gradient);
        expect(Math.abs(norm / (norms[parameter] ?? 0) - 1), parameter).toBeLessThan(1e-4);
      }
      expect(Math.abs(training.gradientNorm() / io.grad_total_norm - 1)).toBeLessThan(1e-5);
    });

    it('decodes greedily to the same ids, together and one by one', async () => {
      const { io, config, parameters } = reference;
      const generator = await Generator.create(engine, config, parameters);
      const { inputs } = unpadded(io.inputs);
      const expected = io.generate.greedy.map((ids) =>
        ids.slice(1).filter((id) => id !== config.eosTokenId),
      );
      const together = await generator.greedy(inputs, 20);
      expect(together.map((ids) => [...ids])).toEqual(expected);
      for (const [row, input] of inputs.entries()) {
        const [alone] = await generator.greedy([input], 20);
        expect([...(alone ?? [])]).toEqual(expected[row]);
      }
      await generator.dispose();
    });

    it('puts relative positions into the same buckets', () => {
      const table = reference.io.relative_position_bucket;
      const settings = { buckets: table.num_buckets, maxDistance: table.max_distance };
      const from = table.relative_position_from;
      const positions = table.bidirectional_encoder.map((_bucket, index) => from + index);
      expect(positions.at(-1)).toBe(table.relative_position_to);
      const buckets = (bidirectional: boolean): number[] =>
        positions.map((position) =>
          relativePositionBucket(position, { ...settings, bidirectional }),
        );
      expect(buckets(true)).toEqual(table.bidirectional_encoder);
      expect(buckets(false)).toEqual(table.unidirectional_decoder);
    });
  });
}
