import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type {
  Capabilities,
  Extraction,
  MappedRow,
  Price,
  Project,
} from '../../../electron/contract/entities.ts';
import { mappingDefaults } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { defaultExtractionSettings, extractJob } from '../../../electron/stages/extract/index.ts';
import type { JobContext, JobReport, StopReason } from '../../../electron/stages/job.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';

/** A store in a real SQLite file, removed when the test ends. */
export function tempStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-extract-'));
  const store = openStore(join(folder, 'studio.sqlite'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

/** A project with these rows, all of one dataset. */
export function projectWith(
  store: Store,
  task: Project['task'],
  rows: readonly (Partial<MappedRow> & { input: string })[],
  labels: string[] = [],
  name = 'Rows',
): Project {
  const project = store.projects.create({ name, task, labels, synthetic: false });
  const mapping = {
    ...{ id: 'id', input: 'input', template: null, label: 'label', choices: [] },
    ...{ rationale: null, completion: null, ...mappingDefaults },
  };
  store.data.create(
    {
      ...{ projectId: project.id, name: 'rows', sourceName: 'rows.jsonl', sourceSha256: '0' },
      ...{ mapping, givenPart: null, seed: 0 },
    },
    rows.map((row, index) => ({
      ...{ externalId: `row-${index}`, gold: null, choices: null },
      ...{ rationale: null, completion: null, part: null, meta: null },
      ...row,
    })),
  );
  return project;
}

/** An extraction that asks a server at this address. */
export function extractionAt(
  store: Store,
  projectId: string,
  baseUrl: string,
  settings: Partial<Extraction['settings']> = {},
  price: Price | null = null,
): Extraction {
  const teacher = store.teachers.save({
    ...{ teacherId: null, projectId, kind: 'openai-compatible', provider: 'other' },
    ...{ name: 'Server', baseUrl, model: 'some-model', apiVersion: null, contextTokens: null },
  });
  return store.extractions.create({
    ...{ projectId, teacherId: teacher.id, templateId: null, price, seed: 0 },
    settings: { ...defaultExtractionSettings, retries: 0, timeoutSeconds: 10, ...settings },
  });
}

/** A server that was seen to send several answers at once. */
export const severalAtOnce: Capabilities = {
  ...{ probedAt: '2026-01-01T00:00:00.000Z', model: 'some-model', models: null },
  ...{ systemRole: 'yes', temperature: 'yes', stop: 'yes', several: 'yes', seed: 'yes' },
  ...{ logprobs: 'no', usage: 'yes', jsonSchema: 'no', batches: 'no' },
  ...{ lengthLimit: 'max_tokens', milliseconds: 1 },
};

export const testKey = 'sk-secret-0123456789';

export interface JobRun {
  progress: JobReport[];
  areas: string[];
}

/** Runs the extraction's job once, as the registry would. */
export async function runExtraction(
  store: Store,
  extractionId: string,
  stop: AbortController = new AbortController(),
): Promise<JobRun> {
  const run: JobRun = { progress: [], areas: [] };
  await extractJob.run(contextOf(store, extractionId, stop, run), { extractionId });
  return run;
}

/** What the registry lends to an extraction's job; what it reports is kept in `run`. */
export function contextOf(
  store: Store,
  extractionId: string,
  stop: AbortController = new AbortController(),
  run: JobRun = { progress: [], areas: [] },
): JobContext {
  const extraction = store.extractions.get(extractionId);
  return {
    job: jobRecord(extraction.projectId, extractionId),
    store,
    signal: stop.signal,
    folders: {
      ...{ workspace: '', database: '', searchIndex: '', run: () => '' },
      ...{ exports: '', dataExports: '', incoming: '' },
    },
    threads: { run: () => Promise.reject(new Error('an extraction starts no thread')) },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    progress: (progress) => run.progress.push(progress),
    saved: (area) => run.areas.push(area),
    runWorker: () => Promise.reject(new Error('an extraction starts no worker')),
    teacherKey: () => testKey,
  };
}

export const pause: StopReason = 'pause';

function jobRecord(projectId: string, subjectId: string): JobRecord {
  return {
    ...{ id: 'job', projectId, kind: 'extract', subjectId, title: 'Extraction' },
    ...{ state: 'running', error: null, place: null, seq: 1 },
    progress: {
      ...{ done: 0, total: null, unit: 'requests', phase: 'preparing' },
      ...{ rate: null, secondsLeft: null },
    },
    ...{ createdAt: '', startedAt: null, endedAt: null },
  };
}
