import type { ExportFormat } from '../../contract/entities.ts';
import type { TrainTask } from '../../contract/worker.ts';
import type { AnswerFormat } from '../../core/methods.ts';
import type { AnswerOptions, ScoredAnswer } from '../answering.ts';

/** What writing a format takes. */
export interface WriteRequest {
  readonly format: ExportFormat;
  /** The checkpoint: a Hugging Face T5 folder. */
  readonly checkpoint: string;
  /** Exists, and holds `stepwise.json` and `README.md`; every file that is written is synced. */
  readonly folder: string;
  /** What the run trains on, for a training bundle; null for every other format. */
  readonly training: TrainTask | null;
  /** Aborted when the job stops: what is half-written is thrown away by the caller. */
  readonly signal: AbortSignal;
  /** Bytes written so far and in all. */
  progress(done: number, total: number): void;
}

/** A written folder, opened by something that did not train the student. */
export interface OpenedExport {
  /** What answers, with its version, for example `ONNX Runtime 1.30.0 (WebAssembly)`. */
  readonly openedWith: string;
  /** Rows to ask for at once: many enough to be quick, few enough to be heard of every second or two. */
  readonly rowsAtOnce: number;
  /** See `answerTexts`; no answers when the signal was aborted. */
  answer(
    inputs: readonly string[],
    format: AnswerFormat,
    options: AnswerOptions,
  ): Promise<ScoredAnswer[]>;
  dispose(): Promise<void>;
}

/** How a format is written, and opened again. */
export interface FormatHandler {
  /** @throws StudioError with the sentence a person sees; `disk-full` comes from the file system as it is */
  write(request: WriteRequest): Promise<void>;
  /**
   * Opens a folder that holds every file of the format, and nothing outside it. Null where nothing
   * here can.
   * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
   */
  readonly open: ((folder: string, format: ExportFormat) => Promise<OpenedExport>) | null;
}
