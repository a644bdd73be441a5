import { StudioError } from '../../contract/errors.ts';
import type { AnswerFormat } from '../../core/methods.ts';
import { answerTexts } from '../answering.ts';
import type { ScoredAnswer } from '../answering.ts';
import { parseConfig } from '../config.ts';
import type { TextCoder, TextWriter } from '../decode.ts';
import type { TensorFlowEngine } from '../engines/tensorflow-primitives.ts';
import { Decoder } from '../generate/decoder.ts';
import { mostLikely, writeTexts } from '../generate/texts.ts';
import type { T5Config } from '../t5/config.ts';
import { matchParameters } from '../weights.ts';
import { parseAskedAs } from './asked-as.ts';
import type { AskedAs } from './asked-as.ts';
import { FolderFiles } from './folder-files.ts';
import type { FilesCheck, ReadFile } from './folder-files.ts';
import { openTensorFlowJs } from './tensorflowjs.ts';
import type { TensorFlowJsEngine } from './tensorflowjs.ts';
import { PortableTokenizer } from './tokenizer.ts';
import { bytesOf, modelFile, parseModelJson, weightsIn } from './weights-manifest.ts';

/** TensorFlow.js' kernels, compiled to WebAssembly. */
export const wasmFile = 'tfjs-backend-wasm-simd.wasm';

/** TensorFlow.js with its WebAssembly backend, while somebody uses it. */
export interface TensorFlowJs {
  readonly engine: TensorFlowEngine;
  readonly version: string;
  /** Gives the backend's memory back when nobody else uses it. */
  release(): void;
}

/** What a student needs from where it runs. */
export interface Surroundings {
  startTensorFlow(wasm: Uint8Array<ArrayBuffer>): Promise<TensorFlowJs>;
  /** Lets other work of this thread go first, now and then. */
  pause(): Promise<void>;
  /** Milliseconds that only rise. */
  now(): number;
}

export interface OpenOptions {
  /** Bytes of the weights read so far and in all, after every file. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface AskOptions {
  /** Also write a rationale, where the student was taught to explain. Default false. */
  readonly rationale?: boolean;
  /** Inputs answered at once; answers do not depend on it. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Inputs done so far, after every batch. */
  readonly onBatch?: (done: number) => void;
  /** How inputs are marked and cut; by default what the folder says. */
  readonly format?: AnswerFormat;
}

export interface WebAnswer extends ScoredAnswer {
  /** Whether the teacher is to be asked instead: the confidence is below the chosen threshold. */
  readonly toTeacher: boolean;
}

/** A student as it was read, ready to be computed with. */
export interface StudentParts {
  readonly config: T5Config;
  /** By Hugging Face's names; they must not change any more. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly coder: TextCoder;
  readonly asked: AskedAs;
  readonly check: FilesCheck;
  /** The content of {@link wasmFile}. */
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** A student that answers with TensorFlow.js, in a web page or in Node. */
export class WebStudent {
  /** What computes, for example `TensorFlow.js 4.22.0 (WebAssembly)`. */
  readonly runtime: string;
  readonly asked: AskedAs;
  readonly check: FilesCheck;
  readonly #around: Surroundings;
  readonly #coder: TextCoder;
  readonly #decoder: Decoder;
  readonly #engine: TensorFlowJsEngine;
  readonly #tensorFlow: TensorFlowJs;

  private constructor(
    { asked, check, coder }: StudentParts,
    decoder: Decoder,
    engine: TensorFlowJsEngine,
    { tensorFlow, around }: { tensorFlow: TensorFlowJs; around: Surroundings },
  ) {
    this.runtime = `TensorFlow.js ${tensorFlow.version} (WebAssembly)`;
    this.asked = asked;
    this.check = check;
    this.#around = around;
    this.#coder = coder;
    this.#decoder = decoder;
    this.#engine = engine;
    this.#tensorFlow = tensorFlow;
  }

  /**
   * Opens a folder in the format `tensorflowjs`.
   *
   * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
   */
  static async open(
    read: ReadFile,
    around: Surroundings,
    options: OpenOptions = {},
  ): Promise<WebStudent> {
    const files = await FolderFiles.open(read);
    const [wasm, config, tokenizer, asked, weights] = await Promise.all([
      files.bytes(wasmFile),
      files.text('config.json'),
      files.text('tokenizer.json'),
      files.text('stepwise.json'),
      readWeights(files, options),
    ]);
    const parsed = parseConfig(config);
    const parts = {
      config: parsed,
      parameters: matchParameters(parsed, weights, modelFile),
      coder: PortableTokenizer.fromJson(tokenizer),
      asked: parseAskedAs(asked),
      ...{ check: files.check, wasm },
    };
    return WebStudent.of(parts, around);
  }

  /** A student whose folder was read already. */
  static async of(parts: StudentParts, around: Surroundings): Promise<WebStudent> {
    const tensorFlow = await around.startTensorFlow(parts.wasm);
    const { config, parameters } = parts;
    const engine = openTensorFlowJs({
      engine: tensorFlow.engine,
      weights: parameters.values(),
      pause: () => around.pause(),
    });
    try {
      const decoder = await Decoder.create(engine, config, parameters, { fixed: true });
      return new WebStudent(parts, decoder, engine, { tensorFlow, around });
    } catch (caught) {
      engine.dispose();
      tensorFlow.release();
      throw caught;
    }
  }

  /**
   * The student's answer to each input, greedily decoded.
   *
   * @returns no answers when the signal was aborted
   */
  async answer(inputs: readonly string[], options: AskOptions = {}): Promise<WebAnswer[]> {
    const { format = this.asked, rationale = false, ...rest } = options;
    const decoder = this.#decoder;
    // Greedy alone, as `Generator.greedyTexts`: beams and samples need not travel with a page.
    const writer: TextWriter = {
      greedyTexts: (ids, maxTokens) => writeTexts(decoder, ids, mostLikely, { maxTokens }),
    };
    const speaker = { writer, coder: this.#coder };
    const about = { ...rest, rationale, now: () => this.#around.now() };
    const answers = await answerTexts(speaker, inputs, format, about);
    const threshold = this.asked.cascade?.threshold ?? null;
    return answers.map((answer) => ({
      ...answer,
      // A confidence that is no number is none.
      toTeacher: threshold !== null && !(answer.confidence >= threshold),
    }));
  }

  /** Gives the memory of the weights back; the student cannot be asked any more. */
  async dispose(): Promise<void> {
    await this.#decoder.dispose();
    this.#engine.dispose();
    this.#tensorFlow.release();
  }
}

/** All files of numbers at once, in one piece of memory. */
async function readWeights(
  files: FolderFiles,
  { onProgress }: OpenOptions,
): Promise<ReturnType<typeof weightsIn>> {
  const manifest = parseModelJson(await files.text(modelFile));
  const total = bytesOf(manifest.weights);
  let done = 0;
  onProgress?.(done, total);
  const shards = await Promise.all(
    manifest.paths.map(async (path) => {
      const bytes = await files.bytes(path);
      done += bytes.byteLength;
      onProgress?.(done, total);
      return bytes;
    }),
  );
  if (done !== total) {
    throw new StudioError(
      'model-invalid',
      `The files of weights hold ${done} bytes where ${modelFile} expects ${total}.`,
      'Copy the whole folder again from where it came, or export the student again.',
    );
  }
  const whole = new Uint8Array(total);
  shards.reduce((offset, shard) => {
    whole.set(shard, offset);
    return offset + shard.byteLength;
  }, 0);
  return weightsIn(manifest, whole.buffer);
}
