import { appendFile, cp, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StudentManifest } from '../../../electron/contract/entities.ts';
import type { CallArguments } from '../../../electron/contract/calls.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { settingsHash } from '../../../electron/core/hash.ts';
import { statedSettings } from '../../../electron/core/run-settings.ts';
import { hashFile } from '../../../electron/model/files.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { defaultSplitSettings } from '../../../electron/stages/split/index.ts';
import { openStudio, succeeded, temporaryFolder } from '../ipc/support.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { runSettings } from '../model/support.ts';
import { originOf, writeExported } from './folders.ts';

let place: { folder: string; remove: () => void };
let workspace: string;
let studio: Studio;
let projectId: string;
let splitId: string;
let folder: string;

beforeAll(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  studio = openStudio(workspace);
  projectId = (await studio.ask('projects.createSample', { rows: 60, seed: 1 })).id;
  const split = { projectId, name: null, settings: defaultSplitSettings };
  splitId = (await studio.ask('splits.create', split)).id;
});
afterAll(async () => {
  await studio.close();
  place.remove();
});
beforeEach(() => {
  folder = join(place.folder, 'apples');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  for (const { id } of await studio.ask('runs.list', { projectId })) {
    await studio.ask('runs.remove', { runId: id });
  }
  expect(readdirSync(join(workspace, 'runs'))).toEqual([]);
});

const wish = (more: Partial<CallArguments<'runs.import'>> = {}): CallArguments<'runs.import'> => ({
  ...{ splitId, extractionId: null, source: { path: folder }, name: null, asking: null },
  ...more,
});
const settled = async (more: Partial<CallArguments<'runs.import'>> = {}): Promise<JobRecord> =>
  studio.jobs.settled((await studio.ask('runs.import', wish(more))).id);
async function imported(more: Partial<CallArguments<'runs.import'>> = {}) {
  const job = await succeeded(studio, await studio.ask('runs.import', wish(more)));
  return studio.store.runs.get(job.subjectId ?? '');
}

describe('a student that comes back in', () => {
  it('is a run of the split, with what its folder says of its training', async () => {
    const origin = originOf();
    await writeExported(folder, { origin, inputs: [] });
    const run = await imported();
    const { settings, settingsHash: hash, step, validation } = origin;
    expect(run).toMatchObject({
      ...{ projectId, splitId, imported: true, name: 'step-by-step 3', settings },
      ...{ settingsHash: hash, bestStep: step, bestValidation: validation, engine: 'cuda' },
      ...{ trainRows: 700, rationaleRows: 650, jobId: null, studyId: null, parentId: null },
      ended: { reason: 'steps-done', step },
    });
    expect(hash).toBe(settingsHash(statedSettings(settings)));
    expect(run.parameters).toBeGreaterThan(0);
    expect(await studio.ask('runs.importedFrom', { runId: run.id })).toMatchObject({
      ...{ folder, exported: 'huggingface', whole: true, origin, seenTestRows: 0 },
    });
    expect(await studio.ask('runs.metrics', { runId: run.id, afterStep: 0 })).toEqual([]);

    const best = join(studio.folders.run(run.id), 'best');
    expect(studio.store.runs.checkpoint(run.id, 'best')).toEqual({ step, folder: best });
    expect((await readdir(best)).sort()).toEqual([
      ...['config.json', 'model.safetensors', 'stepwise.json', 'tokenizer.json'],
      'trained-on.json',
    ]);
    const file = 'model.safetensors';
    expect(await hashFile(join(best, file))).toBe(await hashFile(join(folder, file)));
    const said: unknown = JSON.parse(await readFile(join(best, 'stepwise.json'), 'utf8'));
    const { origin: none, ...manifest } = StudentManifest.parse(said);
    expect(none).toBeUndefined();
    expect(manifest).toMatchObject({ method: 'step-by-step', labelPrefix: 'predict: ' });
  }, 60_000);

  it('is compared like any other, renamed, and removed', async () => {
    await writeExported(folder, { dtype: 'bfloat16', exported: 'huggingface-bfloat16' });
    const { id: runId } = await imported({ name: 'Came in' });
    expect(await studio.ask('runs.rename', { runId, name: 'Mine' })).toMatchObject({
      name: 'Mine',
      imported: true,
    });
    const asked = { projectId, splitId, part: 'test' as const, runIds: [runId] };
    await succeeded(studio, await studio.ask('compare.start', asked));
    const { systems } = await studio.ask('compare.systems', { projectId, splitId, part: 'test' });
    expect(systems).toMatchObject([
      {
        ...{ name: 'Mine', complete: true, trainRows: 700, seed: 7 },
        imported: { trainingKnown: true, seenTestRows: null },
      },
    ]);
  }, 60_000);

  it('is not named like another run, and two of one folder are two runs', async () => {
    await writeExported(folder);
    const names = [await imported(), await imported()].map(({ name }) => name);
    expect(names).toEqual(['step-by-step 3', 'step-by-step 3 (2)']);
  }, 60_000);

  it('from elsewhere has what a person said, and nothing made up of its training', async () => {
    await writeStudentFolder(folder);
    expect(await settled()).toMatchObject({ state: 'failed', error: { code: 'invalid-input' } });
    const asking = { method: 'distill', labelPrefix: 'answer: ', rationalePrefix: '' } as const;
    const run = await imported({ asking });
    expect(run).toMatchObject({
      ...{ name: 'apples', trainRows: 0, rationaleRows: 0, engine: null, bestValidation: null },
      settings: { method: 'distill', labelPrefix: 'answer: ' },
    });
    const { systems } = await studio.ask('compare.systems', { projectId, splitId, part: 'test' });
    expect(systems).toMatchObject([
      {
        ...{ seed: null, trainRows: null, labelSource: null },
        imported: { trainingKnown: false, seenTestRows: null },
      },
    ]);
    const suggest = { projectId, splitId, method: 'finetune' } as const;
    const settings = await studio.ask('runs.suggest', suggest);
    const start = { projectId, splitId, extractionId: null, name: null, settings };
    const again = studio.ask('runs.start', { ...start, parentId: run.id });
    await expect(again).rejects.toMatchObject({ code: 'invalid-input' });
    const keep = studio.ask('runs.keepBest', { runId: run.id });
    await expect(keep).rejects.toMatchObject({ code: 'job-conflict' });
  }, 60_000);

  it('that reads rationales needs an extraction', async () => {
    const settings = runSettings({ method: 'rationale-input' });
    await writeExported(folder, { origin: originOf({ settings }) });
    expect(await settled()).toMatchObject({ state: 'failed', error: { code: 'invalid-input' } });
  }, 60_000);

  it('may be uploaded: the upload is gone when it is in', async () => {
    await writeExported(folder);
    const upload = join(studio.folders.incoming, 'upload');
    await cp(folder, upload, { recursive: true });
    const { fileId } = studio.files.register(upload, 'apples');
    const run = await imported({ source: { fileId } });
    const { folder: shown } = await studio.ask('runs.importedFrom', { runId: run.id });
    expect(shown).toBe('apples');
    await expect.poll(() => existsSync(upload)).toBe(false);
  }, 60_000);
});

describe('a folder that cannot be taken in', () => {
  it('leaves no run and no files: a changed byte, a file of another student', async () => {
    await writeExported(folder);
    await appendFile(join(folder, 'tokenizer.json'), ' ');
    const job = await settled();
    expect(job).toMatchObject({ state: 'failed', error: { code: 'model-invalid' } });
    expect(job.error?.message).toContain('tokenizer.json is not as it was exported');
    await rm(join(folder, 'certificate.json'));
    await rm(join(folder, 'model.safetensors'));
    expect(await settled()).toMatchObject({ state: 'failed', error: { code: 'model-invalid' } });
  }, 60_000);

  it('is asked for by a whole path, in a split that there is', async () => {
    const refusal = async (name: string, input: unknown): Promise<string> => {
      const answer = await studio.call(name, input);
      return answer.ok ? 'not refused' : answer.error.code;
    };
    const source = { path: 'students/apples' };
    expect(await refusal('runs.import', wish({ source }))).toBe('invalid-input');
    expect(await refusal('runs.lookAtImport', { splitId, source })).toBe('invalid-input');
    expect(await refusal('runs.import', wish({ splitId: 'none' }))).toBe('not-found');
    expect(await refusal('runs.importedFrom', { runId: 'none' })).toBe('not-found');
  });
});

describe('an import that does not come to its end', () => {
  it('leaves nothing when it is cancelled, and goes on when it was paused', async () => {
    await writeExported(folder);
    const cancelled = await studio.ask('runs.import', wish());
    await new Promise((resolve) => setImmediate(resolve));
    await studio.ask('jobs.cancel', { jobId: cancelled.id });
    expect((await studio.jobs.settled(cancelled.id)).state).toBe('cancelled');
    expect(await studio.ask('runs.list', { projectId })).toEqual([]);
    expect(readdirSync(join(workspace, 'runs'))).toEqual([]);

    const { id: jobId } = await studio.ask('runs.import', wish());
    await new Promise((resolve) => setImmediate(resolve));
    await studio.ask('jobs.pause', { jobId });
    expect((await studio.jobs.settled(jobId)).state).toBe('paused');
    expect(readdirSync(join(workspace, 'runs'))).toEqual([]);
    await studio.ask('jobs.resume', { jobId });
    expect((await studio.jobs.settled(jobId)).state).toBe('succeeded');
    expect(await studio.ask('runs.list', { projectId })).toHaveLength(1);
  }, 60_000);

  it('has its files swept up at the next start', async () => {
    await writeExported(folder);
    const { id: jobId, subjectId } = await studio.ask('runs.import', wish());
    await studio.ask('jobs.cancel', { jobId });
    await studio.jobs.settled(jobId);
    const home = studio.folders.run(subjectId ?? '');
    await mkdir(join(home, 'best'), { recursive: true });
    const kept = await imported();
    await studio.close();
    studio = openStudio(workspace);
    expect(existsSync(home)).toBe(false);
    expect(existsSync(join(studio.folders.run(kept.id), 'best'))).toBe(true);
  }, 60_000);
});
