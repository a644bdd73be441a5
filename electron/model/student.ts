import { StudioError } from '../contract/errors.ts';
import { StudentManifest } from '../contract/export.ts';
import type {
  PredictBatch,
  PredictTask,
  ProveTask,
  SpeedTask,
  StopReason,
} from '../contract/worker.ts';
import { withPrefix } from '../core/methods.ts';
import type { AnswerFormat } from '../core/methods.ts';
import { answerTexts, plainFormat } from './answering.ts';
import type { AnswerOptions, ScoredAnswer } from './answering.ts';
import { streamText } from './decode.ts';
import type { Engine } from './engines/engine.ts';
import { refuseChanged } from './export/certificate.ts';
import { readIfPresent } from './files.ts';
import { openModelFolder } from './folder.ts';
import { Generator } from './generate/index.ts';
import type { Tokenizer } from './tokenizer.ts';

/** How inputs are marked and cut; by default what the student's folder says. */
export type AnswerSettings = AnswerFormat;

export interface StudentAnswerOptions extends AnswerOptions {
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
   * Opens a folder and checks that its files belong together; those of an export also that none has
   * changed since it was certified.
   *
   * @throws StudioError `model-invalid` or `tokenizer-invalid`, naming the file
   */
  static async open(folder: string, engine: Engine): Promise<Student> {
    await refuseChanged(folder);
    const { config, parameters, tokenizer } = await openModelFolder(folder);
    const manifest = parseManifest(await readIfPresent(folder, 'stepwise.json'));
    const bytes = [...parameters.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const generator = await Generator.create(engine, config, parameters, {
      fixed: bytes <= FIXED_BYTES,
    });
    return new Student(manifest, tokenizer, generator);
  }

  /** See {@link answerTexts}. */
  answer(inputs: readonly string[], options: StudentAnswerOptions): Promise<ScoredAnswer[]> {
    const format = options.settings ?? this.manifest ?? plainFormat;
    const speaker = { writer: this.#generator, coder: this.#tokenizer };
    return answerTexts(speaker, inputs, format, options);
  }

  /**
   * A label, or a rationale, as it is written: the whole text so far. Ends early when the signal is
   * aborted, and at once when a rationale is asked of a student that was not taught to explain.
   */
  async *stream(input: string, options: StreamOptions): AsyncGenerator<string> {
    const settings = options.settings ?? this.manifest ?? plainFormat;
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
    const settings = options.settings ?? this.manifest ?? plainFormat;
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
          answers: answers.slice(at, at + REPORT_ROWS).map(reported),
        });
      }
    }
    return { stopped: null };
  } finally {
    await student.dispose();
  }
}

const reported = ({ label, rationale, confidence, milliseconds }: ScoredAnswer) => ({
  ...{ label, rationale, confidence, milliseconds },
});

/** A task's inputs hold the teacher's rationales already, and its length counts them. */
export const askedAs = (task: PredictTask | SpeedTask | ProveTask): AnswerSettings => ({
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
