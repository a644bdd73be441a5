import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { partFile } from '../parts.ts';
import { packMessage, unpackMessage } from './messages.ts';
import type { Field } from './messages.ts';

/**
 * llama.cpp, compiled to WebAssembly, with one GGUF file: the very program that reads such files
 * elsewhere. It computes on one thread, in the process that calls it.
 */

/** What Emscripten makes of the object that it is given, once its WebAssembly runs. */
interface LlamaModule {
  /** Changes as the memory grows. */
  readonly HEAPU8: Uint8Array;
  readonly FS: {
    mkdir(path: string): void;
    lookupPath(path: string): { node: FileNode };
  };
  FS_createDataFile(
    ...file: [parent: string, name: string, data: ArrayBuffer, ...may: [boolean, boolean, boolean]]
  ): void;
  _wllama_malloc(bytes: bigint, unused: number): bigint;
  cwrap(name: 'wllama_start', returns: 'string', takes: []): () => string;
  cwrap(
    name: 'wllama_action',
    returns: 'bigint',
    takes: ['string', 'bigint'],
  ): (action: string, message: bigint) => bigint;
}

interface FileNode {
  usedBytes: number;
  stream_ops: object;
}

interface Program {
  readonly version: string;
  start(host: object): void;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const Started = z.custom<LlamaModule>(
  (value) => isObject(value) && 'HEAPU8' in value && 'FS' in value && 'cwrap' in value,
);
const Library = z.custom<Program>(
  (value) => isObject(value) && 'version' in value && 'start' in value,
);

/** The package's build reads so many tokens at once, and an encoder must read all of them. */
export const LONGEST_INPUT = 512;

const FOLDER = 'models';
const Done = z.tuple([z.literal(true)]).rest(z.unknown());
/** The answer to `load_req`, whose fields have fixed places. */
const Loaded = Done.transform((fields) => ({ keys: fields[8], values: fields[9] })).pipe(
  z.object({ keys: z.array(z.string()), values: z.array(z.string()) }),
);
const Tokens = z.tuple([z.literal(true), z.array(z.number())]);
const Bytes = z.tuple([z.literal(true), z.instanceof(Buffer)]);
const Likely = z.tuple([z.literal(true), z.tuple([z.number()]), z.tuple([z.number()])]);

export interface SpecialTokens {
  /** What a text begins with. */
  readonly start: number;
  readonly end: number;
  /** Those that stand for no text. */
  readonly unwritten: ReadonlySet<number>;
}

export class Llama {
  /** The version of llama.cpp. */
  readonly version: string;
  readonly #module: LlamaModule;
  readonly #act: (action: string, message: bigint) => bigint;
  readonly #file: string;
  #tokens: SpecialTokens = { start: 0, end: 0, unwritten: new Set() };

  private constructor(module: LlamaModule, version: string, file: string) {
    this.version = version;
    this.#module = module;
    this.#file = file;
    this.#act = module.cwrap('wllama_action', 'bigint', ['string', 'bigint']);
  }

  /**
   * @param contextLength tokens of the longest text that is written, its start token among them
   * @throws StudioError `model-invalid` when llama.cpp cannot read the file
   */
  static async open(path: string, contextLength: number): Promise<Llama> {
    const { module, version } = await startProgram();
    const llama = new Llama(module, version, basename(path));
    module.cwrap('wllama_start', 'string', [])();
    const descriptor = openSync(path, 'r');
    try {
      const inside = placeFile(module, llama.#file, descriptor);
      const loaded = Loaded.safeParse(
        llama.#call('load', 'load_req', loading(inside, contextLength)),
      );
      if (!loaded.success) throw llama.#unreadable(loaded.error);
      llama.#tokens = specialTokens(loaded.data.keys, loaded.data.values);
      return llama;
    } finally {
      closeSync(descriptor);
    }
  }

  /** Tokens that the file gives a part of their own. */
  get tokens(): SpecialTokens {
    return this.#tokens;
  }

  /** Ids of a text by the file's own tokenizer, without the end token. */
  tokenize(text: string): number[] {
    return Tokens.parse(this.#call('tokenize', 'tokn_req', [text, false]))[1];
  }

  detokenize(ids: ArrayLike<number>): string {
    const [, bytes] = Bytes.parse(this.#call('detokenize', 'dtkn_req', [{ integers: ids }]));
    return bytes.toString('utf8');
  }

  /** Reads an input, at most {@link LONGEST_INPUT} tokens, and forgets every one before. */
  read(ids: ArrayLike<number>): void {
    this.#call('kv_clear', 'kvcc_req', []);
    Done.parse(this.#call('encode', 'enco_req', [{ integers: ids }]));
  }

  /** Writes one more token. @returns the most likely next one, and how probable it is */
  next(token: number): { readonly token: number; readonly probability: number } {
    Done.parse(this.#call('decode', 'deco_req', [{ integers: [token] }, false]));
    const [, [id], [probability]] = Likely.parse(
      this.#call('get_logits', 'glog_req', [{ integer: 1 }]),
    );
    return { token: id, probability };
  }

  #call(action: string, name: string, fields: readonly Field[]): unknown {
    const message = packMessage(name, fields);
    const module = this.#module;
    try {
      const place = module._wllama_malloc(BigInt(message.byteLength), 0);
      module.HEAPU8.set(message, Number(place));
      const answer = Number(this.#act(action, place));
      // The answer's length comes where the question was.
      const length = Buffer.from(module.HEAPU8.slice(Number(place), Number(place) + 4));
      const bytes = module.HEAPU8.slice(answer, answer + length.readUInt32LE());
      return unpackMessage(Buffer.from(bytes));
    } catch (cause) {
      throw this.#unreadable(cause);
    }
  }

  #unreadable(cause?: unknown): StudioError {
    return new StudioError(
      'model-invalid',
      `llama.cpp cannot read ${this.#file}.`,
      'Export the student once more.',
      { cause },
    );
  }
}

async function startProgram(): Promise<{ module: LlamaModule; version: string }> {
  const require = createRequire(import.meta.url);
  const program = Library.parse(require(partFile('llama.cjs')));
  const wasmBinary = readFileSync(partFile('llama.wasm'));
  const host = {};
  await new Promise<void>((resolve, reject) => {
    const silent = (): void => undefined;
    Object.assign(host, {
      ...{ noInitialRun: true, print: silent, printErr: silent, wasmBinary },
      locateFile: (name: string) => name,
      onRuntimeInitialized: resolve,
      onAbort: (reason: unknown) => {
        reject(new Error(`llama.cpp ended: ${String(reason)}`));
      },
    });
    program.start(host);
  });
  return { module: Started.parse(host), version: program.version };
}

/** Lets llama.cpp read a file where it is, instead of a copy of it in memory. */
function placeFile(module: LlamaModule, name: string, descriptor: number): string {
  const { size } = fstatSync(descriptor);
  module.FS.mkdir(`/${FOLDER}`);
  module.FS_createDataFile(`/${FOLDER}`, name, new ArrayBuffer(0), true, true, true);
  const { node } = module.FS.lookupPath(`/${FOLDER}/${name}`);
  node.usedBytes = size;
  node.stream_ops = {
    ...node.stream_ops,
    read: (
      ...[, into, offset, length, position]: [unknown, Uint8Array, number, number, number]
    ): number => readSync(descriptor, into, offset, Math.min(length, size - position), position),
  };
  return `${FOLDER}/${name}`;
}

function specialTokens(keys: readonly string[], values: readonly string[]): SpecialTokens {
  const ids = new Map(keys.map((key, at) => [key, Number(values[at])]));
  const id = (key: string): number => ids.get(key) ?? -1;
  const end = id('tokenizer.ggml.eos_token_id');
  const [pad, unknown] = [
    id('tokenizer.ggml.padding_token_id'),
    id('tokenizer.ggml.unknown_token_id'),
  ];
  return { start: id('t5.decoder_start_token_id'), end, unwritten: new Set([end, pad, unknown]) };
}

/** The fields of `load_req` in their order: everything in float32, on one thread. */
function loading(path: string, contextLength: number): Field[] {
  const defaults = (count: number): null[] => new Array<null>(count).fill(null);
  return [
    { strings: [path] },
    ...[false, false, false],
    ...[0, 1, contextLength, 1].map((integer): Field => ({ integer })),
    ...defaults(2),
    { integer: LONGEST_INPUT },
    { integer: 1 },
    ...defaults(9),
    ...['f32', 'f32'],
    ...[false, true],
  ];
}
