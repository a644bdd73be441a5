import type { RunSettings } from '../../../contract/entities.ts';
import type { StudentManifest } from '../../../contract/export.ts';
import type { EncodedRow, RowOrder } from '../../batches.ts';
import type { T5Config } from '../../t5/config.ts';

/** A validation row as ids can tell whether it was answered right. */
export interface ValidationRow {
  readonly input: Int32Array;
  /** Answers that count as right, without an end token; the first is the gold label. */
  readonly accepted: readonly Int32Array[];
}

/** Everything that a training bundle holds, before it is written. */
export interface BundleContents {
  readonly settings: RunSettings;
  readonly config: T5Config;
  /** Where the training starts: the student's tensors by name. */
  readonly initial: ReadonlyMap<string, Float32Array>;
  /** The content of `tokenizer.json`, which the trained student is to have. */
  readonly tokenizerJson: string;
  readonly manifest: StudentManifest;
  readonly rows: readonly EncodedRow[];
  /** Those that are decoded at every evaluation. */
  readonly validation: readonly ValidationRow[];
  /** The order of rows from the first step on, each time anew. */
  order(): RowOrder;
}

/** What writing needs from whoever asks for it. */
export interface BundleHost {
  readonly signal: AbortSignal;
  /** Bytes written so far and in all, both about. */
  progress(done: number, total: number): void;
}
