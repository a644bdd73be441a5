import type { InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common';
import type { TextWriter } from '../decode.ts';
import type { BeamOptions } from '../generate/beam.ts';
import type { ScoredText } from '../generate/hypotheses.ts';
import type { WrittenText } from '../generate/texts.ts';
import type { T5Config } from '../t5/config.ts';

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
  /** Weights that lie beside the models (over 1.9 GB), by the name that the model knows them by. */
  readonly weights?: ReadonlyMap<string, OnnxFile>;
  readonly config: T5Config;
}

/** Writes texts with the two models of an ONNX folder; see `Generator`, which it answers as. */
export class OnnxWriter implements TextWriter {
  static create(_runtime: OnnxRuntime, _files: OnnxFiles): Promise<OnnxWriter> {
    return Promise.reject(new Error('The driver is being written.'));
  }

  /** The most likely continuation of every input, and how probable each token was. */
  greedyTexts(_inputs: readonly Int32Array[], _maxTokens: number): Promise<WrittenText[]> {
    return Promise.resolve([]);
  }

  /** See `beamSearch`. */
  beam(_inputs: readonly Int32Array[], _options: BeamOptions): Promise<ScoredText[][]> {
    return Promise.resolve([]);
  }

  async dispose(): Promise<void> {
    await Promise.resolve();
  }
}
