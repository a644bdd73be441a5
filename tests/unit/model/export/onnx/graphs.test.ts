import { mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as native from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openEngine } from '../../../../../electron/model/engines/preflight.ts';
import { decoderModel, encoderModel } from '../../../../../electron/model/export/onnx/graphs.ts';
import { QuantizedWeights } from '../../../../../electron/model/export/onnx/quantized.ts';
import { FloatWeights } from '../../../../../electron/model/export/onnx/weights.ts';
import { writeOnnx } from '../../../../../electron/model/export/onnx/write.ts';
import { openModelFolder, type ModelFolder } from '../../../../../electron/model/folder.ts';
import { Generator } from '../../../../../electron/model/generate/index.ts';
import { OnnxWriter } from '../../../../../electron/model/portable/onnx.ts';
import { parameterSpecs, type T5Config } from '../../../../../electron/model/t5/config.ts';
import { writeStudentFolder } from '../../student-folder.ts';
import { smallConfig } from '../../t5/small.ts';

const session = { intraOpNumThreads: 1 };
const Config = z.object({
  'transformers.js_config': z.object({
    dtype: z.string(),
    use_external_data_format: z.record(z.string(), z.boolean()).optional(),
  }),
});

let root = '';
let checkpoint = '';
let model: ModelFolder;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stepwise-onnx-'));
  checkpoint = join(root, 'checkpoint');
  await writeStudentFolder(checkpoint);
  model = await openModelFolder(checkpoint);
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Writes an ONNX folder; gives its path and the share of bytes that was told after each piece. */
async function write(
  name: string,
  options: { format?: 'onnx' | 'onnx-int8'; largestModel?: number; signal?: AbortSignal } = {},
): Promise<{ folder: string; told: number[] }> {
  const { format = 'onnx', signal = new AbortController().signal, ...more } = options;
  const folder = join(root, name);
  const told: number[] = [];
  await mkdir(folder);
  await writeOnnx(
    {
      ...{ format, checkpoint, folder, training: null, signal },
      progress: (done, total) => void told.push(done / total),
    },
    more,
  );
  return { folder, told };
}

const paths = (folder: string, suffix = ''): { encoder: string; decoder: string } => ({
  encoder: join(folder, 'onnx', `encoder_model${suffix}.onnx`),
  decoder: join(folder, 'onnx', `decoder_model_merged${suffix}.onnx`),
});

describe('the models of an ONNX folder', () => {
  it('have the inputs and outputs that Optimum gives them', async () => {
    const { folder } = await write('ports');
    const [encoder, decoder] = await Promise.all(
      Object.values(paths(folder)).map((path) => native.InferenceSession.create(path, session)),
    );
    expect(encoder?.inputNames).toEqual(['input_ids', 'attention_mask']);
    expect(encoder?.outputNames).toEqual(['last_hidden_state']);
    const cache = (prefix: string): string[] =>
      [0, 1].flatMap((block) =>
        ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value'].map(
          (which) => `${prefix}.${block}.${which}`,
        ),
      );
    expect(decoder?.inputNames).toEqual([
      ...['encoder_attention_mask', 'input_ids', 'encoder_hidden_states'],
      ...cache('past_key_values'),
      'use_cache_branch',
    ]);
    expect(decoder?.outputNames).toEqual(['logits', ...cache('present')]);
  });

  it('hold every weight once, however often it is used', () => {
    for (const tieWordEmbeddings of [true, false]) {
      const config: T5Config = { ...model.config, tieWordEmbeddings };
      const parameters = new Map(
        parameterSpecs(config).map(({ name, shape }) => [
          name,
          new Float32Array(shape.reduce((size, length) => size * length, 1)),
        ]),
      );
      const [ofEncoder, ofDecoder] = [0, 1].map(() => new FloatWeights(config, parameters));
      if (!ofEncoder || !ofDecoder) throw new RangeError();
      encoderModel(config, ofEncoder);
      decoderModel(config, ofDecoder);
      const used = new Set([...ofEncoder.weights.keys(), ...ofDecoder.weights.keys()]);
      expect(used).toEqual(new Set(parameters.keys()));
      // Only the embedding is in both files.
      expect(ofEncoder.weights.size + ofDecoder.weights.size).toBe(parameters.size + 1);
    }
  });

  it('leave no constant behind that is to be turned at every run', () => {
    for (const weights of [
      new FloatWeights(model.config, model.parameters),
      new QuantizedWeights(model.config, model.parameters, { tiedHead: true }),
    ]) {
      const { nodes } = decoderModel(model.config, weights);
      const turned = nodes.filter(
        ({ op, inputs: [input = ''] }) => op === 'Transpose' && weights.weights.has(input),
      );
      expect(turned).toEqual([]);
    }
  });

  it('count the cache as empty without use_cache_branch, whatever its length', async () => {
    const { folder } = await write('dummy');
    const { Tensor, InferenceSession } = native;
    const decoder = await InferenceSession.create(paths(folder).decoder, session);
    const { numHeads, dKv, dModel, numDecoderLayers } = model.config;
    const logits = async (length: number): Promise<unknown> => {
      const feeds: Record<string, native.Tensor> = {
        input_ids: new Tensor('int64', [0, 7, 9], [1, 3]),
        encoder_attention_mask: new Tensor('int64', [1, 1], [1, 2]),
        encoder_hidden_states: new Tensor('float32', new Float32Array(2 * dModel).fill(0.3), [
          ...[1, 2, dModel],
        ]),
        use_cache_branch: new Tensor('bool', [false]),
      };
      for (let block = 0; block < numDecoderLayers; block++) {
        for (const which of ['decoder.key', 'decoder.value', 'encoder.key', 'encoder.value']) {
          const data = new Float32Array(numHeads * length * dKv).fill(5);
          const name = `past_key_values.${block}.${which}`;
          feeds[name] = new Tensor('float32', data, [1, numHeads, length, dKv]);
        }
      }
      const outputs = await decoder.run(feeds);
      expect(outputs['present.0.decoder.key']?.dims).toEqual([1, numHeads, 3, dKv]);
      expect(outputs['present.1.encoder.value']?.dims).toEqual([1, numHeads, 2, dKv]);
      return outputs['logits']?.data;
    };
    expect(await logits(1)).toEqual(await logits(0));
  });
});

describe('writing', () => {
  it('tells how far it is, up to the end', async () => {
    const { told } = await write('told');
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it('lays large weights beside the models and says so to Transformers.js', async () => {
    const { folder } = await write('beside', { largestModel: 1 });
    const config = Config.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
    expect(config['transformers.js_config']).toEqual({
      dtype: 'fp32',
      use_external_data_format: { encoder_model: true, decoder_model_merged: true },
    });
    const whole = await write('whole');
    const ids = [Int32Array.of(5, 9, 30, 1), Int32Array.of(12, 1)];
    const written: number[][][] = [];
    for (const at of [folder, whole.folder]) {
      const files = { ...paths(at), config: model.config };
      const writer = await OnnxWriter.create(native, files, { session });
      written.push((await writer.greedyTexts(ids, 6)).map((text) => [...text.ids]));
      await writer.dispose();
    }
    expect(written[0]).toEqual(written[1]);
    const data = await stat(join(folder, 'onnx', 'encoder_model.onnx_data'));
    expect(data.size).toBeGreaterThan((await stat(paths(folder).encoder)).size / 2);
  });

  it('makes models of a quarter of the size in eight bits', async () => {
    const [wide, narrow] = [new FloatWeights(model.config, model.parameters), quantized()];
    decoderModel(model.config, wide);
    decoderModel(model.config, narrow);
    const bytes = (of: FloatWeights): number =>
      [...of.weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(bytes(narrow) / bytes(wide)).toBeLessThan(0.4);
    const { folder } = await write('eight', { format: 'onnx-int8' });
    const config = Config.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
    expect(config['transformers.js_config'].dtype).toBe('q8');
    expect((await stat(paths(folder, '_quantized').decoder)).size).toBeGreaterThan(bytes(narrow));
  });

  it('stops between pieces when it is told to', async () => {
    const stopped = new AbortController();
    stopped.abort('cancel');
    const { folder, told } = await write('stopped', { signal: stopped.signal });
    expect(told).toEqual([]);
    const handle = await open(paths(folder).encoder);
    expect((await handle.stat()).size).toBe(0);
    await handle.close();
  });
});

describe('eight bits', () => {
  it('keep every weight within half a step of its channel, and far from 16-bit sums', () => {
    const weights = quantized();
    decoderModel(model.config, weights);
    const name = 'decoder.block.0.layer.0.SelfAttention.q.weight';
    const values = model.parameters.get(name) ?? new Float32Array();
    const numbers = content(weights, `${name}.int8`, (bytes) => new Int8Array(bytes));
    const scales = content(weights, `${name}.scales`, (bytes) => new Float32Array(bytes));
    const { dModel, numHeads, dKv } = model.config;
    const out = numHeads * dKv;
    for (let row = 0; row < out; row++) {
      const scale = scales[row] ?? Number.NaN;
      for (let column = 0; column < dModel; column++) {
        const number = numbers[column * out + row] ?? Number.NaN;
        expect(Math.abs(number)).toBeLessThanOrEqual(64);
        const error = Math.abs(number * scale - (values[row * dModel + column] ?? Number.NaN));
        expect(error).toBeLessThanOrEqual(scale * 0.501);
      }
    }
  });

  it('write nearly as probable texts as float32', async () => {
    const { folder } = await write('near', { format: 'onnx-int8' });
    const generator = await Generator.create(await openEngine(), model.config, model.parameters);
    const files = { ...paths(folder, '_quantized'), config: model.config };
    const writer = await OnnxWriter.create(native, files, { session });
    const ids = [Int32Array.of(5, 9, 30, 1), Int32Array.of(12, 1)];
    const [exact, near] = [await generator.greedyTexts(ids, 1), await writer.greedyTexts(ids, 1)];
    near.forEach(({ probabilities }, row) => {
      expect(probabilities[0]).toBeCloseTo(exact[row]?.probabilities[0] ?? Number.NaN, 1);
    });
    await generator.dispose();
    await writer.dispose();
  });
});

describe('the driver', () => {
  it('answers as the app does for unequal depths, alone and in company', async () => {
    const { folder } = await write('driver');
    const generator = await Generator.create(await openEngine(), model.config, model.parameters);
    const writer = await OnnxWriter.create(
      native,
      { ...paths(folder), config: model.config },
      { session },
    );
    const ids = [[5, 9, 30, 1], [1], [12, 40, 41, 42, 43, 44, 45, 99, 98, 1]].map((row) =>
      Int32Array.from(row),
    );
    // Far beyond the greatest distance that has a bucket of its own, in both models.
    ids.push(Int32Array.from({ length: 60 }, (_unused, at) => (at === 59 ? 1 : 3 + at)));
    const expected = await generator.greedyTexts(ids, 30);
    expect((await writer.greedyTexts(ids, 30)).map((text) => text.ids)).toEqual(
      expected.map((text) => text.ids),
    );
    for (const [row, input] of ids.entries()) {
      const [alone] = await writer.greedyTexts([input], 30);
      expect(alone?.ids).toEqual(expected[row]?.ids);
    }
    const about = { beams: 3, maxTokens: 7, count: 2, earlyStopping: true };
    const [found, wanted] = [await writer.beam(ids, about), await generator.beam(ids, about)];
    expect(found.map((texts) => texts.map((text) => text.ids))).toEqual(
      wanted.map((texts) => texts.map((text) => text.ids)),
    );
    await generator.dispose();
    await writer.dispose();
  });

  it('refuses an empty row and a file that is none, in sentences', async () => {
    const { folder } = await write('refused');
    const files = { ...paths(folder), config: model.config };
    const writer = await OnnxWriter.create(native, files, { session });
    await expect(writer.greedyTexts([new Int32Array()], 4)).rejects.toMatchObject({
      code: 'invalid-input',
    });
    await writer.dispose();
    const broken = { ...files, decoder: Uint8Array.of(1, 2, 3) };
    await expect(OnnxWriter.create(native, broken, { session })).rejects.toMatchObject({
      code: 'engine-failed',
    });
  });
});

const quantized = (): QuantizedWeights =>
  new QuantizedWeights(model.config, model.parameters, {
    tiedHead: smallConfig.tieWordEmbeddings,
  });

function content<T>(weights: FloatWeights, name: string, read: (bytes: ArrayBuffer) => T): T {
  const bytes = weights.weights.get(name)?.content() ?? new Uint8Array();
  return read(Uint8Array.from(bytes).buffer);
}
