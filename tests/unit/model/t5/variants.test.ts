import { describe, expect, it } from 'vitest';
import type { T5Config } from '../../../../electron/model/t5/config.ts';
import { loraTargets } from '../../../../electron/model/t5/lora.ts';
import { Float64Model, type Extras } from './float64-model.ts';

/** v1.0: relu, one matrix for embedding and output head. */
const original: T5Config = {
  vocabSize: 11,
  dModel: 6,
  dKv: 3,
  dFf: 8,
  numHeads: 2,
  numLayers: 2,
  numDecoderLayers: 2,
  relativeAttentionNumBuckets: 8,
  relativeAttentionMaxDistance: 16,
  layerNormEpsilon: 1e-6,
  feedForward: 'relu',
  tieWordEmbeddings: true,
  padTokenId: 0,
  eosTokenId: 1,
  decoderStartTokenId: 0,
};
/** v1.1, which Flan-T5 and mT5 share. */
const flan: T5Config = { ...original, feedForward: 'gated-gelu', tieWordEmbeddings: false };
const allMatrices = { rank: 2, alpha: 3, targets: loraTargets };

const variants: Readonly<Record<string, readonly [T5Config, Extras]>> = {
  'v1.0': [original, {}],
  'v1.1, Flan and mT5': [flan, {}],
  'gated and tied': [{ ...flan, tieWordEmbeddings: true }, {}],
  'relu and untied': [{ ...original, tieWordEmbeddings: false }, {}],
  'a deeper encoder': [{ ...original, numLayers: 3, numDecoderLayers: 1 }, {}],
  'a deeper decoder': [{ ...flan, numLayers: 1, numDecoderLayers: 3 }, {}],
  'heads wider than the model': [{ ...original, dKv: 5 }, {}],
  'heads narrower than the model': [{ ...flan, dKv: 1 }, {}],
  'one head': [{ ...original, numHeads: 1 }, {}],
  'one layer': [{ ...flan, numLayers: 1, numDecoderLayers: 1 }, {}],
  'odd sizes': [{ ...flan, vocabSize: 13, dModel: 7, dKv: 3, dFf: 9, numHeads: 3 }, {}],
  'v1.0 with dropout': [original, { dropout: 0.3 }],
  'v1.1 with dropout': [flan, { dropout: 0.3 }],
  'v1.0 with label smoothing': [original, { labelSmoothing: 0.2 }],
  'v1.1 with label smoothing': [flan, { labelSmoothing: 0.2 }],
  'v1.0 with adapters': [original, { lora: allMatrices }],
  'v1.1 with adapters on q and v': [flan, { lora: { ...allMatrices, targets: ['q', 'v'] } }],
  'v1.0 with mutual information': [original, { mutualInformation: 3 }],
  'v1.1 with mutual information': [flan, { mutualInformation: 3 }],
  'adapters of the decoder with mutual information': [
    flan,
    { mutualInformation: 3, lora: { ...allMatrices, stacks: ['decoder'] } },
  ],
  'everything at once with mutual information': [
    original,
    { dropout: 0.3, labelSmoothing: 0.2, lora: allMatrices, mutualInformation: 3 },
  ],
  'everything at once': [flan, { dropout: 0.3, labelSmoothing: 0.2, lora: allMatrices }],
};

describe('the gradient of every parameter, against differences of the loss in float64', () => {
  for (const [title, [config, extras]] of Object.entries(variants)) {
    it(title, () => {
      const model = new Float64Model(config, extras);
      expect(Number.isFinite(model.loss())).toBe(true);
      const gradients = model.gradients();
      expect([...gradients.keys()].sort()).toEqual([...model.learning.keys()].sort());
      for (const [name, values] of model.learning) {
        const gradient = gradients.get(name) ?? new Float64Array();
        const norm = Math.hypot(...gradient);
        expect(norm, name).toBeGreaterThan(1e-6);
        // Along the gradient itself the difference is largest, and every element takes part.
        const start = values.slice();
        const lossAt = (distance: number): number => {
          start.forEach((value, index) => {
            values[index] = value + (distance * (gradient[index] ?? 0)) / norm;
          });
          return model.loss();
        };
        const distance = 2e-6;
        const slope = (lossAt(distance) - lossAt(-distance)) / (2 * distance);
        values.set(start);
        expect(Math.abs(slope / norm - 1), name).toBeLessThan(1e-5);
      }
    });
  }
});
