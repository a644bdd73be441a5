import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Preflight, RunSettings } from '../../contract/entities.ts';
import type { PreflightBatch, PreflightTask, TrainRow } from '../../contract/worker.ts';
import { methodTraits } from '../../core/methods.ts';
import { pickRows } from '../../model/batches.ts';
import { presetConfig } from '../../model/presets.ts';
import type { SystemMemory } from '../../model/system-memory.ts';
import { parameterSpecs, sizeOf } from '../../model/t5/config.ts';
import type { Store } from '../../store/store.ts';
import type { WorkspaceFolders } from '../job.ts';
import { answersIdOf, answersOf, refuseEmpty, sharedTexts, trainingRows } from './create-run.ts';
import type { TrainingRequest } from './create-run.ts';
import { prepareValidationRows } from './prepare.ts';
import { studentFolderOf } from './train-run.ts';

export interface PreflightHost {
  readonly store: Store;
  readonly folders: Pick<WorkspaceFolders, 'workspace' | 'run'>;
  readonly memory: SystemMemory;
  /** Whether something else computes meanwhile, so that times are too long. */
  readonly busy: boolean;
  /** Tries the training in a process of its own. */
  ask(task: PreflightTask): Promise<Answer>;
}

/** What came of trying. */
interface Answer {
  /** The last that was told; null when it came to nothing. */
  readonly batch: PreflightBatch | null;
  /** Memory ran out on the way: what was told last is what still fitted. */
  readonly outOfMemory: boolean;
  /** Until a first row was learned from: what every start of a training takes. */
  readonly readySeconds: number;
}

/**
 * What a run with these settings needs and takes, tried on its own rows. Nothing is saved.
 *
 * The time is an estimate: the start, every step at the median of those that were timed, every
 * evaluation with the checkpoints that it writes, and the checkpoints in between.
 *
 * @throws StudioError not-found, rows-missing, and what trying the training throws
 */
export async function preflight(host: PreflightHost, request: TrainingRequest): Promise<Preflight> {
  const { store, folders, memory } = host;
  const { settings } = request;
  const { rows, counts } = trainingRows(store, request);
  refuseEmpty(settings, counts);
  const task = taskOf(store, request, rows, Math.floor(MEMORY_SHARE * memory.available));
  const { batch, timed, readySeconds } = await tried(host, task);
  const disk = diskBytes(batch, settings, rows);
  const { bavail, bsize } = await statfs(folders.workspace);
  const step = batch.stepMilliseconds / 1000;
  const evaluation = batch.evaluationMilliseconds / 1000;
  return {
    engine: settings.engine,
    device: batch.device,
    ...{ threads: batch.threads, parameters: batch.parameters, trainable: batch.trainable },
    batch: batch.batch,
    memory: { needed: batch.neededBytes, available: memory.available, total: memory.total },
    time: {
      ...{ step, evaluation },
      timedSteps: timed ? task.timedSteps : 0,
      total: timed ? readySeconds + totalSeconds(settings, { step, evaluation, disk }) : 0,
      epochs: (settings.steps * batch.batch.wanted) / rows.length,
      busy: host.busy,
    },
    // The run has no folder of its own before it is made.
    disk: { folder: dirname(folders.run('new')), bytes: disk.most, free: bavail * bsize },
    cut: batch.cut,
  };
}

/** Of the available memory, what a training may take: other programs will want some, too. */
const MEMORY_SHARE = 0.9;
const TIMED_STEPS = 5;
/** Rows that are looked at; of more, a sample. */
const SAMPLE_ROWS = 4_000;

function taskOf(
  store: Store,
  request: TrainingRequest,
  rows: readonly TrainRow[],
  memoryLimit: number,
): PreflightTask {
  const { settings, splitId } = request;
  const extractionId = answersIdOf(store, request);
  const answers = answersOf(store, extractionId);
  const members = store.splits.members(splitId, 'validation');
  const validation = prepareValidationRows(members, answers);
  return {
    kind: 'preflight',
    settings,
    train: sampleOf(rows, settings.batchSize * settings.accumulate),
    validation: [...pickRows(validation, settings.validationRows)],
    studentFolder: studentFolderOf(store, { settings }),
    tokenizerTexts: sharedTexts(store, { ...request, extractionId }),
    memoryLimit,
    largest: null,
    timedSteps: TIMED_STEPS,
  };
}

/** All rows, or of very many a random part and the longest, as many as one step has. */
export function sampleOf(rows: readonly TrainRow[], longest: number): TrainRow[] {
  if (rows.length <= SAMPLE_ROWS) return [...rows];
  const picked = new Set(pickRows(rows, SAMPLE_ROWS));
  const byLength = [...rows].sort((a, b) => lengthOf(b) - lengthOf(a));
  return [...new Set([...picked, ...byLength.slice(0, longest)])];
}

const lengthOf = ({ input, label, rationales }: TrainRow): number =>
  input.length * (1 + rationales.length) + label.length + rationales.join('').length;

interface Tried {
  readonly batch: PreflightBatch;
  /** False where memory ran out before anything could be timed. */
  readonly timed: boolean;
  readonly readySeconds: number;
}

/** Asks once, and where that ended for want of memory, once more with what had fitted. */
async function tried(host: PreflightHost, task: PreflightTask): Promise<Tried> {
  const hopeless = tooLarge(host, task);
  if (hopeless !== null) return hopeless;
  const first = await host.ask(task);
  if (first.batch === null) return nothingFits(host, task, host.memory.available);
  if (!first.outOfMemory) return { ...first, batch: first.batch, timed: true };
  const { wanted, tried } = first.batch.batch;
  const fitting = tried.findLast(({ fits }) => fits)?.rows ?? 1;
  const failed = { rows: Math.min(wanted, 2 * fitting), bytes: host.memory.available, fits: false };
  const second = await host.ask({ ...task, largest: fitting });
  const timed = second.batch !== null && !second.outOfMemory;
  const batch = timed && second.batch !== null ? second.batch : first.batch;
  const tries = [...batch.batch.tried, failed];
  return {
    batch: { ...batch, batch: { ...batch.batch, tried: tries } },
    ...{ timed, readySeconds: second.readySeconds },
  };
}

/**
 * A pretrained student that can't fit is not even tried: a machine whose memory runs out becomes slow
 * for everything on it. What its report says is for all of it with AdamW.
 */
function tooLarge(host: PreflightHost, { settings }: PreflightTask): Tried | null {
  const { student, lora, optimizer, freeze } = settings;
  const needs = student && host.store.students.get(student.id).report.trainingBytes;
  if (!needs || (lora === null && (optimizer !== 'adamw' || freeze.length > 0))) return null;
  const bytes = lora === null ? needs.full : needs.lora;
  return bytes > host.memory.available ? nothingFits(host, { settings }, bytes) : null;
}

function nothingFits(
  { store }: PreflightHost,
  { settings }: Pick<PreflightTask, 'settings'>,
  bytes: number,
): Tried {
  const wanted = settings.batchSize * settings.accumulate;
  const parameters = parametersOf(store, settings);
  return {
    batch: {
      ...{ kind: 'preflight', device: null, threads: 1, parameters, trainable: parameters },
      batch: { wanted, size: 1, accumulate: wanted, tried: [{ rows: 1, bytes, fits: false }] },
      neededBytes: bytes,
      ...{ stepMilliseconds: 0, evaluationMilliseconds: 0 },
      cut: { rows: 0, inputs: 0, labels: 0, rationales: 0 },
    },
    ...{ timed: false, readySeconds: 0 },
  };
}

function parametersOf(store: Store, { preset, student, vocabularySize }: RunSettings): number {
  if (preset === 'folder') {
    return student === null ? 0 : (store.students.get(student.id).report.parameters ?? 0);
  }
  const specs = parameterSpecs(presetConfig(preset, vocabularySize));
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

interface DiskBytes {
  /** A student alone, as `best/` holds it. */
  readonly student: number;
  /** `last/`, which training goes on from. */
  readonly last: number;
  /** Most that the run's folder has at once, with a checkpoint that is being written beside the old one. */
  readonly most: number;
}

const FLOAT = 4;
/** Tokenizer, configuration and the like. */
const SMALL_FILES = 2e6;

/** Of parameter counts: float32 weights, AdamW's two moments or Adafactor's sums of rows and columns. */
function diskBytes(
  { parameters, trainable }: PreflightBatch,
  settings: RunSettings,
  rows: readonly TrainRow[],
): DiskBytes {
  const student = FLOAT * parameters + SMALL_FILES;
  const moments = (settings.optimizer === 'adamw' ? 2 : 0.02) * FLOAT * trainable;
  // With adapters, also the matrices that they stand beside, as they were.
  const adapters = settings.lora === null ? 0 : FLOAT * (trainable + parameters);
  const last = Math.round(student + moments + adapters);
  const kept =
    settings.keepEvery === null ? 0 : Math.floor(evaluationsOf(settings) / settings.keepEvery);
  const texts = rows.reduce((sum, row) => sum + 2 * lengthOf(row), 0);
  return { student, last, most: (1 + kept) * student + 2 * last + texts };
}

const evaluationsOf = ({ steps, evaluateEvery }: RunSettings): number =>
  Math.ceil(steps / evaluateEvery);

/** Bytes a second that are written, read again for their hash, and synced; what a slow disk does. */
const SAVED_PER_SECOND = 100e6;
const SAVE_SECONDS = 0.15;
/** A training that is not evaluated saves at least so often, but at most this share of its time. */
const SAVE_INTERVAL = 30;
const SAVE_SHARE = 0.05;

function totalSeconds(
  settings: RunSettings,
  { step, evaluation, disk }: { step: number; evaluation: number; disk: DiskBytes },
): number {
  const saving = (bytes: number) => SAVE_SECONDS + bytes / SAVED_PER_SECOND;
  const learning = settings.steps * step;
  // Before an evaluation, two more runs tell how hard each of two tasks pulls.
  const balance = methodTraits[settings.method].rationale === 'own-task' ? 2 * step : 0;
  const point = evaluation + balance + saving(disk.last) + saving(disk.student);
  const between = Math.min(SAVE_SHARE * learning, (learning / SAVE_INTERVAL) * saving(disk.last));
  return learning + evaluationsOf(settings) * point + between;
}
