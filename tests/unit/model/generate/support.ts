import type { Engine } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { Generator, type DecoderOptions } from '../../../../electron/model/generate/index.ts';
import { ForwardModel } from '../../../../electron/model/t5/forward.ts';
import { smallConfig, smallModel } from '../t5/small.ts';

const config = smallConfig;

export interface SmallGenerator {
  readonly generator: Generator;
  /** log p of every token of each text after its input, from the whole decoder at once. */
  logProbabilities(
    inputs: readonly Int32Array[],
    texts: readonly (readonly number[])[],
  ): Promise<number[][]>;
  dispose(): Promise<void>;
}

/** A generator of a small random model, and the whole decoder to judge it by. */
export async function smallGenerator(
  seed: number,
  options: DecoderOptions = {},
): Promise<SmallGenerator> {
  const model = await smallModel({ seed });
  const engine: Engine = await openEngine();
  const generator = await Generator.create(engine, config, model.parameters(), options);
  const forward = await ForwardModel.create(engine, config, model.parameters());
  return {
    generator,
    logProbabilities: async (inputs, texts) => {
      const read = texts.map((ids) =>
        Int32Array.from([config.decoderStartTokenId, ...ids.slice(0, -1)]),
      );
      const { logits } = await forward.run(inputs, read);
      return texts.map((ids, row) =>
        ids.map((token, t) => {
          const start = t * config.vocabSize;
          const all = logits[row]?.subarray(start, start + config.vocabSize) ?? [];
          return logSoftmax(all, token);
        }),
      );
    },
    dispose: async () => {
      await generator.dispose();
      await forward.dispose();
      await model.dispose();
    },
  };
}

/** In float64. */
export function logSoftmax(logits: ArrayLike<number>, token: number): number {
  const values = Array.from(logits);
  const most = Math.max(...values);
  const total = values.reduce((sum, value) => sum + Math.exp(value - most), 0);
  return (values[token] ?? NaN) - most - Math.log(total);
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export const lists = (rows: readonly Int32Array[]): number[][] => rows.map((row) => [...row]);
