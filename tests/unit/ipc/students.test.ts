import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSettings, Student } from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { openStudio, succeeded, temporaryFolder } from './support.ts';

let studio: Studio;
let root: string;
let removeFolder: () => void;
let source: string;

beforeAll(async () => {
  const { folder, remove } = temporaryFolder();
  [root, removeFolder] = [folder, remove];
  source = join(root, 'models', 'tiny-t5');
  await writeStudentFolder(source);
  studio = openStudio(join(root, 'workspace'));
});
afterAll(async () => {
  await studio.close();
  removeFolder();
});

/** The code a call is refused with. */
async function refusal(name: string, input: unknown): Promise<string> {
  const answer = await studio.call(name, input);
  return answer.ok ? 'not refused' : answer.error.code;
}

describe('pretrained students', () => {
  it('are looked at where they lie, by a whole path', async () => {
    expect(await studio.ask('students.check', { path: source })).toMatchObject({
      usable: true,
      folder: source,
    });
    expect(await refusal('students.check', { path: 'models/tiny-t5' })).toBe('invalid-input');
    const nothing = await studio.ask('students.check', { path: join(root, 'models') });
    expect(nothing).toMatchObject({ usable: false, sha256: null });
    expect(nothing.memoryBytes.total).toBeGreaterThanOrEqual(nothing.memoryBytes.available);
    expect(await refusal('students.add', { path: join(root, 'models') })).toBe('model-invalid');
    expect(await studio.ask('students.list', {})).toEqual([]);
  });

  it('are listed once, under names of their own', async () => {
    const first = await studio.ask('students.add', { path: source });
    const { fileId } = studio.files.register(source);
    const again = await studio.ask('students.add', { fileId });
    expect(again.id).toBe(first.id);
    const other = join(root, 'other', 'tiny-t5');
    await writeStudentFolder(other);
    const second = await studio.ask('students.add', { path: other });
    expect([first.name, second.name]).toEqual(['tiny-t5', 'tiny-t5 2']);
    await studio.ask('students.remove', { studentId: second.id });
    expect(await studio.ask('students.list', {})).toEqual([again]);
    expect(await refusal('students.remove', { studentId: second.id })).toBe('not-found');
  });

  it('are not taken from an upload, which does not stay', async () => {
    const upload = join(studio.folders.incoming, 'upload');
    mkdirSync(upload);
    const { fileId } = studio.files.register(upload, 'tiny');
    expect(await refusal('students.add', { fileId })).toBe('invalid-input');
  });

  it('are trained from, kept on the list meanwhile, and refused when they changed', async () => {
    const [student] = await studio.ask('students.list', {});
    const { projectId, splitId, settings } = await prepared(student);
    const start = { projectId, splitId, extractionId: null, name: null, settings };
    const { run, job } = await studio.ask('runs.start', start);
    await studio.ask('jobs.pause', { jobId: job.id });
    await studio.jobs.settled(job.id);
    const studentId = student?.id ?? '';
    expect(await refusal('students.remove', { studentId })).toBe('job-conflict');
    await studio.ask('jobs.resume', { jobId: job.id });
    await succeeded(studio, job);
    const best = join(studio.folders.run(run.id), 'best');
    const trained = await studio.ask('students.check', { path: best });
    expect(trained).toMatchObject({ usable: true, family: 'T5 v1.1' });
    expect(trained.parameters).toBe(student?.report.parameters);

    appendFileSync(join(source, 'config.json'), '\n');
    const changed = await studio.ask('runs.start', { ...start, name: 'Changed' });
    const failed = await studio.jobs.settled(changed.job.id);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'model-invalid' } });
    renameSync(source, `${source}-elsewhere`);
    await studio.ask('students.remove', { studentId });
    expect(await studio.ask('students.list', {})).toEqual([]);
  }, 120_000);
});

/** A project with a split, and settings of a short run from the student. */
async function prepared(
  student: Student | undefined,
): Promise<{ projectId: string; splitId: string; settings: RunSettings }> {
  const { id: projectId } = await studio.ask('projects.createSample', { rows: 60, seed: 1 });
  const split = await studio.ask('splits.create', {
    projectId,
    name: null,
    settings: {
      kind: 'random',
      validation: 0.1,
      test: 0.1,
      stratify: true,
      groupByMaskedText: true,
      seed: 1,
    },
  });
  const advice = await studio.ask('runs.suggest', {
    projectId,
    splitId: split.id,
    method: 'finetune',
    preset: 'folder',
    student: student?.id ?? null,
  });
  expect(advice.student?.sha256).toBe(student?.report.sha256);
  const settings = { ...advice, steps: 6, batchSize: 2, accumulate: 1, evaluateEvery: 6 };
  return {
    projectId,
    splitId: split.id,
    settings: { ...settings, validationRows: 2, freeze: ['encoder'] },
  };
}
