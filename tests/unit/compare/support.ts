import type { Part, Project, Run, Split } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { WorkerBatch, WorkerTask } from '../../../electron/contract/worker.ts';
import type { JobContext, JobReport } from '../../../electron/stages/job.ts';
import type { Store } from '../../../electron/store/store.ts';
import {
  exampleIds,
  newDataset,
  newProject,
  newRun,
  newSplit,
  opened,
  rows,
} from '../store/workspace.ts';

/** A project with a split: one training row, and so many rows of test and of validation. */
export interface Ground {
  readonly store: Store;
  readonly project: Project;
  readonly split: Split;
  readonly test: readonly number[];
  readonly validation: readonly number[];
}

export function prepared(count = 3): Ground {
  const store = opened();
  const project = newProject(store);
  newDataset(store, project, rows(1 + 2 * count));
  const [train = 0, ...others] = exampleIds(store, project);
  const [test, validation] = [others.slice(0, count), others.slice(count)];
  const split = newSplit(store, project, [
    [train, 'train'],
    ...test.map((id): [number, Part] => [id, 'test']),
    ...validation.map((id): [number, Part] => [id, 'validation']),
  ]);
  return { store, project, split, test, validation };
}

/** A run that has a best student. */
export function trainedRun({ store, split }: Ground, step = 50): Run {
  const run = newRun(store, split);
  store.runs.saveCheckpoint(run.id, {
    ...{ which: 'best', step, folder: `${run.id}/best`, validation: 0.5 },
  });
  return store.runs.get(run.id);
}

/** Saves its answers to all rows of a part, as an evaluation does; answers the evaluation's id. */
export function evaluate(
  { store, split, ...of }: Ground,
  run: Run,
  {
    part = 'test',
    confidence = 0.5,
  }: { part?: 'test' | 'validation'; confidence?: number | null } = {},
): string {
  const checkpointStep = store.runs.checkpoint(run.id, 'best')?.step ?? 0;
  const { id } = store.evaluations.open({ runId: run.id, splitId: split.id, part, checkpointStep });
  store.evaluations.savePredictions(
    id,
    of[part].map((exampleId) => ({
      ...{ exampleId, label: '7', rationale: null, correct: true, confidence, milliseconds: 1 },
    })),
  );
  return id;
}

/** Runs evaluations in a child process that is made up: it answers every question with 7. */
export class MadeUpChild {
  /** What each task was, and how many questions it held. */
  readonly tasks: string[] = [];
  readonly progress: JobReport[] = [];
  /** Answers after which the process is killed; Infinity: never. */
  killedAfter = Number.POSITIVE_INFINITY;
  readonly #store: Store;
  readonly #job: JobRecord;
  readonly #stop = new AbortController();

  constructor({ store, project, split }: Ground) {
    this.#store = store;
    this.#job = store.jobs.create({
      ...{ projectId: project.id, kind: 'evaluate', subjectId: split.id, title: 'Evaluate' },
      ...{ input: {}, unit: 'rows' },
    });
  }

  get context(): JobContext {
    const silent = () => undefined;
    return {
      ...{ job: this.#job, store: this.#store, signal: this.#stop.signal },
      folders: {
        ...{ workspace: '', database: '', searchIndex: '', exports: '', dataExports: '' },
        ...{ incoming: '', run: (id: string) => id },
      },
      threads: { run: () => Promise.reject(new Error('An evaluation starts no thread.')) },
      log: { info: silent, warn: silent, error: silent },
      progress: (report) => this.progress.push(report),
      saved: silent,
      runWorker: (task, onBatch) => this.#perform(task, onBatch),
      teacherKey: () => null,
    };
  }

  async #perform(task: WorkerTask, onBatch: (batch: WorkerBatch) => void): Promise<void> {
    if (task.kind !== 'predict' && task.kind !== 'speed') throw new Error('No such task here.');
    this.tasks.push(`${task.kind} ${task.folder.split('/')[0] ?? ''} ${task.inputs.length}`);
    await Promise.resolve();
    if (task.kind === 'speed') {
      return onBatch({
        ...{ kind: 'speed', timings: task.inputs.map(() => 10), throughput: 200 },
        ...{ memoryBytes: 1_000, engine: 'cpu', threads: 2, device: null, busy: false },
      });
    }
    for (const offset of task.inputs.keys()) {
      if (this.killedAfter-- <= 0) throw new Error('The process was killed.');
      const answer = { label: '7', rationale: null, confidence: 0.9, milliseconds: 2 };
      onBatch({ kind: 'predict', offset, answers: [answer] });
    }
  }
}
