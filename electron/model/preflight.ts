import { readFileSync } from 'node:fs';
import type { RunSettings } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { PreflightBatch, PreflightTask, ScoredRow, TrainTask } from '../contract/worker.ts';
import { methodTraits } from '../core/methods.ts';
import { composeBatch, encodeRows, lossWeights } from './batches.ts';
import type { EncodedRow } from './batches.ts';
import type { Engine } from './engines/engine.ts';
import { Evaluator } from './evaluation.ts';
import { newState, prepare } from './preparation.ts';
import type { Prepared } from './preparation.ts';
import { learningRateAt } from './schedule.ts';
import { Updates } from './updates.ts';

/** What trying a training needs from whoever runs it. */
export interface PreflightHost {
  readonly engine: Engine;
  readonly device: string | null;
  /** Told after each size that was tried, so that what fitted is known should the next one end the process. */
  report(batch: PreflightBatch): void | Promise<void>;
  /** Milliseconds that only rise. */
  now(): number;
  /** Most memory that this process has had, bytes. */
  peakBytes(): number;
}

type Tried = PreflightBatch['batch']['tried'][number];

/**
 * Tries a training on some of its rows: builds it as the trainer does, finds out how many rows fit
 * into memory at once, and times some typical steps and an evaluation. Writes nothing.
 *
 * Micro-batches of the longest rows are tried at 1, 2, 4, … rows, up to those of a whole step, as long
 * as what the next one will take, from what the last one took more, stays within the limit. Rows of a
 * step that do not fit at once are accumulated; weighted by tokens, they equal one big batch.
 *
 * @throws StudioError `training-diverged` when the first steps give no number, and whatever building
 *   the student throws
 */
export async function tryTraining(task: PreflightTask, host: PreflightHost): Promise<void> {
  const wanted = task.settings.batchSize * task.settings.accumulate;
  // Memory for accumulating is set aside and, if it is not used, never touched.
  const accumulate = wanted > 1 ? Math.max(2, task.settings.accumulate) : 1;
  const training = trainTaskOf(task, { ...task.settings, accumulate });
  const prepared = await prepare(training, host.engine, null, newState(training, ''));
  try {
    const trial = new Trial(task, host, prepared, await countCut(prepared, task));
    const size = await trial.findSize(wanted);
    const parts = partsOf(wanted, size);
    const settings = { ...task.settings, batchSize: parts.size, accumulate: parts.accumulate };
    const stepMilliseconds = await trial.timeSteps(settings);
    const evaluationMilliseconds = await trial.timeEvaluation(settings);
    await trial.tell({ stepMilliseconds, evaluationMilliseconds });
  } finally {
    await prepared.generator?.dispose();
    await prepared.model.dispose();
  }
}

class Trial {
  readonly #task: PreflightTask;
  readonly #host: PreflightHost;
  readonly #prepared: Prepared;
  readonly #cut: PreflightBatch['cut'];
  readonly #tried: Tried[] = [];
  #steps = 0;

  constructor(
    task: PreflightTask,
    host: PreflightHost,
    prepared: Prepared,
    cut: PreflightBatch['cut'],
  ) {
    this.#task = task;
    this.#host = host;
    this.#prepared = prepared;
    this.#cut = cut;
  }

  /** The most rows, at least one, that fit at once. */
  async findSize(wanted: number): Promise<number> {
    const longest = [...this.#prepared.rows].sort((a, b) => tokensOf(b) - tokensOf(a));
    const most = Math.min(wanted, this.#task.largest ?? wanted);
    let before: Tried = { rows: 0, bytes: this.#host.peakBytes(), fits: true };
    let size = 1;
    for (let rows = 1; ; rows = Math.min(2 * rows, most)) {
      const projected = projectedBytes(this.#tried.at(-1) ?? null, before, rows);
      if (projected > this.#task.memoryLimit && rows > 1) {
        this.#tried.push({ rows, bytes: projected, fits: false });
        return size;
      }
      before = this.#tried.at(-1) ?? before;
      await this.#learn(repeated(longest, rows));
      const bytes = this.#host.peakBytes();
      const fits = bytes <= this.#task.memoryLimit;
      this.#tried.push({ rows, bytes, fits });
      if (fits) size = rows;
      await this.tell({ stepMilliseconds: 0, evaluationMilliseconds: 0 });
      if (!fits || rows >= most) return size;
    }
  }

  /** Milliseconds of one step of typical rows: the median of those that were timed. */
  async timeSteps(settings: RunSettings): Promise<number> {
    const updates = new Updates(this.#prepared, settings, this.#host.now);
    const times: number[] = [];
    // The first one of a size lays its memory out, and is no typical one.
    for (let run = 0; run <= this.#task.timedSteps; run++) {
      const began = this.#host.now();
      const point = await updates.next(++this.#steps, false);
      if (point === null) throw divergedAtOnce(settings);
      if (run > 0) times.push(this.#host.now() - began);
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? 0;
  }

  /**
   * Milliseconds of an evaluation of all validation rows, from some of them. A student that has learned
   * nothing does not know where to stop: it is stopped where answers of the training rows end.
   */
  async timeEvaluation(settings: RunSettings): Promise<number> {
    const { validation } = this.#task;
    const asked = Math.min(validation.length, settings.validationRows);
    if (asked === 0 || this.#prepared.generator === null) return 0;
    const rows: readonly ScoredRow[] = validation.slice(0, TIMED_ROWS);
    const shorter = { ...settings, ...usualLengths(this.#prepared.rows, settings) };
    const evaluator = new Evaluator(this.#prepared, shorter, rows, () => false);
    const began = this.#host.now();
    await evaluator.evaluate(null);
    return ((this.#host.now() - began) * asked) / Math.min(asked, rows.length);
  }

  async tell(
    times: Pick<PreflightBatch, 'stepMilliseconds' | 'evaluationMilliseconds'>,
  ): Promise<void> {
    const { model } = this.#prepared;
    const { batchSize, accumulate } = this.#task.settings;
    const wanted = batchSize * accumulate;
    const fitting = this.#tried.findLast(({ fits }) => fits)?.rows ?? 1;
    await this.#host.report({
      kind: 'preflight',
      device: this.#host.device,
      threads: this.#host.engine.threads,
      parameters: model.parameterCount,
      trainable: [...model.gradients().values()].reduce((sum, { length }) => sum + length, 0),
      batch: { wanted, ...partsOf(wanted, fitting), tried: [...this.#tried] },
      neededBytes: this.#host.peakBytes(),
      ...times,
      cut: this.#cut,
    });
  }

  /** One whole update from these rows, so that everything that a step takes is there. */
  async #learn(rows: readonly EncodedRow[]): Promise<void> {
    const { model } = this.#prepared;
    const { settings } = this.#task;
    const batch = composeBatch(rows, lossWeights(settings));
    await model.accumulate([batch], settings.accumulation);
    const step = ++this.#steps;
    const { weightDecay, clipNorm } = settings;
    const learningRate = learningRateAt(Math.min(step, settings.steps), settings);
    model.update({ learningRate, weightDecay, clipNorm, step });
  }
}

/** A step of so many rows in equal parts, where this many fit at once: 24 rows are twice 12, not 16 and 8. */
function partsOf(wanted: number, fitting: number): { size: number; accumulate: number } {
  const accumulate = Math.ceil(wanted / fitting);
  return { size: Math.ceil(wanted / accumulate), accumulate };
}

/** Rows that are decoded to time an evaluation: one batch of it. */
const TIMED_ROWS = 50;

/** What a size will take, if each row takes as much more as those of the last size took. */
function projectedBytes(last: Tried | null, before: Tried, rows: number): number {
  if (last === null) return before.bytes;
  const perRow = Math.max(0, last.bytes - before.bytes) / Math.max(1, last.rows - before.rows);
  return Math.round(last.bytes + (rows - last.rows) * perRow);
}

/** So many rows, the same ones again where there are fewer. */
const repeated = (rows: readonly EncodedRow[], count: number): EncodedRow[] =>
  Array.from({ length: count }, (_, index) => rows[index % rows.length]).flatMap(
    (row) => row ?? [],
  );

const tokensOf = ({ label, explained, rationales }: EncodedRow): number =>
  [label, ...explained, ...rationales].reduce(
    (sum, { input, target }) => sum + input.length + target.length,
    0,
  );

/** How long texts of some training rows are, in place of the longest that are allowed. */
function usualLengths(
  rows: readonly EncodedRow[],
  settings: RunSettings,
): Pick<RunSettings, 'maxLabelTokens' | 'maxRationaleTokens'> {
  const some = rows.slice(0, TIMED_ROWS);
  const longest = (lengths: number[], most: number) => Math.min(most, Math.max(2, ...lengths));
  const written = some.flatMap(({ label, explained, rationales }) => [
    ...rationales.map(({ target }) => target.length),
    ...explained.map(({ target }) => target.length - label.target.length),
  ]);
  const reads = methodTraits[settings.method].rationale === 'in-input';
  return {
    maxLabelTokens: longest(
      some.map(({ label }) => label.target.length),
      settings.maxLabelTokens,
    ),
    maxRationaleTokens: reads
      ? settings.maxRationaleTokens
      : longest(written, settings.maxRationaleTokens),
  };
}

/**
 * Rows whose texts are longer than they may be. A rationale's own cap is no cut: it is wanted; and one
 * that is read counts with the input that it is part of.
 */
async function countCut(
  { tokenizer, rows }: Prepared,
  { train, settings }: PreflightTask,
): Promise<PreflightBatch['cut']> {
  const whole = await encodeRows(tokenizer, train, { ...settings, ...unlimited });
  const longer =
    (part: (row: EncodedRow) => readonly number[]) => (row: EncodedRow, at: number) => {
      const full = whole[at];
      return (
        full !== undefined && part(full).some((length, index) => length > (part(row)[index] ?? 0))
      );
    };
  const inputs = rows.filter(longer(({ label, explained }) => [label, ...explained].map(inputOf)));
  const labels = rows.filter(longer(({ label }) => [label.target.length]));
  const reads = methodTraits[settings.method].rationale === 'in-input';
  const rationales = rows.filter(
    longer(({ explained, rationales: own }) => [...(reads ? [] : explained), ...own].map(targetOf)),
  );
  return {
    rows: rows.length,
    inputs: inputs.length,
    labels: labels.length,
    rationales: rationales.length,
  };
}

const inputOf = ({ input }: EncodedRow['label']): number => input.length;
const targetOf = ({ target }: EncodedRow['label']): number => target.length;

const unlimited = { maxInputTokens: 1e6, maxLabelTokens: 1e6, maxRationaleTokens: 1e6 } as const;

/** The training that is tried; it has no folder, since nothing is kept. */
function trainTaskOf(task: PreflightTask, settings: RunSettings): TrainTask {
  const { train, validation, studentFolder, tokenizerTexts } = task;
  return {
    ...{ kind: 'train', folder: '', task: 'text', labels: [], settings, resume: false },
    ...{ train, validation, studentFolder, tokenizerTexts },
  };
}

function divergedAtOnce({ learningRate }: RunSettings): StudioError {
  return new StudioError(
    'training-diverged',
    'The loss, or its gradient, stopped being a number within the first steps.',
    `Choose a lower learning rate than ${learningRate}, for example ${learningRate / 3}.`,
  );
}

/**
 * Most memory that this process has had, bytes. On Linux from the process itself: what the system
 * counts for it begins with the memory of the process that started it.
 */
export function peakMemory(): number {
  if (process.platform === 'linux') {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kilobytes !== undefined) return 1024 * Number(kilobytes);
  }
  return 1024 * process.resourceUsage().maxRSS;
}
