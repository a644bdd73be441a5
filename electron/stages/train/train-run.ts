import { z } from 'zod';
import { watchedRows } from '../../contract/entities.ts';
import type { MetricPoint, Run } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { ScoredRow, TrainBatch, TrainRow, TrainTask } from '../../contract/worker.ts';
import { settingsHash } from '../../core/hash.ts';
import { pickRows } from '../../model/batches.ts';
import type { Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { answersOf, refuseEmpty, sharedTexts, trainingRows } from './create-run.ts';
import { prepareValidationRows } from './prepare.ts';
import { readRows, writeRows } from './rows-file.ts';

const TrainInput = z.strictObject({ runId: z.string() });
type TrainInput = z.infer<typeof TrainInput>;

export interface TrainRunOptions {
  /** Ends this training and not the job; its reason is a StopReason. */
  readonly stop?: AbortSignal;
  /** Points as they are saved, in order. A resumed run tells only those that are new. */
  readonly onPoints?: (points: readonly MetricPoint[]) => void;
  /** Progress of this run alone; without it the job's own progress is set. */
  readonly onStep?: (step: number, phase: TrainBatch['phase']) => void;
}

/** Trains one run in the numeric child process; started again, it goes on from the last checkpoint. */
export const trainJob: JobDefinition<TrainInput> = {
  kind: 'train',
  input: TrainInput,
  unit: 'steps',
  lane: 'numeric',
  run: (context, { runId }) => trainRun(context, runId),
};

/**
 * Everything a job does for one run: trains it, or goes on from its last checkpoint, and saves what
 * the trainer tells. A run that has ended does nothing, except one that diverged: its last good
 * checkpoint is tried again. One that was told to end and keep its best, and was cut off before it
 * had, does that and no more.
 *
 * @throws StudioError `training-diverged` after that end is saved; `rows-missing`,
 *   `checkpoint-corrupt`, `worker-died` and whatever else the numeric process reports
 */
export async function trainRun(
  context: JobContext,
  runId: string,
  options: TrainRunOptions = {},
): Promise<void> {
  const { store } = context;
  const run = store.runs.get(runId);
  const { steps } = run.settings;
  const onStep: NonNullable<TrainRunOptions['onStep']> =
    options.onStep ?? ((step, phase) => context.progress({ done: step, total: steps, phase }));
  if (run.ended !== null && run.ended.reason !== 'diverged') {
    onStep(run.ended.step, 'working');
    return;
  }
  // What an earlier attempt has done is no speed of this one, and a bar does not go back.
  onStep(store.runs.checkpoint(runId, 'last')?.step ?? 0, 'preparing');
  const task = await taskOf(context, run);
  const recorder = new Recorder(context, run, options.onPoints);
  try {
    await context.runWorker(
      task,
      (batch) => {
        if (batch.kind !== 'train') return;
        recorder.commit(batch);
        onStep(batch.step, batch.phase);
      },
      store.runs.isFinishing(runId) ? AbortSignal.abort('finish') : options.stop,
    );
  } catch (caught) {
    if (caught instanceof StudioError && caught.code === 'training-diverged') recorder.diverged();
    throw caught;
  }
}

/** Saves what the trainer of one run tells. */
class Recorder {
  readonly #context: JobContext;
  readonly #run: Run;
  readonly #onPoints: TrainRunOptions['onPoints'];
  #first = true;

  constructor(context: JobContext, run: Run, onPoints: TrainRunOptions['onPoints']) {
    this.#context = context;
    this.#run = run;
    this.#onPoints = onPoints;
  }

  /** Saves one batch in one transaction. The first tells where a resumed run goes on. */
  commit(batch: TrainBatch): void {
    const { store } = this.#context;
    const { runs } = store;
    const { id } = this.#run;
    store.transaction(() => {
      if (this.#first) {
        runs.dropMetricsAfter(id, batch.step);
        runs.setEnd(id, null);
      }
      if (batch.model) runs.setModel(id, batch.model);
      if (batch.metrics.length > 0) runs.saveMetrics(id, batch.metrics);
      if (batch.samples) runs.saveSamples(id, batch.samples);
      if (batch.checkpoint) runs.saveCheckpoint(id, batch.checkpoint);
      if (batch.ended) runs.setEnd(id, { reason: batch.ended, step: batch.step });
    });
    this.#first = false;
    if (batch.metrics.length > 0) this.#onPoints?.(batch.metrics);
    this.#context.saved('runs');
  }

  /** The last saved point is where the loss was still a number. */
  diverged(): void {
    const { store, saved } = this.#context;
    const step = store.runs.metrics(this.#run.id, 0).at(-1)?.step ?? 0;
    store.runs.setEnd(this.#run.id, { reason: 'diverged', step });
    saved('runs');
  }
}

/**
 * What a run is trained with from its start, wherever that is done: as the numeric process is asked
 * to, without a checkpoint to go on from.
 * @throws StudioError rows-missing; not-found where its pretrained student is no longer on the list
 */
export async function trainTaskOf(context: TaskContext, run: Run): Promise<TrainTask> {
  const { store } = context;
  const extractionId = store.runs.answersId(run.id);
  return {
    ...(await taskOf(context, run)),
    studentFolder: studentFolderOf(store, { settings: run.settings }),
    tokenizerTexts: sharedTexts(store, { ...run, extractionId }),
    resume: false,
  };
}

type TaskContext = Pick<JobContext, 'store' | 'folders' | 'saved'>;

/** What the numeric process is asked to do for a run; its rows are kept with it first. */
async function taskOf(context: TaskContext, run: Run): Promise<TrainTask> {
  const { store, folders } = context;
  const project = store.projects.get(run.projectId);
  const extractionId = store.runs.answersId(run.id);
  const answers = answersOf(store, extractionId);
  const members = store.splits.members(run.splitId, 'validation');
  const validation = prepareValidationRows(members, answers);
  const train = await rowsOfRun(context, run);
  // A checkpoint has its tokenizer with it.
  const begun = store.runs.checkpoint(run.id, 'last') !== null;
  store.runs.saveSampleRows(run.id, watchedOf(validation, run.settings.validationRows));
  return {
    kind: 'train',
    folder: folders.run(run.id),
    task: project.task,
    labels: project.labels,
    settings: run.settings,
    train,
    validation,
    studentFolder: studentFolderOf(store, run),
    tokenizerTexts: begun ? null : sharedTexts(store, { ...run, extractionId }),
    resume: true,
  };
}

/**
 * Where the pretrained student lies; null from scratch, and where its folder is no longer on the list
 * and the run goes on from its own checkpoint.
 * @throws StudioError not-found
 */
export function studentFolderOf(
  store: Store,
  { id, settings }: Pick<Run, 'settings'> & { readonly id?: string },
): string | null {
  const { student } = settings;
  if (student === null) return null;
  const listed = store.students.list().find((each) => each.id === student.id);
  if (listed) return listed.folder;
  if (id !== undefined && store.runs.checkpoint(id, 'last') !== null) return null;
  throw new StudioError(
    'not-found',
    `The pretrained student “${student.name}” is no longer on the list.`,
    'Add its folder again, and start a new run with it.',
  );
}

/** The rows that the trainer decodes again at every evaluation: the first of those that it picks. */
function watchedOf(validation: readonly ScoredRow[], count: number) {
  return pickRows(validation, count)
    .slice(0, watchedRows)
    .map(({ input, gold, rationale }) => ({ input, gold, rationale }));
}

/**
 * The rows that a run trains on: chosen when it starts for the first time, and kept with it, since
 * what people say of rows may change while it is paused. The run then says how many they are.
 */
async function rowsOfRun({ store, folders, saved }: TaskContext, run: Run): Promise<TrainRow[]> {
  const folder = folders.run(run.id);
  const kept = await readRows(folder);
  if (kept !== null) return kept;
  const { rows, counts } = trainingRows(store, run);
  // A run of an earlier version has begun without keeping its rows: its checkpoint knows them.
  if (store.runs.checkpoint(run.id, 'last') === null) {
    refuseEmpty(run.settings, counts);
    await writeRows(folder, rows);
    store.runs.setRows(run.id, {
      trainRows: counts.labels,
      rationaleRows: counts.explained,
      hash: hashRows(rows),
    });
    saved('runs');
  }
  return rows;
}

/** Tells one choice of rows from another, in content and order. */
export const hashRows = (rows: readonly TrainRow[]): string => settingsHash(rows);
