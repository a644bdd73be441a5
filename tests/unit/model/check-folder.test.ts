import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudentReport } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { checkFolder } from '../../../electron/model/check-folder.ts';
import { configJson } from '../../../electron/model/config.ts';
import { hashStudent } from '../../../electron/model/folder-hash.ts';
import { openModelFolder } from '../../../electron/model/folder.ts';
import { trainingBytes } from '../../../electron/model/memory-need.ts';
import { writeSafetensors } from '../../../electron/model/safetensors.ts';
import type { T5Config } from '../../../electron/model/t5/config.ts';
import { tokenizerJson } from '../../../electron/model/tokenizer-json.ts';
import {
  copyFixture,
  fixturesPresent,
  randomWeights,
  realSentencePiece,
  realTokenizer,
  writeStudentFolder,
} from './student-folder.ts';
import { smallConfig } from './t5/small.ts';

const memory = { available: 1e9, total: 2e9 };
let folder = '';
let config: T5Config;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-folder-'));
  config = await writeStudentFolder(folder);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, content: string | Uint8Array): Promise<void> =>
  writeFile(join(folder, name), content);
const remove = (name: string): Promise<void> => rm(join(folder, name));
const writeConfig = (changes: object): Promise<void> =>
  write(
    'config.json',
    JSON.stringify({ ...(JSON.parse(configJson(config)) as object), ...changes }),
  );

/** The report, held to the contract: every count is a whole number, and so on. */
async function check(of = memory): Promise<StudentReport> {
  return StudentReport.parse(await checkFolder(folder, of));
}

/** The messages of one severity, each with something to do. */
function said({ findings }: StudentReport, severity: 'error' | 'warning'): string {
  for (const { hint } of findings) expect(hint).not.toBe('');
  return findings
    .filter((finding) => finding.severity === severity)
    .map(({ message }) => message)
    .join('\n');
}

describe('a folder that can be used', () => {
  it('is described, and has a hash that any of its files changes', async () => {
    const report = await check();
    expect(report).toMatchObject({
      folder,
      usable: true,
      findings: [],
      family: 'T5 v1.1',
      layers: { encoder: 1, decoder: 2, width: 16, heads: 2 },
      vocabulary: 304,
      storedAs: 'float32',
      memoryBytes: memory,
    });
    expect(report.tokenizerTokens).toBeLessThanOrEqual(304);
    expect(report.trainingBytes?.full).toBe(16 * (report.parameters ?? 0));
    expect(report.sha256).toBe(await hashStudent(folder));
    await write('README.md', 'anything');
    expect((await check()).sha256).toBe(report.sha256);
    await writeConfig({ dropout_rate: 0.1 });
    expect((await check()).sha256).not.toBe(report.sha256);
  });

  it('may be of each family, and stored in halves, which is told', async () => {
    await writeStudentFolder(folder, { config: { ...smallConfig, feedForward: 'relu' } });
    expect((await check()).family).toBe('T5');
    const mt5 = { ...smallConfig, tieWordEmbeddings: false, modelType: 'mt5' as const };
    await writeStudentFolder(folder, { config: mt5, dtype: 'bfloat16' });
    const report = await check();
    expect(report).toMatchObject({ usable: true, family: 'mT5', storedAs: 'bfloat16' });
    expect(said(report, 'warning')).toContain('stored as bfloat16');
    expect((await openModelFolder(folder)).config.modelType).toBe('mt5');
  });

  it('may let its weights decide on the head, as newer files do', async () => {
    await writeConfig({ transformers_version: '5.0', tie_word_embeddings: false });
    const report = await check();
    expect(report.usable).toBe(true);
    const { parameters } = await openModelFolder(folder);
    expect(report.parameters).toBe(
      [...parameters.values()].reduce((total, { length }) => total + length, 0),
    );
  });

  it.skipIf(!fixturesPresent)(
    `may be one of the reference’s${fixturesPresent ? '' : ' (skipped: ../shared/fixtures is absent)'}`,
    async () => {
      for (const [name, family] of [
        ['t5-v1_0-tiny', 'T5'],
        ['t5-v1_1-tiny', 'T5 v1.1'],
      ] as const) {
        await copyFixture(name, folder);
        expect(await check()).toMatchObject({ usable: true, findings: [], family });
        // The real tokenizer has 32,100 tokens for the 512 rows of these models.
        for (const file of [realTokenizer, realSentencePiece]) {
          await remove('tokenizer.json').catch(() => undefined);
          await cp(file, join(folder, file === realTokenizer ? 'tokenizer.json' : 'spiece.model'));
          expect(said(await check(), 'error')).toMatch(
            /has 32\d00 tokens where the model knows 512/,
          );
        }
        await remove('spiece.model');
      }
    },
  );
});

describe('what is missing', () => {
  it.each([
    ['config.json', 'has no config.json'],
    ['model.safetensors', 'has no model.safetensors'],
    ['tokenizer.json', 'has no tokenizer.json'],
  ])('%s', async (name, message) => {
    await remove(name);
    const report = await check();
    expect(report).toMatchObject({ usable: false, sha256: null });
    expect(said(report, 'error')).toContain(message);
  });

  it('the folder itself, or it is a file', async () => {
    expect(said(await checkFolder(join(folder, 'no'), memory), 'error')).toContain('There is no');
    const file = await checkFolder(join(folder, 'config.json'), memory);
    expect(said(file, 'error')).toContain('is a file, not a folder');
  });

  it('weights in a format that is read: how to convert them', async () => {
    await remove('model.safetensors');
    await write('pytorch_model.bin', 'anything');
    const report = await check();
    expect(said(report, 'error')).toContain('only as pytorch_model.bin');
    expect(report.findings[0]?.hint).toContain('save_pretrained');
  });

  it('a shard', async () => {
    await remove('model.safetensors');
    const map = { 'shared.weight': 'model-00001-of-00002.safetensors' };
    await write('model.safetensors.index.json', JSON.stringify({ weight_map: map }));
    expect(said(await check(), 'error')).toContain('names model-00001-of-00002.safetensors');
  });

  it('files that Git has only pointers to', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 12\n';
    for (const name of ['model.safetensors', 'tokenizer.json', 'config.json']) {
      await write(name, pointer);
    }
    const errors = said(await check(), 'error');
    for (const name of ['model.safetensors', 'tokenizer.json', 'config.json']) {
      expect(errors).toContain(`${name} is only a Git LFS pointer`);
    }
    expect(errors.split('\n')).toHaveLength(3);
  });
});

describe('what does not fit', () => {
  it.each([
    [{ model_type: 'umt5' }, 'UMT5'],
    [{ model_type: 'bert' }, 'the family “bert”'],
    [{ architectures: ['T5EncoderModel'] }, 'T5EncoderModel, which does not write text'],
    [{ d_model: 32 }, 'where config.json asks for [304, 32]'],
    [{ num_layers: 2 }, 'lacks “encoder.block.1'],
    [{ vocab_size: 20 }, 'tokens where the model knows 20'],
    [{ eos_token_id: 2 }, 'where config.json says 2'],
  ])('the configuration %o', async (changes, message) => {
    await writeConfig(changes);
    const report = await check();
    expect(report.usable).toBe(false);
    expect(said(report, 'error')).toContain(message);
  });

  it('weights that are no numbers, in any tensor', async () => {
    const weights = randomWeights(config);
    weights.get('decoder.block.1.layer.2.DenseReluDense.wo.weight')?.values.fill(Number.NaN, 3, 4);
    await writeSafetensors(join(folder, 'model.safetensors'), weights);
    expect(said(await check(), 'error')).toMatch(/“decoder.block.1.*no finite numbers/);
  });

  it('a tokenizer without an end, with numbers beyond the rows, or of another language', async () => {
    const good = await readFile(join(folder, 'tokenizer.json'), 'utf8');
    await write('tokenizer.json', good.replaceAll('</s>', '<end>'));
    expect(said(await check(), 'error')).toContain('no end token');
    const vocab = { '<unk>': 0, '</s>': 1, Tom: 900 };
    const model = { type: 'WordLevel', vocab, unk_token: '<unk>' };
    const gaps = { version: '1.0', pre_tokenizer: { type: 'Whitespace' }, model };
    await write('tokenizer.json', JSON.stringify(gaps));
    expect(said(await check(), 'error')).toContain('number 900, beyond the model’s 304 rows');
    await write('tokenizer.json', tokenizerJson(['▁가', '나'], { byteFallback: false }));
    expect(said(await check(), 'error')).toContain('comes back empty');
    await write('tokenizer.json', tokenizerJson(['▁Tom', '▁has'], { byteFallback: false }));
    const partly = await check();
    expect(partly.usable).toBe(true);
    expect(said(partly, 'warning')).toContain('does not give a plain sentence back');
  });
});

describe('memory', () => {
  it('is told when it is short, and refused when no way is left', async () => {
    const { full, lora } = trainingBytes(config);
    expect(lora).toBeLessThan(full);
    const about = (total: number, available = total) => check({ available, total });
    expect(said(await about(10 * full, full - 1), 'warning')).toContain('are free at the moment');
    expect(said(await about(full - 1), 'warning')).toContain('this computer has');
    const tooLarge = await about(lora - 1);
    expect(tooLarge.usable).toBe(false);
    expect(said(tooLarge, 'error')).toContain('too large for this computer');
  });
});

describe('garbage', () => {
  it('is described, whatever bytes it is', async () => {
    const random = new Random(11);
    const names = ['config.json', 'model.safetensors', 'tokenizer.json'] as const;
    const whole = new Map<string, Buffer>();
    for (const name of names) whole.set(name, await readFile(join(folder, name)));
    let unusable = 0;
    for (let round = 0; round < 120; round++) {
      const name = names[round % names.length] ?? 'config.json';
      const bytes = Buffer.from(whole.get(name) ?? []);
      // Mostly in the part that says what follows.
      const reach = Math.min(bytes.length, random.next() < 0.8 ? 4_000 : bytes.length);
      const hits = random.integer(1, 8);
      for (let hit = 0; hit < hits; hit++) {
        bytes[random.integer(0, reach - 1)] = random.integer(0, 255);
      }
      const cut = random.next() < 0.2 ? random.integer(0, bytes.length) : bytes.length;
      await write(name, bytes.subarray(0, cut));
      const report = await check();
      if (!report.usable) unusable++;
      else expect(report.sha256).toMatch(/^[0-9a-f]{64}$/);
      // What the check lets through opens.
      if (report.usable) await openModelFolder(folder);
      await write(name, whole.get(name) ?? '');
    }
    expect(unusable).toBeGreaterThan(20);
  });
});
