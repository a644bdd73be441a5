import { engine, io, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { readModel } from '../../../../electron/model/folder.ts';
import { Generator } from '../../../../electron/model/generate/index.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { Graph } from '../../../../electron/model/graph/graph.ts';
import { gather, linear, matmul } from '../../../../electron/model/graph/ops/index.ts';
import { openTensorFlowJs } from '../../../../electron/model/portable/tensorflowjs.ts';
import {
  modelJson,
  parseModelJson,
  SHARD_BYTES,
  shardNames,
  weightsIn,
} from '../../../../electron/model/portable/weights-manifest.ts';
import { initialParameters, presetConfig } from '../../../../electron/model/presets.ts';
import { parameterSpecs, sizeOf } from '../../../../electron/model/t5/config.ts';
import type { T5Config } from '../../../../electron/model/t5/config.ts';
import { fixturesPresent } from '../student-folder.ts';

const ROWS = 200;
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../../../shared/fixtures/${name}`, import.meta.url));

interface Model {
  readonly config: T5Config;
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

/** Rows of ids that end as texts do, of many lengths. */
function rowsFor({ vocabSize, eosTokenId }: T5Config, count = ROWS): Int32Array[] {
  const random = new Random(8);
  return Array.from({ length: count }, () => {
    const length = random.integer(1, 40);
    const ids = Array.from({ length }, () => random.integer(2, vocabSize - 1));
    return Int32Array.from([...ids, eosTokenId]);
  });
}

beforeAll(async () => {
  expect(await setBackend('wasm')).toBe(true);
});

const open = (weights: Iterable<Float32Array>) =>
  openTensorFlowJs({ engine: engine(), weights, pause: () => Promise.resolve() });

/** Texts of both engines for the same rows, and what is left in TensorFlow.js afterwards. */
async function both({ config, parameters }: Model, maxTokens: number, batch = 32) {
  const rows = rowsFor(config);
  const before = engine().memory().numTensors;
  const ours = open(parameters.values());
  const engines = [ours, await openEngine({})];
  const texts = [];
  for (const on of engines) {
    const generator = await Generator.create(on, config, parameters, { fixed: true });
    const written = [];
    for (let start = 0; start < rows.length; start += batch) {
      const part = rows.slice(start, start + batch);
      written.push(...(await generator.greedyTexts(part, maxTokens)));
    }
    await generator.dispose();
    texts.push(written);
  }
  ours.dispose();
  const left = engine().memory().numTensors - before;
  const [found = [], expected = []] = texts;
  return { found, expected, left };
}

async function expectSame(model: Model, maxTokens: number): Promise<void> {
  const { found, expected, left } = await both(model, maxTokens);
  expect(found.map(({ ids }) => [...ids])).toEqual(expected.map(({ ids }) => [...ids]));
  expect(found).toHaveLength(ROWS);
  expect(new Set(found.flatMap(({ ids }) => [...ids])).size).toBeGreaterThan(20);
  found.forEach(({ probabilities }, row) => {
    const others = expected[row]?.probabilities ?? new Float32Array();
    expect(probabilities).toHaveLength(others.length);
    probabilities.forEach((p, at) => expect(p).toBeCloseTo(others[at] ?? NaN, 4));
  });
  expect(left).toBe(0);
}

describe.skipIf(!fixturesPresent)(
  `TensorFlow.js in WebAssembly on the reference’s models${fixturesPresent ? '' : ' (left out: ../shared/fixtures is absent)'}`,
  () => {
    it.each(['t5-v1_0-tiny', 't5-v1_1-tiny'])(
      'writes what the app writes, and lets go of every tensor: %s',
      async (name) => {
        await expectSame(await readModel(fixture(name)), 24);
      },
    );
  },
);

describe('TensorFlow.js in WebAssembly', () => {
  it('writes what the app writes with a mini from a seed', async () => {
    // With a head of its own: a tied one that learned nothing repeats the token that it read.
    const config = { ...presetConfig('mini', 1_000), tieWordEmbeddings: false };
    const fill = initialParameters(config, 3);
    const parameters = new Map(
      parameterSpecs(config).map((spec) => {
        const values = new Float32Array(sizeOf(spec.shape));
        fill(spec, values);
        return [spec.name, values];
      }),
    );
    await expectSame({ config, parameters }, 10);
  }, 240_000);

  it('multiplies by turned weights and looks rows up in them as they are', async () => {
    const graph = new Graph('both uses');
    const table = graph.input('table', 'float32', [3, 2]);
    const other = graph.input('other', 'float32', [2, 2]);
    const x = graph.input('x', 'float32', ['rows', 2]);
    const ids = graph.input('ids', 'int32', ['picked']);
    const tensor = (shape: number[], ...values: number[]) => ({
      ...{ type: 'float32' as const, shape, data: Float32Array.from(values) },
    });
    const fixed = { table: tensor([3, 2], 1, 2, 3, 4, 5, 6), other: tensor([2, 2], 1, 0, 2, 1) };
    const emitted = emitGraph(
      graph,
      {
        products: linear(x, table),
        rows: gather(table, ids),
        // Not transposed: the product must not take the turned matrix for it.
        plain: matmul(x, other),
      },
      fixed,
    );
    const before = engine().memory().numTensors;
    const ours = open([]);
    const program = await ours.compile(emitted);
    const feeds = {
      x: tensor([1, 2], 10, 1),
      ids: { type: 'int32' as const, shape: [2], data: Int32Array.of(2, 0) },
    };
    const wanted = { products: null, rows: null, plain: null };
    const results = await program.run(feeds, wanted);
    expect([...(results['products']?.data ?? [])]).toEqual([12, 34, 56]);
    expect([...(results['rows']?.data ?? [])]).toEqual([5, 6, 1, 2]);
    expect([...(results['plain']?.data ?? [])]).toEqual([12, 1]);
    await program.dispose();
    ours.dispose();
    expect(engine().memory().numTensors).toBe(before);
  });

  it('frees what a failed run left, and names the operation', async () => {
    const graph = new Graph('sums');
    const a = graph.input('a', 'float32', ['n', 'm']);
    const b = graph.input('b', 'float32', ['m', 'n']);
    const emitted = emitGraph(graph, { product: matmul(a, b) });
    const before = engine().memory().numTensors;
    const ours = open([]);
    const program = await ours.compile(emitted);
    const matrix = (shape: number[]) => ({
      ...{ type: 'float32' as const, shape, data: new Float32Array(6) },
    });
    const failing = program.run({ a: matrix([2, 3]), b: matrix([2, 3]) }, { product: null });
    await expect(failing).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(/^TensorFlow\.js failed in the sums, at matmul: /),
    });
    await program.dispose();
    ours.dispose();
    expect(engine().memory().numTensors).toBe(before);
  });
});

describe('the manifest of weights', () => {
  const weights = [
    { name: 'shared.weight', shape: [3, 2] },
    { name: 'encoder.final_layer_norm.weight', shape: [2] },
  ];

  it('is read by TensorFlow.js itself', async () => {
    const [path = ''] = shardNames(32);
    const bytes = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    const text = modelJson({ paths: [path], weights });
    const manifest: io.WeightsManifestConfig = JSON.parse(text).weightsManifest;
    const load = io.weightsLoaderFactory(async (urls) => urls.map(() => bytes.buffer));
    const loaded = await load(manifest, './');
    expect(Object.keys(loaded)).toEqual(weights.map(({ name }) => name));
    expect([...(loaded['shared.weight']?.dataSync() ?? [])]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(loaded['encoder.final_layer_norm.weight']?.shape).toEqual([2]);
    for (const tensor of Object.values(loaded)) tensor.dispose();

    const ours = weightsIn(parseModelJson(text), bytes.buffer);
    expect([...(ours.get('encoder.final_layer_norm.weight')?.values ?? [])]).toEqual([7, 8]);
  });

  it('names as many files as the bytes take', () => {
    expect(shardNames(1)).toEqual(['group1-shard1of1.bin']);
    expect(shardNames(2 * SHARD_BYTES)).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin']);
    expect(shardNames(2 * SHARD_BYTES + 4)).toHaveLength(3);
  });

  it.each([
    ['no JSON', 'nothing'],
    ['no manifest', '{}'],
    ['a file elsewhere', modelJson({ paths: ['../elsewhere.bin'], weights })],
    ['no files', modelJson({ paths: [], weights })],
    ['other numbers', modelJson({ paths: ['a.bin'], weights }).replace('float32', 'int8')],
  ])('refuses one with %s', (_what, text) => {
    expect(() => parseModelJson(text)).toThrow(/model\.json does not say/);
  });
});
