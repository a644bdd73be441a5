import type {
  InferenceSession,
  InferenceSessionFactory,
  TensorConstructor,
} from 'onnxruntime-common';
import { StudioError } from '../../contract/errors.ts';
import type { TextWriter } from '../decode.ts';
import type { Float32Tensor } from '../engines/engine.ts';
import { beamSearch, type BeamOptions } from '../generate/beam.ts';
import type { ScoredText } from '../generate/hypotheses.ts';
import { mostLikely, writeTexts, type WrittenText } from '../generate/texts.ts';
import type { RowSource } from '../generate/writing.ts';
import type { T5Config } from '../t5/config.ts';
import { OnnxRows, type OnnxModels } from './onnx-rows.ts';
import { logSumExp } from './predictions.ts';

/** What is used of ONNX Runtime: the modules `onnxruntime-node` and `onnxruntime-web` are both one. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** A model's file: its bytes, or its path where the runtime reads files. */
export type OnnxFile = Uint8Array | string;

export interface OnnxFiles {
  readonly encoder: OnnxFile;
  readonly decoder: OnnxFile;
  /**
   * Weights that lie beside the models, by the name that the models know them by. Not needed where
   * the runtime reads the models' files itself.
   */
  readonly weights?: ReadonlyMap<string, OnnxFile>;
  readonly config: T5Config;
}

export interface OnnxWriterOptions {
  /** For `InferenceSession.create`; by default the runtime's own. */
  readonly session?: InferenceSession.SessionOptions;
}

/**
 * Writes texts with the two models of an ONNX folder: the encoder once, then one run of the decoder
 * per token, with the keys and values of the tokens before. It answers as `Generator` does, and a
 * row's answer does not depend on what else is in the batch. Runs of one writer must not overlap.
 */
export class OnnxWriter implements TextWriter {
  readonly #models: OnnxModels;
  readonly #source: RowSource;

  private constructor(models: OnnxModels) {
    this.#models = models;
    this.#source = {
      config: models.config,
      start: (inputs, rowsPerInput) => OnnxRows.start(models, inputs, rowsPerInput),
      normalizer: (logits) => Promise.resolve(normalizer(logits)),
    };
  }

  /** @throws StudioError `engine-failed` when the runtime refuses a file */
  static async create(
    runtime: OnnxRuntime,
    files: OnnxFiles,
    options: OnnxWriterOptions = {},
  ): Promise<OnnxWriter> {
    const session: InferenceSession.SessionOptions = { logSeverityLevel: 4, ...options.session };
    const beside = (part: string): InferenceSession.SessionOptions => {
      const externalData = [...(files.weights ?? [])]
        .filter(([path]) => path.startsWith(part))
        .map(([path, data]) => ({ path, data }));
      return externalData.length === 0 ? session : { ...session, externalData };
    };
    const encoder = await open(runtime, files.encoder, beside('encoder'), 'encoder');
    const decoder = await open(runtime, files.decoder, beside('decoder'), 'decoder');
    return new OnnxWriter({ encoder, decoder, config: files.config, Tensor: runtime.Tensor });
  }

  /** See `Generator.greedyTexts`. */
  greedyTexts(inputs: readonly Int32Array[], maxTokens: number): Promise<WrittenText[]> {
    return writeTexts(this.#source, inputs, mostLikely, { maxTokens });
  }

  /** See `beamSearch`. */
  beam(inputs: readonly Int32Array[], options: BeamOptions): Promise<ScoredText[][]> {
    return beamSearch(this.#source, inputs, options);
  }

  async dispose(): Promise<void> {
    await this.#models.encoder.release();
    await this.#models.decoder.release();
  }
}

async function open(
  { InferenceSession: factory }: OnnxRuntime,
  file: OnnxFile,
  options: InferenceSession.SessionOptions,
  part: string,
): Promise<InferenceSession> {
  try {
    return typeof file === 'string'
      ? await factory.create(file, options)
      : await factory.create(file, options);
  } catch (caught) {
    const reason = caught instanceof Error ? caught.message : String(caught);
    throw new StudioError(
      'engine-failed',
      `ONNX Runtime could not open the ${part}: ${reason}`,
      'Export the student again; if the memory was full, close other programs first.',
      { cause: caught },
    );
  }
}

function normalizer({ data, shape }: Float32Tensor): Float32Array {
  const [rows = 0, vocabulary = 0] = shape;
  return Float32Array.from({ length: rows }, (_unused, row) =>
    logSumExp(data.subarray(row * vocabulary, (row + 1) * vocabulary)),
  );
}
