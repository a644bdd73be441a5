import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StudentFinding, StudentReport } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { ParsedConfig } from './config.ts';
import { exists } from './files.ts';
import { hashStudent } from './folder-hash.ts';
import { openTokenizer, readConfigOf } from './folder.ts';
import { findLack, trainingBytes } from './memory-need.ts';
import { readSafetensors } from './safetensors.ts';
import { listTensors, readTensors, type StoredTensor } from './shards.ts';
import type { SystemMemory } from './system-memory.ts';
import { parameterSpecs, sizeOf, type T5Config } from './t5/config.ts';
import type { Tokenizer } from './tokenizer.ts';
import { placeParameters, refuseInfinite, settleHead } from './weights.ts';

/**
 * Looks at a Hugging Face folder before a student is made of it: everything that opening it would
 * refuse, and what a person should know beside. Reads every number once, one tensor at a time, so
 * that a folder larger than the memory can be looked at too.
 *
 * @param use what only matters for training is not said of a student that is to answer
 * @returns what was found, also of a folder that is nothing of the kind; never throws for its content
 */
export async function checkFolder(
  folder: string,
  memory: SystemMemory,
  use: 'training' | 'answering' = 'training',
): Promise<StudentReport> {
  const check = new FolderCheck(folder, memory, use);
  await check.run();
  return check.report();
}

/** Read and decoded again, to see whether a tokenizer fits what it is to read. */
const sentence = 'Tom has 12 apples and buys 30 more. How many apples does he have?';
/** Of the files that are text; what Git keeps in a large file's place until it is fetched. */
const textFiles = ['config.json', 'tokenizer.json', 'spiece.model', 'tokenizer_config.json'];
const pointerStart = 'version https://git-lfs';

const storedNames = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

type Known = Omit<StudentReport, 'folder' | 'usable' | 'findings' | 'memoryBytes'>;

class FolderCheck {
  readonly #folder: string;
  readonly #memory: SystemMemory;
  readonly #use: 'training' | 'answering';
  readonly #findings: StudentFinding[] = [];
  #known: Known = {
    family: null,
    parameters: null,
    layers: null,
    vocabulary: null,
    tokenizerTokens: null,
    storedAs: null,
    fileBytes: null,
    trainingBytes: null,
    sha256: null,
  };

  constructor(folder: string, memory: SystemMemory, use: 'training' | 'answering') {
    this.#folder = folder;
    this.#memory = memory;
    this.#use = use;
  }

  report(): StudentReport {
    return {
      folder: this.#folder,
      usable: this.#usable,
      findings: this.#findings,
      ...this.#known,
      memoryBytes: { available: this.#memory.available, total: this.#memory.total },
    };
  }

  async run(): Promise<void> {
    if (!(await this.#isFolder())) return;
    const pointers = await this.#findPointers();
    const parsed = pointers.has('config.json')
      ? null
      : await this.#attempt(() => readConfigOf(this.#folder));
    const weights = await this.#attempt(() => this.#listWeights());
    if (!pointers.has('tokenizer.json') && !pointers.has('spiece.model')) {
      await this.#attempt(() => this.#checkTokenizer(parsed?.config ?? null));
    }
    if (parsed === null || weights === null) return;
    await this.#attempt(() => this.#checkWeights(parsed, weights));
    if (this.#usable) await this.#attempt(() => this.#hash());
  }

  get #usable(): boolean {
    return !this.#findings.some(({ severity }) => severity === 'error');
  }

  #say(severity: StudentFinding['severity'], message: string, hint: string): void {
    this.#findings.push({ severity, message, hint });
  }

  /** What the work gives; null, with the reason among the findings, where it fails. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (caught) {
      if (caught instanceof StudioError) this.#say('error', caught.message, caught.hint);
      else {
        const detail = caught instanceof Error ? caught.message : String(caught);
        this.#say(
          'error',
          `A file of the folder can't be read: ${detail}`,
          'Check that you may open it, and copy the model folder again from where it came.',
        );
      }
      return null;
    }
  }

  async #isFolder(): Promise<boolean> {
    const found = await stat(this.#folder).catch(() => null);
    if (found?.isDirectory()) return true;
    const name = basename(this.#folder);
    this.#say(
      'error',
      found ? `“${name}” is a file, not a folder.` : `There is no folder “${name}”.`,
      'Choose the folder that has config.json, the weights and the tokenizer in it.',
    );
    return false;
  }

  /** Text files that are only Git LFS pointers; weights say so themselves when they are read. */
  async #findPointers(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const name of textFiles) {
      if ((await startOf(join(this.#folder, name))) !== pointerStart) continue;
      found.add(name);
      this.#say(
        'error',
        `${name} is only a Git LFS pointer to the file.`,
        'Run “git lfs pull” in the model folder, or download the file itself.',
      );
    }
    return found;
  }

  async #listWeights(): Promise<Awaited<ReturnType<typeof listTensors>>> {
    const listed = await listTensors(this.#folder);
    const kinds = new Set([...listed.tensors.values()].map(({ dtype }) => storedNames[dtype]));
    let fileBytes = 0;
    for (const shard of new Set([...listed.tensors.values()].map(({ shard: name }) => name))) {
      fileBytes += (await stat(join(this.#folder, shard))).size;
    }
    this.#known = { ...this.#known, storedAs: [...kinds].join(' and ') || null, fileBytes };
    const halves = [...kinds].filter((kind) => kind !== 'float32');
    if (halves.length > 0 && this.#use === 'training') {
      this.#say(
        'warning',
        `The weights are stored as ${halves.join(' and ')}.`,
        'They are widened to float32 for training, and take twice as much memory as on the disk.',
      );
    }
    return listed;
  }

  async #checkTokenizer(config: T5Config | null): Promise<void> {
    const { tokenizer } = await openTokenizer(this.#folder, config);
    this.#known = { ...this.#known, tokenizerTokens: tokenizer.vocabularySize };
    const largest = tokenizer.largestId();
    if (config !== null && largest >= config.vocabSize) {
      this.#say(
        'error',
        `The tokenizer has a token with the number ${largest}, beyond the model’s ${config.vocabSize} rows.`,
        'Use the tokenizer that was saved together with the model.',
      );
      return;
    }
    await this.#tryTokenizer(tokenizer);
  }

  async #tryTokenizer(tokenizer: Tokenizer): Promise<void> {
    const back = await tokenizer.decode(await tokenizer.encode(sentence, 512));
    if (back.trim() === sentence) return;
    if (back.trim() === '') {
      this.#say(
        'error',
        'The tokenizer reads nothing: a plain sentence comes back empty.',
        'Use the tokenizer that was saved together with the model.',
      );
      return;
    }
    this.#say(
      'warning',
      `The tokenizer does not give a plain sentence back as it was: “${back.slice(0, 120)}”.`,
      'What it cannot write, the student cannot learn to write. Look whether it is the model’s own tokenizer, and made for your language.',
    );
  }

  async #checkWeights(
    parsed: ParsedConfig,
    { tensors, file }: { tensors: ReadonlyMap<string, StoredTensor>; file: string },
  ): Promise<void> {
    const config = await this.#settled(parsed, tensors);
    placeParameters(config, parsed.weightsDecideHead ? withHead(config, tensors) : tensors, file);
    const sizes = parameterSpecs(config).map(({ shape }) => sizeOf(shape));
    const need = trainingBytes(config);
    this.#known = {
      ...this.#known,
      family: parsed.family,
      parameters: sizes.reduce((total, size) => total + size, 0),
      layers: {
        encoder: config.numLayers,
        decoder: config.numDecoderLayers,
        width: config.dModel,
        heads: config.numHeads,
      },
      vocabulary: config.vocabSize,
      trainingBytes: need,
    };
    const lack = findLack(need, this.#memory);
    if (lack && this.#use === 'training') this.#findings.push(lack);
    for (const { name, shard } of tensors.values()) {
      const read = await readSafetensors(join(this.#folder, shard), (each) => each === name);
      refuseInfinite(name, read.get(name)?.values ?? new Float32Array(), shard);
    }
  }

  /** The shape with the head that its weights decide on, where they do. */
  async #settled(
    { config, weightsDecideHead }: ParsedConfig,
    tensors: ReadonlyMap<string, StoredTensor>,
  ): Promise<T5Config> {
    if (!weightsDecideHead) return config;
    const heads = new Set(
      ['shared', 'lm_head', 'encoder.embed_tokens', 'decoder.embed_tokens'].map(
        (name) => `${name}.weight`,
      ),
    );
    if (!tensors.has('lm_head.weight') && config.tieWordEmbeddings) return config;
    const { tensors: read } = await readTensors(this.#folder, (name) => heads.has(name));
    return settleHead(config, read, config.tieWordEmbeddings).config;
  }

  async #hash(): Promise<void> {
    this.#known = { ...this.#known, sha256: await hashStudent(this.#folder) };
  }
}

/** With a head of its own also where the file has none: it is then made from the embedding. */
function withHead(
  config: T5Config,
  tensors: ReadonlyMap<string, StoredTensor>,
): ReadonlyMap<string, StoredTensor> {
  const shared = tensors.get('shared.weight');
  if (config.tieWordEmbeddings || tensors.has('lm_head.weight') || !shared) return tensors;
  return new Map([...tensors, ['lm_head.weight', shared]]);
}

/** As many bytes as a pointer's first words have; empty for a file that is not there. */
async function startOf(path: string): Promise<string> {
  if (!(await exists(path))) return '';
  const handle = await open(path, 'r').catch(() => null);
  if (handle === null) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(pointerStart.length));
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
