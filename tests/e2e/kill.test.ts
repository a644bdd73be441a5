import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import type { MetricPoint } from '../../electron/contract/entities.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { questionOf, sendCompletion, startServer } from '../unit/teacher/http-server.ts';
import { openStudio, temporaryFolder } from '../unit/ipc/support.ts';
import { cli, signalGroup, startCli } from './processes.ts';
import { tinyRows, writeRows } from './rows.ts';
import { ServedStudio } from './served-studio.ts';

let place: { folder: string; remove: () => void };
let workspace: string;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  const path = writeRows(place.folder, 'rows.jsonl', tinyRows(60));
  expect((await cli(workspace, ['project', 'new', 'sums', '--task', 'arithmetic'])).code).toBe(0);
  expect((await cli(workspace, ['import', path])).code).toBe(0);
});
afterEach(() => place.remove());

/** Looks into the workspace as the next start of the application would. */
async function inspect<T>(look: (studio: Studio, projectId: string) => T | Promise<T>): Promise<T> {
  const studio = openStudio(workspace);
  try {
    const [project] = await studio.ask('projects.list', {});
    if (!project) throw new Error('the project is gone');
    return await look(studio, project.id);
  } finally {
    await studio.close();
  }
}

describe('an application killed during an extraction', () => {
  it('keeps every saved answer and never asks for it again', async () => {
    const asked = new Map<string, number>();
    const server = await startServer((response, request) => {
      const question = questionOf(request);
      asked.set(question, (asked.get(question) ?? 0) + 1);
      setTimeout(() => sendCompletion(response, 'Some more. The answer is (1 + 1).'), 40);
    });
    const words = ['extract', '--teacher', server.baseUrl, '--model', 'm', '--concurrency', '2'];

    const running = startCli(workspace, words);
    await expect.poll(() => server.requests.length, { timeout: 60_000 }).toBeGreaterThan(24);
    running.process.kill('SIGKILL');
    expect((await running.ended).code).toBeNull();
    const askedBefore = new Map(asked);

    const saved = await inspect(async (studio, projectId) => {
      const [job] = (await studio.ask('jobs.list', { projectId })).filter(
        ({ kind }) => kind === 'extract',
      );
      expect(job).toMatchObject({ kind: 'extract', state: 'interrupted' });
      const [extraction] = await studio.ask('extractions.list', { projectId });
      if (!extraction) throw new Error('the extraction is gone');
      return [...studio.store.extractions.completions(extraction.id)].map(({ example, text }) => {
        expect(text).toBe('Some more. The answer is (1 + 1).');
        return example.input;
      });
    });
    // Only what was in flight, or had come in within the last moment, may be lost.
    expect(saved.length).toBeGreaterThan(0);

    const resumed = await cli(workspace, [...words, '--json']);
    expect(resumed).toMatchObject({ code: 0, json: { wanted: 60, completed: 60, failed: 0 } });
    expect(asked.size).toBe(60);
    for (const input of saved) expect([input, asked.get(input)]).toEqual([input, 1]);
    const twice = [...asked].filter(([, times]) => times > 1);
    const unsaved = [...askedBefore.keys()].filter((input) => !saved.includes(input));
    expect(twice.length).toBeLessThanOrEqual(unsaved.length);
    const requests = server.requests.length;
    const repeated = await cli(workspace, [...words, '--json']);
    expect(repeated).toMatchObject({ code: 0, json: { completed: 60 } });
    expect(server.requests.length).toBe(requests);
    for (const [input, times] of twice) expect([unsaved.includes(input), times]).toEqual([true, 2]);
  });
});

/** What has been saved of the only run. */
async function savedRun(studio: Studio, projectId: string) {
  const [run] = await studio.ask('runs.list', { projectId });
  if (!run) throw new Error('the run is gone');
  const jobs = await studio.ask('jobs.list', { projectId });
  const job = jobs.find(({ id }) => id === run.jobId);
  if (!job) throw new Error('the job is gone');
  const checkpoint = studio.store.runs.checkpoint(run.id, 'last');
  return { run, job, checkpoint, metrics: studio.store.runs.metrics(run.id, 0) };
}

/** A resumed run has one point for each step, and those before its checkpoint are the old ones. */
function expectContinued(
  before: { checkpoint: { step: number } | null; metrics: MetricPoint[] },
  after: { job: JobRecord; metrics: MetricPoint[] },
  steps: number,
): void {
  const kept = before.checkpoint?.step ?? 0;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(steps);
  expect(after.job).toMatchObject({ state: 'succeeded', error: null });
  expect(after.metrics.map(({ step }) => step)).toEqual(
    Array.from({ length: steps }, (_, index) => index + 1),
  );
  // Speed differs from one time to the next: a step that was trained again would show here.
  const reported = Math.min(kept, before.metrics.at(-1)?.step ?? 0);
  const upTo = (points: MetricPoint[]) => points.filter(({ step }) => step <= reported);
  expect(upTo(after.metrics)).toEqual(upTo(before.metrics));
}

/** The losses of every run, the first one first. */
async function savedLosses(studio: Studio, projectId: string): Promise<number[][]> {
  const runs = await studio.ask('runs.list', { projectId });
  return runs.map((run) => studio.store.runs.metrics(run.id, 0).map(({ loss }) => loss));
}

const steps = 80;
const training = ['--method', 'finetune', '--steps', String(steps), '--evaluate-every', '10'];

describe('an application killed during a training', () => {
  it('goes on from its checkpoint: the command line', async () => {
    expect((await cli(workspace, ['split'])).code).toBe(0);
    const running = startCli(workspace, ['train', ...training]);
    await untilCheckpoint(workspace);
    running.process.kill('SIGKILL');
    expect((await running.ended).code).toBeNull();

    const before = await inspect(savedRun);
    expect(before.job).toMatchObject({ state: 'interrupted' });
    const resumed = await cli(workspace, ['train', '--resume', '--json']);
    expect(resumed).toMatchObject({ code: 0, json: { run: before.run.id, steps } });
    expectContinued(before, await inspect(savedRun), steps);

    // Trained again without a kill, every loss is the same to the last bit.
    expect(await cli(workspace, ['train', ...training])).toMatchObject({ code: 0 });
    const [killed, whole] = await inspect(savedLosses);
    expect(whole).toHaveLength(steps);
    expect(killed).toEqual(whole);
  });

  it('goes on from its checkpoint: browser mode', async () => {
    expect((await cli(workspace, ['split'])).code).toBe(0);
    const first = await ServedStudio.start(workspace);
    const [project] = await first.ask('projects.list', {});
    if (!project) throw new Error('the project is gone');
    const [split] = await first.ask('splits.list', { projectId: project.id });
    if (!split) throw new Error('the split is gone');
    const target = { projectId: project.id, splitId: split.id };
    const suggested = await first.ask('runs.suggest', { ...target, method: 'finetune' });
    const { run, job } = await first.ask('runs.start', {
      ...target,
      extractionId: null,
      name: null,
      settings: { ...suggested, steps, evaluateEvery: 10 },
    });
    await untilCheckpoint(workspace);
    first.running.process.kill('SIGKILL');
    await first.running.ended;

    const before = await inspect(savedRun);
    expect(before.run.id).toBe(run.id);
    expect(before.job).toMatchObject({ state: 'interrupted' });

    const second = await ServedStudio.start(workspace);
    expect(await second.ask('jobs.resume', { jobId: job.id })).toMatchObject({ state: 'queued' });
    await expect
      .poll(
        async () => {
          const jobs: JobRecord[] = await second.ask('jobs.list', { projectId: project.id });
          return jobs.find(({ id }) => id === job.id)?.state;
        },
        { timeout: 300_000, interval: 500 },
      )
      .toBe('succeeded');
    second.running.process.kill('SIGTERM');
    expect((await second.running.ended).code).toBe(0);
    expectContinued(before, await inspect(savedRun), steps);
  });

  it.skipIf(process.platform === 'win32')(
    'and one stopped with Ctrl-C saves where it is, and says how to go on',
    async () => {
      expect((await cli(workspace, ['split'])).code).toBe(0);
      const running = startCli(workspace, ['train', ...training]);
      await untilCheckpoint(workspace);
      signalGroup(running, 'SIGINT');
      const stopped = await running.ended;
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain('train --resume');

      const before = await inspect(savedRun);
      expect(before.job).toMatchObject({ state: 'paused', error: null });
      // The checkpoint was written at the stop, not merely at the last validation. A step whose
      // validation was cut short is in the checkpoint; its metrics come when that is done again.
      const unreported = (before.checkpoint?.step ?? 0) - (before.metrics.at(-1)?.step ?? 0);
      expect([0, 1]).toContain(unreported);
      const resumed = await cli(workspace, ['train', '--resume', '--json']);
      expect(resumed).toMatchObject({ code: 0, json: { steps } });
      expectContinued(before, await inspect(savedRun), steps);
    },
  );
});

/** Waits until the first checkpoint has its final name and some steps have passed since. */
async function untilCheckpoint(folder: string): Promise<void> {
  const last = () =>
    readdirSync(join(folder, 'runs')).some((id) => existsSync(join(folder, 'runs', id, 'last')));
  await expect.poll(last, { timeout: 120_000, interval: 50 }).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 400));
}
