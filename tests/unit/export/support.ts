import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { Part, Project, Run } from '../../../electron/contract/entities.ts';
import type { ProveTask, WorkerTask, WriteTask } from '../../../electron/contract/worker.ts';
import { exportDefinition } from '../../../electron/ipc/handlers/export.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import type { ExportInput } from '../../../electron/stages/export/index.ts';
import type { JobContext, JobReport } from '../../../electron/stages/job.ts';
import { addStudent, openGround } from '../ipc/playground-support.ts';
import { exampleIds, newDataset, newSplit, rows } from '../store/workspace.ts';

/** What the numeric child does in a test, in place of one. */
export interface Child {
  /** Writes the format's files. */
  write(task: WriteTask): void | Promise<void>;
  /** Ids of a label and of its rationale. */
  answer(task: ProveTask, input: string): { label: number[]; rationale: number[] | null };
}

/** A child that writes one file in a folder of its own, and answers each input with its length. */
export const usualChild: Child = {
  async write({ folder, format }) {
    await mkdir(join(folder, 'within'));
    writeFileSync(join(folder, 'within', 'weights.bin'), `weights as ${format}`);
    writeFileSync(join(folder, 'config.json'), '{}');
  },
  answer: (_task, input) => ({ label: [input.length], rationale: [1, 2] }),
};

export interface Ground {
  readonly folder: string;
  readonly studio: Studio;
  readonly project: Project;
  readonly run: Run;
  readonly exports: string;
}

/** A run with a checkpoint, and 30 validation rows. */
export async function exportGround(): Promise<Ground> {
  const { folder, studio, store, project } = openGround('text');
  newDataset(store, project, rows(36));
  const parts: Part[] = ['train', ...Array.from({ length: 30 }, (): Part => 'validation'), 'test'];
  const members = exampleIds(store, project)
    .slice(4)
    .flatMap((id, at): [number, Part][] => {
      const part = parts[at];
      return part === undefined ? [] : [[id, part]];
    });
  newSplit(store, project, members);
  const run = await addStudent(studio, project);
  writeFileSync(
    join(studio.folders.run(run.id), 'rows.json'),
    JSON.stringify([{ input: 'How many?', label: '7', rationales: [] }]),
  );
  return { folder, studio, project, run, exports: studio.folders.exports };
}

export interface Attempt {
  readonly job: JobRecord;
  readonly tasks: WorkerTask[];
  readonly reports: JobReport[];
  /** Why the job failed; null when it came to its end. */
  run(): Promise<unknown>;
}

/**
 * One attempt of a job, with a child of the test. A second attempt with the record of the first goes
 * on with it.
 */
export function attempt(
  { studio, run }: Ground,
  input: Partial<ExportInput> = {},
  {
    child = usualChild,
    signal = new AbortController().signal,
    job,
  }: { child?: Child; signal?: AbortSignal; job?: JobRecord } = {},
): Attempt {
  const parsed = exportDefinition.input.parse({ runId: run.id, name: null, ...input });
  const record =
    job ??
    studio.store.jobs.create({
      ...{ projectId: run.projectId, kind: 'export', subjectId: run.id, title: 'Export' },
      ...{ input: parsed, unit: 'bytes' },
    });
  const tasks: WorkerTask[] = [];
  const reports: JobReport[] = [];
  const quiet = () => undefined;
  const context: JobContext = {
    ...{ job: record, store: studio.store, signal, folders: studio.folders },
    threads: { run: (task, given) => task.run(given, () => Promise.resolve()) },
    log: { info: quiet, warn: quiet, error: quiet },
    progress: (report) => void reports.push(report),
    ...{ saved: quiet, teacherKey: () => null },
    async runWorker(task, onBatch) {
      tasks.push(task);
      if (task.kind === 'write') {
        await child.write(task);
        onBatch({ kind: 'write', done: 10, total: 10 });
      } else if (task.kind === 'prove') {
        onBatch({
          ...{ kind: 'prove', offset: 0, openedWith: task.format ?? 'cpu' },
          answers: task.inputs.map((text) => {
            const { label, rationale } = child.answer(task, text);
            return {
              ...{ label: label.join(' '), rationale: rationale && rationale.join(' ') },
              ...{ ids: label, rationaleIds: rationale },
            };
          }),
        });
      }
    },
  };
  return {
    ...{ job: record, tasks, reports },
    run: () =>
      exportDefinition.run(context, parsed).then(
        () => null,
        (caught: unknown) => caught,
      ),
  };
}
