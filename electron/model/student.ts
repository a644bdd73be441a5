import type { StudentAnswer } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { StudentManifest } from '../contract/worker.ts';
import type { PredictBatch, PredictTask, SpeedTask, StopReason } from '../contract/worker.ts';
import { lengthsOf, splitAnswer } from '../core/methods.ts';
import type { AnswerFormat } from '../core/methods.ts';
import { withPrefix } from './batches.ts';
import { confidenceOf, labelStarts } from './confidence.ts';
import { decodeTexts, streamText } from './decode.ts';
import type { Decoded } from './decode.ts';
import type { Engine } from './engines/engine.ts';
import { readIfPresent } from './files.ts';
import { openModelFolder } from './folder.ts';
import { Generator } from './generate/index.ts';
import type { Tokenizer } from './tokenizer.ts';

/** How inputs are marked and cut; by default what the student's folder says. */
export type AnswerSettings = AnswerFormat;

/** A student's answer, and how sure it was of it. */
export interface ScoredAnswer extends StudentAnswer {
  /**
   * Probability that it gave to the label it wrote, see {@link confidenceOf}; 0 where it came to no
   * label, so that such an answer is the first that is passed on or looked through.
   */
  readonly confidence: number;
}

export interface AnswerOptions {
  /** Also write a rationale; null answers where the student was not taught to explain. */
  readonly rationale: boolean;
  /** Rows decoded at once; answers do not depend on it. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Rows done so far, after every batch. */
  readonly onBatch?: (done: number) => void;
  /** Milliseconds that only rise, for the time that answers take. */
  readonly now: () => number;
  readonly settings?: AnswerSettings;
}

export interface StreamOptions {
  readonly task: 'label' | 'rationale';
  readonly signal?: AbortSignal;
  readonly settings?: AnswerSettings;
}

export interface LabelOptions {
  /** Default: those of the student's folder. */
  readonly labels?: readonly string[];
  readonly settings?: AnswerSettings;
}

/** For a T5 folder that does not say how it was trained. */
const plainSettings: AnswerSettings = {
  labelPrefix: '',
  rationalePrefix: null,
  answerMark: null,
  rationaleMark: null,
  maxInputTokens: 512,
  maxLabelTokens: 128,
  maxRationaleTokens: 256,
};

/** Larger students are not laid out anew for speed, which would take their memory once more. */
const FIXED_BYTES = 2 ** 30;

/** A trained student, opened from a Hugging Face T5 folder to be asked. */
export class Student {
  /** What `stepwise.json` says; null for a folder from elsewhere. */
  readonly manifest: StudentManifest | null;
  readonly #tokenizer: Tokenizer;
  readonly #generator: Generator;

  private constructor(
    manifest: StudentManifest | null,
    tokenizer: Tokenizer,
    generator: Generator,
  ) {
    this.manifest = manifest;
    this.#tokenizer = tokenizer;
    this.#generator = generator;
  }

  /**
   * Opens a folder and checks that its files belong together.
   *
   * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
   */
  static async open(folder: string, engine: Engine): Promise<Student> {
    const { config, parameters, tokenizer } = await openModelFolder(folder);
    const manifest = parseManifest(await readIfPresent(folder, 'stepwise.json'));
    const bytes = [...parameters.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const generator = await Generator.create(engine, config, parameters, {
      fixed: bytes <= FIXED_BYTES,
    });
    return new Student(manifest, tokenizer, generator);
  }

  /**
   * The student's label for each input, greedily decoded, and its rationale where asked for. One that
   * writes both in one text gives its rationale in any case, and no label where it came to none.
   * `milliseconds` is the time of the row's batches divided by their rows.
   *
   * @returns no answers when the signal was aborted
   */
  async answer(inputs: readonly string[], options: AnswerOptions): Promise<ScoredAnswer[]> {
    const settings = options.settings ?? this.manifest ?? plainSettings;
    const { input: maxInputTokens, target } = lengthsOf(settings);
    const written = await this.#write(inputs, settings.labelPrefix, target, {
      ...options,
      settings: { ...settings, maxInputTokens },
    });
    const { answerMark } = settings;
    if (answerMark !== null) return this.#takeApart(written, answerMark);
    const explained =
      options.rationale && settings.rationalePrefix !== null
        ? await this.#write(inputs, settings.rationalePrefix, settings.maxRationaleTokens, {
            ...options,
            settings,
          })
        : null;
    if (options.signal?.aborted) return [];
    return written.map((label, index) => {
      const rationale = explained?.[index];
      return {
        label: label.text,
        confidence: label.text === '' ? 0 : confidenceOf(label),
        rationale: rationale?.text ?? null,
        milliseconds: label.milliseconds + (rationale?.milliseconds ?? 0),
      };
    });
  }

  /**
   * A label, or a rationale, as it is written: the whole text so far. Ends early when the signal is
   * aborted, and at once when a rationale is asked of a student that was not taught to explain.
   */
  async *stream(input: string, options: StreamOptions): AsyncGenerator<string> {
    const settings = options.settings ?? this.manifest ?? plainSettings;
    const explains = options.task === 'rationale';
    const prefix = explains ? settings.rationalePrefix : settings.labelPrefix;
    if (prefix === null) return;
    yield* streamText(this.#generator, this.#tokenizer, withPrefix(prefix, input), {
      maxInputTokens: settings.maxInputTokens,
      maxTokens: explains ? settings.maxRationaleTokens : settings.maxLabelTokens,
      signal: options.signal,
    });
  }

  /**
   * How probable each label of a closed set is, per input; they add up to 1. The labels are those
   * the student was trained with, unless others are given: the choices of a question, for example.
   *
   * @returns per input label -> probability; empty where there are no labels
   */
  async labelProbabilities(
    inputs: readonly string[],
    options: LabelOptions = {},
  ): Promise<ReadonlyMap<string, number>[]> {
    const settings = options.settings ?? this.manifest ?? plainSettings;
    const labels = [...new Set(options.labels ?? this.manifest?.labels ?? [])];
    const rows = await this.#tokenizer.encodeAll(
      inputs.map((input) => withPrefix(settings.labelPrefix, input)),
      settings.maxInputTokens,
    );
    const targets = await this.#tokenizer.encodeAll(labels, settings.maxLabelTokens);
    const scores = await this.#generator.labelProbabilities(rows, targets);
    return scores.map(
      ({ probabilities }) => new Map(labels.map((label, at) => [label, probabilities[at] ?? 0])),
    );
  }

  async dispose(): Promise<void> {
    await this.#generator.dispose();
  }

  /** Answers of a student that writes rationale, mark and label in one text. */
  async #takeApart(written: readonly Decoded[], mark: string): Promise<ScoredAnswer[]> {
    const starts = await labelStarts(this.#tokenizer, written, mark);
    return written.map((row, index) => {
      const answer = splitAnswer(row.text, mark);
      const from = answer.label === '' ? null : (starts[index] ?? null);
      return {
        ...answer,
        confidence: from === null ? 0 : confidenceOf(row, from),
        milliseconds: row.milliseconds,
      };
    });
  }

  async #write(
    inputs: readonly string[],
    prefix: string,
    maxTokens: number,
    options: AnswerOptions & { readonly settings: AnswerSettings },
  ): Promise<Decoded[]> {
    const decoded = await decodeTexts(
      this.#generator,
      this.#tokenizer,
      inputs.map((input) => withPrefix(prefix, input)),
      {
        maxInputTokens: options.settings.maxInputTokens,
        maxTokens,
        batchSize: options.batchSize ?? 32,
        signal: options.signal,
        now: options.now,
        onBatch: options.onBatch,
      },
    );
    return decoded ?? [];
  }
}

/** What asking a student needs from whoever runs it. */
export interface AskingHost<Batch> {
  readonly engine: Engine;
  /** Aborted with the reason `pause` or `cancel`. */
  readonly signal: AbortSignal;
  report(batch: Batch): void | Promise<void>;
  /** Milliseconds that only rise. */
  now(): number;
}

/** Answers are reported in batches of this many rows… */
const REPORT_ROWS = 32;
/** …after so many were sorted by length and decoded together. */
const WINDOW_ROWS = 4 * REPORT_ROWS;

/**
 * Answers every input of a task with the student in its folder, reporting as it goes, in order.
 *
 * @throws StudioError as {@link Student.open}
 */
export async function predictTask(
  task: PredictTask,
  host: AskingHost<PredictBatch>,
): Promise<{ stopped: StopReason | null }> {
  const student = await Student.open(task.folder, host.engine);
  try {
    for (let start = 0; start < task.inputs.length; start += WINDOW_ROWS) {
      const answers = await student.answer(task.inputs.slice(start, start + WINDOW_ROWS), {
        rationale: task.rationalePrefix !== null || task.answerMark !== null,
        batchSize: task.batchSize,
        signal: host.signal,
        now: () => host.now(),
        settings: askedAs(task),
      });
      if (host.signal.aborted) return { stopped: stopReason(host.signal) };
      for (let at = 0; at < answers.length; at += REPORT_ROWS) {
        await host.report({
          kind: 'predict',
          offset: start + at,
          answers: answers.slice(at, at + REPORT_ROWS),
        });
      }
    }
    return { stopped: null };
  } finally {
    await student.dispose();
  }
}

/** A task's inputs hold the teacher's rationales already, and its length counts them. */
export const askedAs = (task: PredictTask | SpeedTask): AnswerSettings => ({
  ...task,
  rationaleMark: null,
});

export const stopReason = ({ reason }: AbortSignal): StopReason =>
  reason === 'cancel' ? 'cancel' : 'pause';

function parseManifest(text: string | null): StudentManifest | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = StudentManifest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    'stepwise.json cannot be read.',
    'Export the student again, or remove stepwise.json to use the folder as a plain T5 model.',
  );
}
