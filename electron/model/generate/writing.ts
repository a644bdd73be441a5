import type { Float32Tensor } from '../engines/engine.ts';
import type { T5Config } from '../t5/config.ts';

/** Which token comes next in every row, and how probable it is. */
export interface NextTokens {
  readonly tokens: ArrayLike<number>;
  /** Null where tokens are drawn. */
  readonly probabilities: ArrayLike<number> | null;
}

/** Rows of text that are being written, token by token, whatever computes them. */
export interface WritingRows {
  /** Rows that are left. */
  readonly count: number;
  /** Tokens written so far. */
  readonly past: number;
  /** Reads a token in every row; the most likely one after it, per row. */
  next(tokens: readonly number[]): Promise<NextTokens>;
  /** Reads a token in every row; the logits after it [rows, vocabulary], valid until the next step. */
  logits(tokens: readonly number[]): Promise<Float32Tensor>;
  /** Makes row `to` a copy of row `from`, which must belong to the same input. */
  copy(from: number, to: number): void;
  /**
   * Lets finished rows leave.
   *
   * @param stays per row
   * @returns for each row that is left, where it was
   */
  keep(stays: readonly boolean[]): number[];
}

/** What can write: the model behind rows. */
export interface RowSource {
  readonly config: Pick<T5Config, 'decoderStartTokenId' | 'eosTokenId'>;
  /**
   * Encodes the inputs. Row `i` belongs to input `floor(i / rowsPerInput)`.
   *
   * @param inputs token ids per input with the end-of-sequence token, without padding; not none
   * @throws StudioError `invalid-input` when an input is empty.
   */
  start(inputs: readonly Int32Array[], rowsPerInput: number): Promise<WritingRows>;
  /** Per row of logits [rows, vocabulary] the logarithm of the sum of exponentials. */
  normalizer(logits: Float32Tensor): Promise<Float32Array>;
}
