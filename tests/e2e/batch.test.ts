import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractionSettingsDefaults } from '../../electron/contract/entities.ts';
import type { Extraction } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { complete, errorLine, outputLine, startBatchServer } from '../unit/extract/batch-server.ts';
import type { BatchServer, ServedBatch } from '../unit/extract/batch-server.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { ServedStudio } from './served-studio.ts';

/** More than are saved in one transaction while a batch is collected. */
const rows = 500;
/** A dollar for a thousand tokens of answer; the server counts 5 for each, at half price. */
const price = { input: 0, output: 1_000, batchShare: 0.5 };
const costOfAnswer = (5 / 1_000) * 0.5;

let place: { folder: string; remove: () => void };
let workspace: string;
let studio: ServedStudio;
let server: BatchServer;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  studio = await ServedStudio.start(workspace);
  server = await startBatchServer();
});
afterEach(async () => {
  await studio.end();
  place.remove();
});

/** The sample project, handed over to the server as a batch. */
async function begin(): Promise<JobRecord> {
  const project = await studio.ask('projects.createSample', { rows, seed: 1 });
  const teacher = await studio.ask('teachers.save', {
    ...{ teacherId: null, projectId: project.id, kind: 'openai-compatible' },
    ...{ name: 'Overnight', provider: 'openai', baseUrl: server.baseUrl, model: 'model' },
  });
  await studio.ask('prices.save', { model: 'model', price });
  return studio.ask('extractions.start', {
    ...{ projectId: project.id, teacherId: teacher.id, templateId: null },
    settings: {
      ...{ concurrency: 8, temperature: 0, maxTokens: 64, timeoutSeconds: 30, retries: 3 },
      ...{ ...extractionSettingsDefaults, limit: null, mode: 'batch' },
    },
  });
}

async function killed(): Promise<void> {
  await studio.kill();
  studio = await ServedStudio.start(workspace);
}

/** Goes on with what a kill has left, to its end. */
async function resumed({ id, projectId }: JobRecord): Promise<JobRecord> {
  const [left] = await studio.ask('jobs.list', { projectId });
  expect(left).toMatchObject({ id, state: 'interrupted' });
  return studio.settled(await studio.ask('jobs.resume', { jobId: id }));
}

async function extractionOf({ projectId, subjectId }: JobRecord): Promise<Extraction> {
  const found = (await studio.ask('extractions.list', { projectId })).find(
    ({ id }) => id === subjectId,
  );
  if (found === undefined) throw new Error('the extraction is gone');
  return found;
}

const completed = async (job: JobRecord): Promise<number> => (await extractionOf(job)).completed;

/** What the server was handed, by the names of the requests. */
const handedOver = (): string[] =>
  server.batches.flatMap(({ lines }) => lines.map(({ custom_id }) => custom_id));

/** One batch was made of all rows, and every answer is there and paid for once. */
async function expectAskedOnce(job: JobRecord): Promise<void> {
  expect(server.batches).toHaveLength(1);
  expect(handedOver()).toHaveLength(rows);
  expect(new Set(handedOver()).size).toBe(rows);
  const { spend, ...counts } = await extractionOf(job);
  expect(counts).toMatchObject({ wanted: rows, completed: rows, failed: 0 });
  expect(spend).toMatchObject({ requests: rows, completionTokens: 5 * rows, estimated: false });
  expect(spend.cost).toBeCloseTo(rows * costOfAnswer, 9);
}

/** Sends the start of a file and leaves the rest out, with the connection open. */
const stall =
  (lines: number) =>
  (file: string, response: ServerResponse): void => {
    response.write(`${file.split('\n').slice(0, lines).join('\n')}\n`);
  };

describe('an application killed during a batch', () => {
  it('finds the batch again that it was handing over', async () => {
    const made = Promise.withResolvers<ServedBatch>();
    // The server has it; the answer that says so never arrives.
    const held = new Promise<void>((release) => {
      server.onCreated = (batch, response) => {
        response.once('close', release);
        response.writeHead(200, { 'content-type': 'application/json' }).write(' ');
        made.resolve(batch);
      };
    });
    const job = await begin();
    complete(await made.promise);
    await killed();
    await held;
    expect(await resumed(job)).toMatchObject({ state: 'succeeded', error: null });
    await expectAskedOnce(job);
  });

  it('collects the batch that went on without it', async () => {
    const asked = Promise.withResolvers<ServedBatch>();
    server.onAsked = asked.resolve;
    const job = await begin();
    const batch = await asked.promise;
    await killed();
    expect(await completed(job)).toBe(0);
    complete(batch);
    expect(await resumed(job)).toMatchObject({ state: 'succeeded', error: null });
    await expectAskedOnce(job);
  });

  it('collects again what it was collecting, and counts nothing twice', async () => {
    server.onAsked = (batch) => complete(batch);
    server.deliver = stall(450);
    const job = await begin();
    await expect.poll(() => completed(job), { timeout: 60_000, interval: 50 }).toBe(400);
    await killed();
    expect(await completed(job)).toBe(400);
    expect((await extractionOf(job)).spend.cost).toBeCloseTo(400 * costOfAnswer, 9);
    server.deliver = (file, response) => response.end(file);
    expect(await resumed(job)).toMatchObject({ state: 'succeeded', error: null });
    await expectAskedOnce(job);
  });
});

it('a batch that failed in part leaves rows with the reason, and the rest to be asked again', async () => {
  server.onAsked = (batch) => {
    const { lines } = batch;
    batch.output = lines.slice(0, 450).map((line) => outputLine(line, 'So the answer is 3 + 4.'));
    batch.errors = lines.slice(450, 480).map((line) => errorLine(line, 'The model is overloaded.'));
    batch.status = 'expired';
  };
  const job = await begin();
  const asked = await studio.settled(job);
  expect(asked).toMatchObject({ state: 'failed', error: { code: 'batch-failed' } });
  expect(asked.error?.message).toContain('20 of 500');

  const extraction = await extractionOf(job);
  expect(extraction).toMatchObject({ completed: 450, failed: 30 });
  expect(extraction.spend.cost).toBeCloseTo(450 * costOfAnswer, 9);
  const failed = await studio.ask('rows.page', {
    projectId: extraction.projectId,
    extractionId: extraction.id,
    query: { answers: 'failed' },
    ...{ offset: 0, limit: 100 },
  });
  expect(failed.rows).toHaveLength(30);
  for (const { failure } of failed.rows) expect(failure).toContain('The model is overloaded.');

  server.onAsked = (batch) => complete(batch);
  const again = await studio.ask('jobs.resume', { jobId: job.id });
  expect(await studio.settled(again)).toMatchObject({ state: 'succeeded' });
  expect(server.batches.map(({ lines }) => lines.length)).toEqual([500, 50]);
  const [first, second] = server.batches;
  const answered = new Set(first?.lines.slice(0, 450).map(({ custom_id }) => custom_id));
  expect(second?.lines.filter(({ custom_id }) => answered.has(custom_id))).toEqual([]);
  const all = await extractionOf(job);
  expect(all).toMatchObject({ completed: rows, failed: 0 });
  expect(all.spend.cost).toBeCloseTo(rows * costOfAnswer, 9);
});
