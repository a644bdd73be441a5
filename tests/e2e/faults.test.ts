import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractionSettingsDefaults } from '../../electron/contract/entities.ts';
import type { Extraction, ExtractionSettings } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { paidTwice, spawnFaultServer } from '../support/fault-server.ts';
import type { FaultServer, LogEntry } from '../support/fault-server.ts';
import { temporaryFolder } from '../unit/ipc/support.ts';
import { ServedStudio } from './served-studio.ts';

const rows = 2_000;
const concurrency = 64;

let place: { folder: string; remove: () => void };
let workspace: string;
let studio: ServedStudio;
let server: FaultServer;

beforeEach(async () => {
  place = temporaryFolder();
  workspace = join(place.folder, 'workspace');
  studio = await ServedStudio.start(workspace);
});
afterEach(async () => {
  await studio.end();
  await server.close();
  place.remove();
});

/** Time limit below the slow answers' patience; enough tries for a server that fails three times in ten. */
function settings(more: Partial<ExtractionSettings> = {}): ExtractionSettings {
  return {
    ...{ concurrency, temperature: 0, maxTokens: 256, timeoutSeconds: 2, retries: 10, limit: null },
    ...extractionSettingsDefaults,
    ...more,
  };
}

/** The sample project with a teacher at the server. */
async function begin(more: Partial<ExtractionSettings>): Promise<JobRecord> {
  const project = await studio.ask('projects.createSample', { rows, seed: 1 });
  const teacher = await studio.ask('teachers.save', {
    teacherId: null,
    projectId: project.id,
    kind: 'openai-compatible',
    name: 'Unreliable',
    baseUrl: server.baseUrl,
    model: 'model',
  });
  await studio.ask('prices.save', {
    model: 'model',
    price: { input: 1, output: 2, batchShare: 1 },
  });
  return studio.ask('extractions.start', {
    projectId: project.id,
    teacherId: teacher.id,
    templateId: null,
    settings: settings(more),
  });
}

async function extractionOf({ projectId, subjectId }: JobRecord): Promise<Extraction> {
  const found = (await studio.ask('extractions.list', { projectId })).find(
    ({ id }) => id === subjectId,
  );
  if (found === undefined) throw new Error('the extraction is gone');
  return found;
}

/** Every row of the extraction, by what came of it. */
async function outcomes({
  id,
  projectId,
}: Extraction): Promise<{ input: string; failure: string | null }[]> {
  const all: { input: string; failure: string | null }[] = [];
  while (all.length < rows) {
    const page = await studio.ask('rows.page', {
      projectId,
      extractionId: id,
      query: { answers: 'answered' },
      ...{ offset: all.length, limit: 500 },
    });
    if (page.rows.length === 0) break;
    all.push(...page.rows.map(({ input, failure }) => ({ input, failure })));
  }
  return all;
}

const counted = (log: readonly LogEntry[], which: (entry: LogEntry) => boolean): number =>
  log.filter(which).length;

describe('a server that goes wrong three times in ten', () => {
  it('has each of 2,000 rows answered or failed for a reason, and none answered asked again, through three kills', async () => {
    server = await spawnFaultServer({ seed: 7, share: 0.3, delay: 20, retryAfterSeconds: 0.25 });
    let job = await begin({});
    for (const answers of [250, 800, 1_400]) {
      await expect
        .poll(async () => (await extractionOf(job)).completed, { timeout: 200_000, interval: 25 })
        .toBeGreaterThan(answers);
      await studio.kill();
      studio = await ServedStudio.start(workspace);
      const [left] = await studio.ask('jobs.list', { projectId: job.projectId });
      expect(left).toMatchObject({ id: job.id, state: 'interrupted' });
      job = await studio.ask('jobs.resume', { jobId: job.id });
    }
    expect(await studio.settled(job)).toMatchObject({ state: 'succeeded', error: null });

    const extraction = await extractionOf(job);
    const log = await server.log();
    const received = (entry: LogEntry) => entry.completion && entry.delivery === 'received';
    console.log(
      [
        `${log.length} requests for ${rows} rows: ${extraction.completed} answered, ${extraction.failed} failed`,
        `${counted(log, ({ fault }) => fault !== null)} faults of ${new Set(log.map(({ fault }) => fault)).size - 1} kinds`,
        `${counted(log, ({ completion, delivery }) => completion && delivery === 'lost')} answers sent within a quarter of a second before a kill`,
        `${paidTwice(log).length} rows asked again after their answer was received`,
      ].join('; '),
    );
    expect(extraction.completed + extraction.failed).toBe(rows);
    expect(paidTwice(log)).toEqual([]);
    const ended = await outcomes(extraction);
    expect(ended).toHaveLength(rows);
    const failed = ended.filter(({ failure }) => failure !== null);
    expect(failed).toHaveLength(extraction.failed);
    // What fails has a reason, and was never answered; what is there was sent by the server.
    const answered = new Set(log.filter(received).map(({ question }) => question));
    for (const { input, failure } of failed) {
      expect(failure).toMatch(/\w/);
      expect(answered.has(input)).toBe(false);
    }
    expect(failed.length).toBeGreaterThan(0);
  }, 400_000);

  it('is never paid more than the budget, with 64 requests at a time', async () => {
    // Slow enough for the first requests to be seen under way.
    server = await spawnFaultServer({ seed: 3, share: 0.1, delay: 150 });
    const budget = 0.2;
    const job = await begin({ budget });
    let most = 0;
    await expect
      .poll(
        async () => {
          const found = (await studio.ask('jobs.list', { projectId: job.projectId })).find(
            ({ id }) => id === job.id,
          );
          most = Math.max(most, found?.progress.network?.inFlight ?? 0);
          return found?.state;
        },
        { timeout: 200_000, interval: 20 },
      )
      .toBe('paused');
    const paused = await studio.settled(job);
    expect(paused.error).toMatchObject({ code: 'budget-reached' });
    const { spend, completed } = await extractionOf(job);
    const log = await server.log();
    // What the server would bill: every request for which it counted tokens.
    const billed = log
      .filter(
        ({ completion, fault }) => completion || fault === 'length-empty' || fault === 'filtered',
      )
      .reduce((sum, entry) => sum + (entry.promptTokens + 2 * entry.completionTokens) / 1e6, 0);
    console.log(
      `budget ${budget}: ${spend.cost?.toFixed(6)} counted here, ${billed.toFixed(6)} by the server; ` +
        `${completed} answers, ${spend.requests} requests, at most ${most} in flight`,
    );
    expect(spend.cost).toBeLessThanOrEqual(budget);
    expect(billed).toBeLessThanOrEqual(budget);
    expect(spend.cost).toBeGreaterThan(budget * 0.9);
    expect(most).toBeGreaterThan(8);
    expect(spend.requests).toBe(log.length);

    const extraction = await extractionOf(job);
    const on = await studio.ask('extractions.continue', {
      extractionId: extraction.id,
      settings: { ...extraction.settings, budget: null },
    });
    expect(on.id).toBe(job.id);
    expect(await studio.settled(on)).toMatchObject({ state: 'succeeded' });
    expect(paidTwice(await server.log())).toEqual([]);
  }, 400_000);
});
