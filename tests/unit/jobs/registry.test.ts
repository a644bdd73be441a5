import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import { JobRecord } from '../../../electron/contract/jobs.ts';
import type { JobContext } from '../../../electron/stages/job.ts';
import {
  clock,
  codeOf,
  gated,
  open,
  projectId,
  store,
  turns,
  untilStopped,
} from './registry-support.ts';

describe('a job that succeeds', () => {
  it('is queued, runs with its parsed input, and succeeds; every step is saved and announced', async () => {
    const inputs: unknown[] = [];
    const { registry, start, events, states } = open(async (context, input) => {
      inputs.push(input);
      context.progress({ done: 2, total: 2, phase: 'saving' });
      await Promise.resolve();
    });
    const queued = start('import', 'rows.csv');
    expect(queued).toMatchObject({ state: 'queued', title: 'rows.csv', startedAt: null });
    const record = await registry.settled(queued.id);
    expect(record).toMatchObject({ state: 'succeeded', error: null });
    expect(record.progress).toMatchObject({ done: 2, total: 2, unit: 'rows', rate: null });
    expect(inputs).toEqual([{ tag: 'rows.csv' }]);
    expect(states(queued.id)[0]).toBe('queued');
    expect(states(queued.id)).toContain('running');
    expect(states(queued.id).at(-1)).toBe('succeeded');
    const seqs = events.map((event) => event.seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    expect(JobRecord.parse(registry.list(projectId)[0])).toEqual(record);
    expect(events.at(-1)).toEqual(record);
  });

  it('starts only after the turn in which it was queued', async () => {
    const { run, started, running, letThrough } = gated();
    const { registry, start } = open(run);
    const job = start('train', 'one');
    await Promise.resolve();
    expect(started).toEqual([]);
    await running('one');
    letThrough('one');
    expect((await registry.settled(job.id)).state).toBe('succeeded');
  });

  it('tells which saved rows changed', async () => {
    const { registry, start, saved } = open(async (context) => context.saved('data'));
    await registry.settled(start('import', 'a').id);
    expect(saved).toEqual(['project data']);
  });
});

describe('a job that fails', () => {
  it('keeps its error with its record, without keys', async () => {
    const { registry, start } = open(() =>
      Promise.reject(new StudioError('teacher-unauthorized', 'Refused sk-secret.', 'Check it.')),
    );
    const record = await registry.settled(start('extract', 'a').id);
    expect(record.state).toBe('failed');
    expect(record.error).toEqual({
      code: 'teacher-unauthorized',
      message: 'Refused ….',
      hint: 'Check it.',
    });
    expect(registry.list(projectId)[0]).toEqual(record);
  });

  it('fails as internal on an unforeseen error, and the next job of the lane still runs', async () => {
    const { registry, start, lines } = open((_context, { tag }) =>
      tag === 'bad' ? Promise.reject(new TypeError('oops')) : Promise.resolve(),
    );
    const bad = start('train', 'bad');
    const good = start('train', 'good');
    expect((await registry.settled(bad.id)).error?.code).toBe('internal');
    expect((await registry.settled(good.id)).state).toBe('succeeded');
    expect(JSON.stringify(lines)).toContain('TypeError');
  });

  it('can be resumed, with the same input', async () => {
    let attempts = 0;
    const { registry, start } = open((_context, { tag }) => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error(tag)) : Promise.resolve();
    });
    const job = start('train', 'twice');
    await registry.settled(job.id);
    expect(registry.resume(job.id)).toMatchObject({ id: job.id, state: 'queued', error: null });
    expect((await registry.settled(job.id)).state).toBe('succeeded');
    expect(attempts).toBe(2);
  });
});

describe('pause, resume, cancel', () => {
  it('pauses a running job once it has returned, and resumes it', async () => {
    const { registry, start, states } = open(untilStopped);
    const job = start('train', 'a');
    await turns();
    const answer = registry.pause(job.id);
    expect(answer.state).toBe('running');
    const paused = await registry.settled(job.id);
    expect(paused).toMatchObject({ state: 'paused', error: null, progress: { done: 3 } });
    registry.resume(job.id);
    await turns();
    expect(registry.active().map((record) => record.state)).toEqual(['running']);
    registry.cancel(job.id);
    expect((await registry.settled(job.id)).state).toBe('cancelled');
    expect(states(job.id).filter((state) => state === 'queued')).toHaveLength(2);
  });

  it('gives the job the reason it is stopped for', async () => {
    const reasons: unknown[] = [];
    const { registry, start } = open(async (context) => {
      await untilStopped(context, { tag: '' });
      reasons.push(context.signal.reason);
    });
    for (const stop of ['pause', 'cancel'] as const) {
      const job = start('train', stop);
      await turns();
      registry[stop](job.id);
      await registry.settled(job.id);
    }
    expect(reasons).toEqual(['pause', 'cancel']);
  });

  it.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ] as const)('takes an error that only says “stopped” for a %s', async (stop, state) => {
    const { registry, start } = open(async (context) => {
      await untilStopped(context, { tag: '' });
      context.signal.throwIfAborted();
    });
    const job = start('extract', 'a');
    await turns();
    registry[stop](job.id);
    expect(await registry.settled(job.id)).toMatchObject({ state, error: null });
  });

  it('does not hide a real failure behind a pause', async () => {
    const { registry, start } = open(async (context) => {
      await untilStopped(context, { tag: '' });
      throw new StudioError('disk-full', 'The disk is full.', 'Make room.');
    });
    const job = start('train', 'a');
    await turns();
    registry.pause(job.id);
    expect(await registry.settled(job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'disk-full' },
    });
  });

  it('lands in cancelled when a cancel follows a pause that is still under way', async () => {
    const { run, running, letThrough } = gated();
    const { registry, start } = open(run);
    const job = start('train', 'a');
    await running('a');
    registry.pause(job.id);
    registry.cancel(job.id);
    registry.pause(job.id);
    letThrough('a');
    expect((await registry.settled(job.id)).state).toBe('cancelled');
  });

  it('ends queued jobs at once, and they never run', async () => {
    const { run, started, running, letThrough } = gated();
    const { registry, start } = open(run);
    start('train', 'first');
    const paused = start('train', 'paused');
    const cancelled = start('train', 'cancelled');
    const last = start('train', 'last');
    await running('first');
    expect(registry.pause(paused.id).state).toBe('paused');
    expect(registry.cancel(cancelled.id).state).toBe('cancelled');
    letThrough('first');
    letThrough('last');
    await registry.settled(last.id);
    expect(started).toEqual(['first', 'last']);
  });

  it('runs a job once that was paused in the queue and resumed there', async () => {
    const { run, started, running, letThrough } = gated();
    const { registry, start } = open(run);
    start('train', 'first');
    const second = start('train', 'second');
    await running('first');
    registry.pause(second.id);
    registry.resume(second.id);
    letThrough('first');
    letThrough('second');
    expect((await registry.settled(second.id)).state).toBe('succeeded');
    await turns();
    expect(started).toEqual(['first', 'second']);
  });

  it('refuses what a state does not allow', async () => {
    const { registry, start } = open(untilStopped);
    const job = start('train', 'a');
    await turns();
    expect(codeOf(() => registry.resume(job.id))).toBe('job-conflict');
    registry.pause(job.id);
    await registry.settled(job.id);
    expect(codeOf(() => registry.pause(job.id))).toBe('job-conflict');
    expect(registry.cancel(job.id).state).toBe('cancelled');
    expect(codeOf(() => registry.cancel(job.id))).toBe('job-conflict');
    expect(codeOf(() => registry.resume(job.id))).toBe('job-conflict');
    expect(codeOf(() => registry.pause('no-such-job'))).toBe('not-found');
  });

  it('allows one unsettled job for a subject', async () => {
    const { registry, start } = open(untilStopped);
    const first = start('train', 'a', 'run-1');
    expect(codeOf(() => start('evaluate', 'b', 'run-1'))).toBe('job-conflict');
    start('train', 'c', 'run-2');
    start('import', 'd');
    start('import', 'e');
    await turns();
    registry.pause(first.id);
    await registry.settled(first.id);
    const second = start('evaluate', 'f', 'run-1');
    expect(codeOf(() => registry.resume(first.id))).toBe('job-conflict');
    registry.cancel(second.id);
    await registry.close();
  });
});

describe('lanes', () => {
  it('runs one numeric job, two network jobs and one disk job at a time, in order', async () => {
    const { run, started, running, letThrough } = gated();
    const { registry, start } = open(run);
    for (const n of [1, 2, 3]) {
      start('train', `train ${n}`);
      start('extract', `extract ${n}`);
      start('import', `import ${n}`);
    }
    await running('import 1');
    await turns();
    expect(started.toSorted()).toEqual(['extract 1', 'extract 2', 'import 1', 'train 1']);
    letThrough('train 1');
    await running('train 2');
    await turns();
    expect(started).not.toContain('train 3');
    expect(started).not.toContain('extract 3');
    for (const tag of ['train', 'extract', 'import']) {
      for (const n of [1, 2, 3]) letThrough(`${tag} ${n}`);
    }
    await Promise.all(registry.active().map((record) => registry.settled(record.id)));
    expect(started.filter((tag) => tag.startsWith('train'))).toEqual([
      'train 1',
      'train 2',
      'train 3',
    ]);
  });

  it('lets an evaluation wait for a training', async () => {
    const { run, started, running, letThrough } = gated();
    const { registry, start } = open(run);
    start('train', 'train');
    const evaluation = start('evaluate', 'evaluate');
    await running('train');
    await turns();
    expect(started).toEqual(['train']);
    letThrough('train');
    letThrough('evaluate');
    expect((await registry.settled(evaluation.id)).state).toBe('succeeded');
  });
});

describe('progress', () => {
  it('is announced five times a second at most, with rate and time left, and the last always', async () => {
    const { run, running, letThrough } = gated();
    const { registry, start, events } = open(run);
    const job = start('extract', 'a');
    const context = await running('a');
    const before = events.length;
    for (let done = 1; done <= 1_000; done++) {
      clock.advance(2);
      context.progress({ done, total: 2_000, phase: 'working' });
    }
    clock.advance(1_000);
    const announced = events.slice(before);
    expect(announced.length).toBeGreaterThanOrEqual(9);
    expect(announced.length).toBeLessThanOrEqual(11);
    expect(announced.at(-1)?.progress).toEqual({
      done: 1_000,
      total: 2_000,
      unit: 'rows',
      phase: 'working',
      rate: 500,
      secondsLeft: 2,
    });
    expect(store.jobs.get(job.id)).toMatchObject(announced.at(-1) ?? {});
    letThrough('a');
    await registry.settled(job.id);
  });

  it('is not announced after the end', async () => {
    let lent: JobContext | undefined;
    const { registry, start, events } = open(async (context) => {
      lent = context;
      await Promise.resolve();
    });
    await registry.settled(start('import', 'a').id);
    const before = events.length;
    lent?.progress({ done: 9, total: 9, phase: 'working' });
    clock.advance(1_000);
    expect(events).toHaveLength(before);
    expect(registry.list(projectId)[0]?.progress.done).toBe(0);
  });
});

describe('the end of the process', () => {
  it('closes with every job saved as interrupted, to be resumed by the next process', async () => {
    const reasons: unknown[] = [];
    const first = open(async (context) => {
      await untilStopped(context, { tag: '' });
      reasons.push(context.signal.reason);
    });
    const running = first.start('train', 'running');
    const queued = first.start('train', 'queued');
    await turns();
    await first.registry.close();
    expect(reasons).toEqual(['shutdown']);
    expect(codeOf(() => first.start('train', 'late'))).toBe('job-interrupted');

    const inputs: string[] = [];
    const second = open((_context, { tag }) => {
      inputs.push(tag);
      return Promise.resolve();
    });
    expect(second.registry.recover()).toEqual([]);
    for (const { id } of [queued, running]) {
      expect(second.registry.list(projectId).find((job) => job.id === id)?.state).toBe(
        'interrupted',
      );
      second.registry.resume(id);
      expect((await second.registry.settled(id)).state).toBe('succeeded');
    }
    expect(inputs).toEqual(['queued', 'running']);
  });

  it('gives up on a job that does not return', async () => {
    const { run, running, letThrough } = gated();
    const { registry, start, events } = open(run);
    const job = start('train', 'stuck');
    await running('stuck');
    const closing = registry.close();
    clock.advance(60_000);
    await closing;
    expect(store.jobs.get(job.id).state).toBe('interrupted');
    const before = events.length;
    letThrough('stuck');
    await turns();
    expect(events).toHaveLength(before);
  });

  it('marks what a killed process left running or queued as interrupted', async () => {
    const dead = open(untilStopped);
    const running = dead.start('train', 'running');
    const queued = dead.start('train', 'queued');
    const done = dead.start('import', 'done');
    await turns();
    dead.registry.cancel(done.id);
    await dead.registry.settled(done.id);

    // What a kill leaves: rows in the file, and nobody who holds them.
    const next = open(() => Promise.resolve());
    const recovered = next.registry.recover();
    expect(recovered.map((job) => job.id).toSorted()).toEqual([running.id, queued.id].toSorted());
    expect(recovered.every((job) => job.state === 'interrupted')).toBe(true);
    expect(store.jobs.get(done.id).state).toBe('cancelled');
    next.registry.resume(running.id);
    expect((await next.registry.settled(running.id)).state).toBe('succeeded');
  });
});
