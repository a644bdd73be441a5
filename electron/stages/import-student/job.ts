import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Id, ImportedAsking } from '../../contract/entities.ts';
import type { ImportReport, RunSettings, StudentManifest } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { methodTraits } from '../../core/methods.ts';
import { replaceFolder } from '../../model/files.ts';
import type { Store } from '../../store/store.ts';
import type { JobContext, JobDefinition } from '../job.ts';
import { predictTaskFor, studentInputs } from '../predict.ts';
import { copyStudent } from './copy.ts';
import { readPapers } from './folder.ts';
import { lookTask } from './look-task.ts';
import { refuseUnusable } from './look.ts';
import { manifestOf, settingsOf } from './settings.ts';

export const ImportStudentInput = z.strictObject({
  /** Of the run that is made: a job that is started again makes no second one. */
  runId: Id,
  splitId: Id,
  /** Whose rationales a student is given that reads them. */
  extractionId: Id.nullable(),
  folder: z.string().min(1),
  /** The folder as the person knows it: uploads lie under another name. */
  shown: z.string().min(1),
  name: z.string().nullable(),
  asking: ImportedAsking.nullable(),
});
export type ImportStudentInput = z.infer<typeof ImportStudentInput>;

/** Rows that a student has to answer before it becomes a run. */
const triedRows = 8;

/**
 * Takes a student in: looks at its folder, copies it beside its place, lets the copy answer some rows
 * in the numeric process, and only then makes the run, in one transaction. Stopped or killed at any
 * moment it leaves nothing but its job, and begins anew when it is resumed.
 */
export const importStudentJob: JobDefinition<ImportStudentInput> = {
  kind: 'import-student',
  input: ImportStudentInput,
  unit: 'files',
  lane: 'numeric',
  async run(context, input) {
    const { store, folders, signal } = context;
    // Killed between the run's row and the job's own end, all is done.
    if (isThere(store, input)) return;
    const home = folders.run(input.runId);
    try {
      context.progress({ done: 0, total: null, phase: 'preparing' });
      const report = await look(context, input);
      if (signal.aborted) return;
      const { manifest, trainedOn } = await readPapers(input.folder, () => undefined);
      const settings = settle(input, report, manifest);
      refuseWithoutRationales(settings, input);
      const best = join(home, 'best');
      const staged = `${best}.tmp-${process.pid}`;
      await mkdir(home, { recursive: true });
      await copyStudent(input.folder, staged, {
        sha256: report.from.sha256,
        manifest: manifestOf(projectOf(store, input), settings),
        ...{ trainedOn, signal },
        onFile: (done, total) => context.progress({ done, total: total + 1, phase: 'saving' }),
      });
      if (signal.aborted) return;
      await tryOut(context, input, settings, staged);
      if (signal.aborted) return;
      await replaceFolder(staged, best);
      record(store, input, { report, settings, best });
      context.saved('runs');
    } finally {
      if (!isThere(store, input)) await rm(home, { recursive: true, force: true });
    }
  },
};

const isThere = (store: Store, input: ImportStudentInput): boolean =>
  store.runs.list(store.splits.get(input.splitId).projectId).some(({ id }) => id === input.runId);

const projectOf = (store: Store, { splitId }: ImportStudentInput) =>
  store.projects.get(store.splits.get(splitId).projectId);

/** @throws StudioError model-invalid, with the first thing that keeps the folder from being used */
async function look(
  { threads, folders, signal }: JobContext,
  { splitId, folder, shown }: ImportStudentInput,
): Promise<ImportReport> {
  const { database } = folders;
  const report = await threads.run(lookTask, { database, splitId, folder, shown }, { signal });
  refuseUnusable(report);
  return report;
}

/** @throws StudioError invalid-input where neither the folder nor a person says how it is asked */
function settle(
  { shown, asking }: ImportStudentInput,
  { from }: ImportReport,
  manifest: StudentManifest | null,
): RunSettings {
  const settings = settingsOf({ folder: shown, sha256: from.sha256, manifest, asking });
  if (settings !== null) return settings;
  throw new StudioError(
    'invalid-input',
    'The folder does not say how its student is asked.',
    'Say by which method it was trained, and what stands before a question.',
  );
}

/**
 * A student that reads the teacher's rationale cannot be compared without one.
 * @throws StudioError invalid-input
 */
export function refuseWithoutRationales(
  { method }: Pick<RunSettings, 'method'>,
  { extractionId }: Pick<ImportStudentInput, 'extractionId'>,
): void {
  if (!methodTraits[method].needsTeacher || extractionId !== null) return;
  throw new StudioError(
    'invalid-input',
    'This student reads the teacher’s rationale with every question.',
    'Choose the extraction whose rationales it is to be given.',
  );
}

/** @throws StudioError what opening the student throws; engine-failed when rows stay without answers */
async function tryOut(
  context: JobContext,
  { splitId, extractionId }: ImportStudentInput,
  settings: RunSettings,
  folder: string,
): Promise<void> {
  const { store } = context;
  const parts = ['validation', 'train', 'test'] as const;
  const part = parts.find((each) => store.splits.counts(splitId)[each] > 0) ?? 'validation';
  const rows = store.splits.members(splitId, part).slice(0, triedRows);
  const { progress } = context.job;
  context.progress({ done: (progress.total ?? 1) - 1, total: progress.total, phase: 'proving' });
  const asked = { settings, extractionId };
  let answered = 0;
  await context.runWorker(
    predictTaskFor(asked, folder, studentInputs(store, asked, rows)),
    (batch) => {
      if (batch.kind === 'predict') answered += batch.answers.length;
    },
  );
  if (context.signal.aborted || answered === rows.length) return;
  throw new StudioError(
    'engine-failed',
    `The student answered ${answered} of ${rows.length} rows.`,
    'Nothing was kept. Import the folder again.',
  );
}

/** Makes the run with everything that is known of it, at once. */
function record(
  store: Store,
  { runId, splitId, extractionId, name }: ImportStudentInput,
  found: { report: ImportReport; settings: RunSettings; best: string },
): void {
  const { from, parameters, name: ownName } = found.report;
  const { projectId } = store.splits.get(splitId);
  const step = from.origin?.step ?? 0;
  store.transaction(() => {
    const { runs } = store;
    runs.create({
      ...{ id: runId, projectId, splitId, extractionId },
      name: freeName(store, projectId, name ?? ownName),
      settings: found.settings,
      trainRows: from.origin?.trainRows ?? 0,
      rationaleRows: from.origin?.rationaleRows ?? 0,
      ...{ studyId: null, parentId: null, importedFrom: from },
    });
    if (parameters !== null) {
      runs.setModel(runId, { parameters, engine: from.origin?.engine ?? null });
    }
    const validation = from.origin?.validation ?? null;
    runs.saveCheckpoint(runId, { which: 'best', step, folder: found.best, validation });
    runs.setEnd(runId, { reason: 'steps-done', step });
  });
}

/** A name that no run of the project has: with a number behind it where it is taken. */
export function freeName(store: Store, projectId: string, name: string): string {
  const taken = new Set(store.runs.list(projectId).map((run) => run.name));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
