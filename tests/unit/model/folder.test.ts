import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configJson } from '../../../electron/model/config.ts';
import { openModelFolder, openTokenizer, readModel } from '../../../electron/model/folder.ts';
import { writeSafetensors } from '../../../electron/model/safetensors.ts';
import type { FloatTensor } from '../../../electron/model/safetensors.ts';
import { parameterSpecs, sizeOf } from '../../../electron/model/t5/config.ts';
import { tokenizerJson } from '../../../electron/model/tokenizer-json.ts';
import { smallSentencePiece } from './sentencepiece-file.ts';
import { smallConfig } from './t5/small.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-folder-'));
  await write('config.json', configJson(smallConfig));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(join(folder, name), content);
const refusal = async (opened: Promise<unknown>): Promise<string> => {
  const error = await opened.then(
    () => null,
    (caught: unknown) => caught,
  );
  return error instanceof Error ? error.message : 'nothing was refused';
};

const tensors = new Map(
  parameterSpecs(smallConfig).map(({ name, shape }, index): [string, FloatTensor] => [
    name,
    { shape, values: new Float32Array(sizeOf(shape)).fill(index / 8) },
  ]),
);
const names = [...tensors.keys()];
const weights = (list: readonly string[]): Map<string, FloatTensor> =>
  new Map([...tensors].filter(([name]) => list.includes(name)));

/** Two shards and their index, in which `changes` can be made. */
async function shard(changes: {
  map?: Record<string, string>;
  second?: readonly string[];
}): Promise<void> {
  const first = names.slice(0, 5);
  const rest = names.slice(5);
  const map = Object.fromEntries(
    names.map((name, i) => [name, i < 5 ? 'a.safetensors' : 'b.safetensors']),
  );
  await writeSafetensors(join(folder, 'a.safetensors'), weights(first));
  await writeSafetensors(join(folder, 'b.safetensors'), weights(changes.second ?? rest));
  const index = { metadata: { total_size: 1 }, weight_map: { ...map, ...changes.map } };
  await write('model.safetensors.index.json', JSON.stringify(index));
}

describe('readModel', () => {
  it('reads a whole file and what the configuration says', async () => {
    await writeSafetensors(join(folder, 'model.safetensors'), tensors, { dtype: 'bfloat16' });
    const { config, dropoutRate, parameters } = await readModel(folder);
    expect(config).toEqual(smallConfig);
    expect(dropoutRate).toBe(0);
    expect([...parameters.keys()]).toEqual(names);
    expect(parameters.get(names[3] ?? '')?.at(-1)).toBe(3 / 8);
  });

  it('reads shards', async () => {
    await shard({});
    const { parameters } = await readModel(folder);
    expect([...parameters].map(([name, values]) => [name, values[0]])).toEqual(
      names.map((name, index) => [name, index / 8]),
    );
  });

  it('names what is wrong with shards', async () => {
    await shard({ map: { [names[0] ?? '']: 'c.safetensors' } });
    expect(await refusal(readModel(folder))).toContain('names c.safetensors, which is not in');
    await shard({ map: { [names[0] ?? '']: 'b.safetensors' } });
    expect(await refusal(readModel(folder))).toContain(
      `places “${names[0] ?? ''}” in b.safetensors, which does not hold it`,
    );
    await shard({ second: names.slice(4) });
    expect(await refusal(readModel(folder))).toContain(
      `leads to “${names[4] ?? ''}” twice, in a.safetensors and b.safetensors`,
    );
    await shard({ map: { extra: '../c.safetensors' } });
    expect(await refusal(readModel(folder))).toContain('not a safetensors file beside it');
    await write('model.safetensors.index.json', '{"weight_map":{}}');
    expect(await refusal(readModel(folder))).toContain('names no tensors');
    await write('model.safetensors.index.json', '{}');
    expect(await refusal(readModel(folder))).toContain('no “weight_map”');
    await write('model.safetensors.index.json', '{');
    expect(await refusal(readModel(folder))).toContain('is not JSON');
  });

  it('lets the weights of a newer folder decide on its head', async () => {
    const newer = {
      ...(JSON.parse(configJson(smallConfig)) as object),
      transformers_version: '5.0',
    };
    await write('config.json', JSON.stringify(newer));
    await writeSafetensors(join(folder, 'model.safetensors'), tensors);
    expect((await readModel(folder)).config.tieWordEmbeddings).toBe(true);
    const shared = tensors.get('shared.weight');
    if (!shared) throw new Error('no embedding');
    const head = { shape: shared.shape, values: shared.values.map(() => 4) };
    const more = new Map([...tensors, ['lm_head.weight', head] as const]);
    await writeSafetensors(join(folder, 'model.safetensors'), more);
    const { config, parameters } = await readModel(folder);
    expect(config.tieWordEmbeddings).toBe(false);
    // 4 / sqrt(16): the scale of the decoder's output moved into the head.
    expect(parameters.get('lm_head.weight')?.[0]).toBe(1);
  });

  it('says when weights are absent, or only there as a pickle', async () => {
    expect(await refusal(readModel(folder))).toContain('has no model.safetensors');
    await write('pytorch_model.bin', '');
    expect(await refusal(readModel(folder))).toContain('only as pytorch_model.bin');
    await rm(join(folder, 'config.json'));
    expect(await refusal(readModel(folder))).toContain('has no config.json');
  });
});

describe('openTokenizer', () => {
  it('prefers tokenizer.json and otherwise converts spiece.model', async () => {
    expect(await refusal(openTokenizer(folder))).toContain('has no tokenizer.json');
    await write('spiece.model', smallSentencePiece());
    expect((await openTokenizer(folder)).tokenizer.vocabularySize).toBe(108);
    const own = tokenizerJson(['▁a', 'b'], { byteFallback: false });
    await write('tokenizer.json', own);
    const { tokenizer, json } = await openTokenizer(folder, smallConfig);
    expect(tokenizer.vocabularySize).toBe(5);
    expect(json).toBe(own);
  });

  it('adds as many sentinels as the folder states or the model has room for', async () => {
    await write('spiece.model', smallSentencePiece());
    expect((await openTokenizer(folder, smallConfig)).tokenizer.vocabularySize).toBe(8);
    await write('tokenizer_config.json', '{"extra_ids": 5}');
    expect((await openTokenizer(folder, smallConfig)).tokenizer.vocabularySize).toBe(13);
    await write('tokenizer_config.json', '{"extra_ids": "many"}');
    expect(await refusal(openTokenizer(folder))).toContain('tokenizer_config.json cannot be read');
  });

  it('refuses the tokenizer of another model', async () => {
    await write('tokenizer.json', tokenizerJson(['▁a', 'b'], { byteFallback: false }));
    const small = { ...smallConfig, vocabSize: 4 };
    expect(await refusal(openTokenizer(folder, small))).toContain('has 5 tokens where the model');
    const other = { ...smallConfig, eosTokenId: 2 };
    expect(await refusal(openTokenizer(folder, other))).toContain('the token 1 where config.json');
  });
});

describe('openModelFolder', () => {
  it('opens all of a folder', async () => {
    await writeSafetensors(join(folder, 'model.safetensors'), tensors);
    await write('spiece.model', smallSentencePiece());
    const opened = await openModelFolder(folder);
    expect(opened.config).toEqual(smallConfig);
    expect(opened.parameters.size).toBe(names.length);
    expect(opened.tokenizer.eosTokenId).toBe(1);
    expect(opened.tokenizerJson).toContain('"Unigram"');
  });
});
