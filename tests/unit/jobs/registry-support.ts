import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { z } from 'zod';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { bind } from '../../../electron/jobs/attempt.ts';
import { JobRegistry } from '../../../electron/jobs/registry.ts';
import type { JobContext, JobDefinition } from '../../../electron/stages/job.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { collectingLog, FakeClock } from './support.ts';

export type Run = (context: JobContext, input: { tag: string }) => Promise<void>;
const lanes = {
  import: 'disk',
  extract: 'network',
  train: 'numeric',
  evaluate: 'numeric',
} as const;
type Kind = keyof typeof lanes;

let folder: string;
/** Of the test that runs: one store for all its registries, as if processes came one after another. */
export let store: Store;
export let projectId: string;
export let clock: FakeClock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-registry-'));
  store = openStore(join(folder, 'studio.sqlite'));
  projectId = store.projects.create({
    name: 'Jobs',
    task: 'text',
    labels: [],
    synthetic: false,
  }).id;
  clock = new FakeClock();
});

afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A registry whose jobs of every kind do what `run` says. */
export function open(run: Run) {
  const events: JobRecord[] = [];
  const saved: string[] = [];
  const { log, lines } = collectingLog();
  const define = (kind: Kind): JobDefinition<{ tag: string }> => ({
    kind,
    input: z.strictObject({ tag: z.string() }),
    unit: 'rows',
    lane: lanes[kind],
    run,
  });
  const definitions = {
    import: define('import'),
    extract: define('extract'),
    train: define('train'),
    evaluate: define('evaluate'),
  };
  const registry = new JobRegistry({
    store,
    definitions: Object.values(definitions).map((definition) => bind(definition)),
    host: {
      start: () => {
        throw new Error('no numeric work in these tests');
      },
    },
    threads: { run: () => Promise.reject(new Error('no thread in these tests')) },
    folders: {
      workspace: folder,
      run: (runId) => join(folder, 'runs', runId),
      database: join(folder, 'studio.sqlite'),
      searchIndex: join(folder, 'search.sqlite'),
      exports: join(folder, 'exports'),
      dataExports: join(folder, 'data'),
      incoming: join(folder, 'incoming'),
    },
    log,
    teacherKey: () => null,
    redact: (error) => ({ ...error, message: error.message.replaceAll('sk-secret', '…') }),
    onJob: (record) => events.push(record),
    onSaved: (project, area) =>
      saved.push(`${project === projectId ? 'project' : project} ${area}`),
    clock,
  });
  const start = (kind: Kind, tag: string, subjectId: string | null = null) =>
    registry.start(definitions[kind], { projectId, subjectId, title: tag, input: { tag } });
  const states = (jobId: string) =>
    events.filter((event) => event.id === jobId).map((event) => event.state);
  return { registry, start, events, states, saved, lines };
}

/** A job that reports when it has started and goes on when it is let through. */
export function gated() {
  const started: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<undefined>>();
  const waiting = new Map<string, PromiseWithResolvers<JobContext>>();
  const gate = (tag: string) => {
    const known = gates.get(tag) ?? Promise.withResolvers<undefined>();
    gates.set(tag, known);
    return known;
  };
  const arrival = (tag: string) => {
    const known = waiting.get(tag) ?? Promise.withResolvers<JobContext>();
    waiting.set(tag, known);
    return known;
  };
  const run: Run = async (context, { tag }) => {
    started.push(tag);
    arrival(tag).resolve(context);
    await gate(tag).promise;
  };
  return {
    run,
    started,
    /** Resolves with the job's context once it runs. */
    running: (tag: string) => arrival(tag).promise,
    letThrough: (tag: string) => gate(tag).resolve(undefined),
  };
}

/** Runs until the signal is aborted, then returns, as a job does that has saved what it has. */
export const untilStopped: Run = (context) =>
  new Promise((resolve) => {
    context.progress({ done: 3, total: 10, phase: 'working' });
    if (context.signal.aborted) resolve();
    context.signal.addEventListener('abort', () => resolve());
  });

export const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof StudioError) return error.code;
    throw error;
  }
  return 'no error';
};

export const turns = async (count = 5) => {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
};
