import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import { Random } from '../../../electron/core/random.ts';
import { startChild } from '../store/children/child.ts';
import { codeOf, gated, open, projectId, store, turns, untilStopped } from './registry-support.ts';
import type { Run } from './registry-support.ts';

/** Of the workspace, as it is saved: what waits or waited, in its order. */
const saved = (...states: JobRecord['state'][]): [string, number | null][] =>
  store.jobs
    .list(projectId)
    .filter(({ state }) => states.includes(state))
    .sort((a, b) => (a.place ?? -1) - (b.place ?? -1))
    .map(({ title, place }) => [title, place]);

const titles = (records: readonly JobRecord[]): string[] => records.map(({ title }) => title);

/** A training that runs, and three that wait for it. */
async function waiting(run?: Run) {
  const gates = gated();
  const studio = open(run ?? gates.run);
  const running = studio.start('train', 'running');
  const [a, b, c] = [
    studio.start('train', 'a'),
    studio.start('evaluate', 'b'),
    studio.start('train', 'c'),
  ];
  await turns();
  return { ...gates, ...studio, running, a, b, c };
}

describe('places in the queue', () => {
  it('count those that wait, and no other job', async () => {
    const { start, registry, running, events } = await waiting();
    const file = start('import', 'file');
    expect(saved('queued', 'running')).toEqual([
      ...[
        ['running', null],
        ['file', null],
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ],
    ]);
    expect(events.find(({ id }) => id === running.id)).toMatchObject({ state: 'queued', place: 0 });
    expect(registry.cancel(file.id).place).toBeNull();
  });

  it('move up when a job starts, each of them told', async () => {
    const { registry, events, letThrough, running, b, c } = await waiting();
    const before = events.length;
    letThrough('running');
    await registry.settled(running.id);
    await turns();
    expect(saved('queued')).toEqual([
      ['b', 0],
      ['c', 1],
    ]);
    const told = events.slice(before).filter(({ state }) => state === 'queued');
    expect(told).toMatchObject([
      { id: b.id, place: 0 },
      { id: c.id, place: 1 },
    ]);
  });

  it('close up when a job is cancelled or paused', async () => {
    const { registry, a, b } = await waiting();
    expect(registry.cancel(a.id)).toMatchObject({ state: 'cancelled', place: null });
    expect(saved('queued')).toEqual([
      ['b', 0],
      ['c', 1],
    ]);
    expect(registry.pause(b.id)).toMatchObject({ state: 'paused', place: null });
    expect(saved('queued')).toEqual([['c', 0]]);
  });

  it('are changed by hand while another runs, and kept to', async () => {
    const { registry, started, letThrough, c, a, events } = await waiting();
    expect(titles(registry.move(c.id, 0))).toEqual(['c', 'a', 'b']);
    const before = events.length;
    expect(titles(registry.move(a.id, 99))).toEqual(['c', 'b', 'a']);
    expect(saved('queued')).toEqual([
      ['c', 0],
      ['b', 1],
      ['a', 2],
    ]);
    // Only what changed is told: the first one stays where it was.
    expect(titles(events.slice(before)).toSorted()).toEqual(['a', 'b']);
    for (const tag of ['running', 'a', 'b', 'c']) letThrough(tag);
    await registry.settled(a.id);
    expect(started).toEqual(['running', 'c', 'b', 'a']);
  });

  it('count for the turn in which a job becomes free, too', async () => {
    const { registry, started, letThrough, running, c } = await waiting();
    letThrough('running');
    await registry.settled(running.id);
    // The slot is free, and nobody has it yet.
    registry.move(c.id, 0);
    await turns();
    expect(started).toEqual(['running', 'c']);
  });

  it('are refused to a job that does not wait in the queue', async () => {
    const { registry, start, running, a } = await waiting();
    expect(codeOf(() => registry.move(running.id, 0))).toBe('job-conflict');
    expect(codeOf(() => registry.move('nothing', 0))).toBe('not-found');
    const [, second] = [start('import', 'first'), start('import', 'second')];
    expect(codeOf(() => registry.move(second.id, 0))).toBe('job-conflict');
    registry.pause(a.id);
    expect(codeOf(() => registry.move(a.id, 0))).toBe('job-conflict');
  });

  it('put a job that is resumed before all others', async () => {
    const { registry, started, letThrough, b, c } = await waiting();
    registry.pause(b.id);
    expect(registry.resume(b.id)).toMatchObject({ state: 'queued', place: 0 });
    expect(saved('queued')).toEqual([
      ['b', 0],
      ['a', 1],
      ['c', 2],
    ]);
    for (const tag of ['running', 'a', 'b', 'c']) letThrough(tag);
    await registry.settled(c.id);
    expect(started).toEqual(['running', 'b', 'a', 'c']);
  });

  it('are 0, 1, 2 and so on, whatever is done in whatever order', async () => {
    const random = new Random(5);
    const { registry, start } = open(untilStopped);
    const jobs: JobRecord[] = [];
    const some = () => random.pick(jobs).id;
    const operations = [
      () => jobs.push(start(random.pick(['train', 'evaluate'] as const), `job ${jobs.length}`)),
      () => registry.move(some(), random.integer(0, 9)),
      () => registry.pause(some()),
      () => registry.resume(some()),
      () => registry.cancel(some()),
      () => registry.finish(some()),
    ];
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      try {
        (jobs.length < 5 ? operations[0] : random.pick(operations))?.();
      } catch (caught) {
        expect(caught).toBeInstanceOf(StudioError);
        refused += 1;
      }
      if (random.next() < 0.3) await turns(2);
      const queued = saved('queued').map(([, place]) => place);
      expect(queued).toEqual(queued.map((_, place) => place));
      const others = saved('running', 'paused', 'succeeded', 'cancelled');
      expect(others.every(([, place]) => place === null)).toBe(true);
    }
    expect(refused).toBeLessThan(300);
    await registry.close();
  });
});

describe('the queue of a process that has ended', () => {
  const finished: Run = () => Promise.resolve();

  it.each(['closed', 'killed'])(
    'is there when it was %s, what ran before what waited',
    async (how) => {
      const first = await waiting(untilStopped);
      first.registry.move(first.c.id, 0);
      if (how === 'closed') await first.registry.close();

      const second = open(finished);
      const recovered = second.registry.recover();
      expect(recovered).toHaveLength(how === 'closed' ? 0 : 4);
      const left = [
        ['running', 0],
        ['c', 1],
        ['a', 2],
        ['b', 3],
      ];
      expect(saved('interrupted')).toEqual(left);
      for (const record of recovered) expect(store.jobs.get(record.id)).toMatchObject(record);
      expect(titles(second.registry.resumeQueue())).toEqual(['running', 'c', 'a', 'b']);
      expect(saved('queued')).toEqual(left);
      await second.registry.settled(first.b.id);
      const ends = second.events.filter(({ state }) => state === 'succeeded');
      expect(titles(ends)).toEqual(['running', 'c', 'a', 'b']);
      expect(second.registry.resumeQueue()).toEqual([]);
    },
  );

  it('waits on through processes that do not take it up', async () => {
    const first = await waiting(untilStopped);
    await first.registry.close();
    const second = open(untilStopped);
    second.registry.recover();
    second.start('train', 'newer');
    second.start('train', 'newest');
    await turns();
    // This one is killed, the next one closed.
    const third = open(untilStopped);
    third.registry.recover();
    const whole = ['newer', 'newest', 'running', 'a', 'b', 'c'];
    expect(saved('interrupted')).toEqual(whole.map((title, place) => [title, place]));
    const last = third.start('train', 'last');
    await turns();
    await third.registry.close();

    const fourth = open(finished);
    expect(fourth.registry.recover()).toEqual([]);
    expect(saved('interrupted')).toEqual(['last', ...whole].map((title, place) => [title, place]));
    fourth.registry.cancel(last.id);
    expect(titles(fourth.registry.resumeQueue())).toEqual(whole);
    await fourth.registry.settled(first.c.id);
  });

  it('comes before what was queued since, and leaves off what another job works for', async () => {
    const first = open(untilStopped);
    first.start('train', 'one', 'run-1');
    first.start('train', 'two', 'run-2');
    first.start('train', 'three', 'run-3');
    first.start('extract', 'answers');
    await turns();
    await first.registry.close();

    const gates = gated();
    const second = open(gates.run);
    second.registry.recover();
    second.start('train', 'now');
    second.start('evaluate', 'later', 'run-2');
    await turns();
    expect(titles(second.registry.resumeQueue())).toEqual(['one', 'three']);
    expect(saved('queued').map(([title]) => title)).toEqual(['one', 'three', 'later']);
    // An extraction asks a teacher, and nobody has said that it may.
    expect(saved('interrupted')).toEqual([
      ['answers', null],
      ['two', 1],
    ]);
    const named = ['now', 'one', 'three', 'later'];
    for (const tag of named) gates.letThrough(tag);
    await Promise.all(second.registry.active().map(({ id }) => second.registry.settled(id)));
    expect(gates.started).toEqual(named);
    expect(titles(second.registry.resumeQueue())).toEqual(['two']);
    gates.letThrough('two');
    await second.registry.close();
  });

  it.each([1, 5, 9])(
    'is whole when a process is killed while it moves a job (%i)',
    async (last) => {
      const path = '../../jobs/children/die-moving.ts';
      const child = startChild(path, store.path, projectId, '8', String(last));
      const [, signal]: unknown[] = await once(child.process, 'exit');
      expect(signal).toBe('SIGKILL');
      // All moved, or none.
      const order = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => `job ${number}`);
      if (last === 9) order.unshift(...order.splice(7));
      expect(saved('queued')).toEqual(order.map((title, place) => [title, place]));
      const next = open(finished);
      next.registry.recover();
      expect(titles(next.registry.resumeQueue())).toEqual(['running', ...order]);
      await next.registry.close();
    },
  );

  it('is taken up once a job that was finished while it closed has been looked after', async () => {
    const { run, running, letThrough } = gated();
    const first = open(run);
    const job = first.start('train', 'enough');
    first.start('train', 'next');
    const context = await running('enough');
    first.registry.finish(job.id);
    const closing = first.registry.close();
    expect(context.signal.reason).toBe('finish');
    letThrough('enough');
    await closing;
    // It was told to end: it does not train on by itself.
    expect(store.jobs.get(job.id)).toMatchObject({ state: 'paused', place: null });
    expect(titles(open(finished).registry.resumeQueue())).toEqual(['next']);
    await turns();
  });
});

describe('finish', () => {
  it('lets a running job end by itself, as succeeded', async () => {
    const reasons: unknown[] = [];
    const { registry, running, a } = await waiting(async (context, input) => {
      await untilStopped(context, input);
      reasons.push(context.signal.reason);
    });
    expect(registry.finish(running.id).state).toBe('running');
    expect(registry.finish(running.id).state).toBe('running');
    expect(await registry.settled(running.id)).toMatchObject({ state: 'succeeded', error: null });
    expect(reasons).toEqual(['finish']);
    await turns();
    expect(store.jobs.get(a.id).state).toBe('running');
    await registry.close();
  });

  it.each(['queued', 'paused', 'failed', 'interrupted'] as const)(
    'ends a job that is %s at once',
    async (state) => {
      const { registry, a, events } = await waiting();
      if (state !== 'queued') {
        const paused = registry.pause(a.id);
        store.jobs.save({ ...paused, state, place: state === 'interrupted' ? 0 : null });
      }
      const record = registry.finish(a.id);
      expect(record).toMatchObject({ state: 'succeeded', place: null, error: null });
      expect(store.jobs.get(a.id)).toMatchObject(record);
      expect(events.find(({ id, state: is }) => id === a.id && is === 'succeeded')).toEqual(record);
      expect(saved('queued')).toEqual([
        ['b', 0],
        ['c', 1],
      ]);
      expect(codeOf(() => registry.finish(a.id))).toBe('job-conflict');
    },
  );

  it('is refused to a job that is stopping for another reason, or has ended', async () => {
    const { registry, running, a, letThrough } = await waiting();
    registry.pause(running.id);
    expect(codeOf(() => registry.finish(running.id))).toBe('job-conflict');
    letThrough('running');
    expect((await registry.settled(running.id)).state).toBe('paused');
    registry.cancel(a.id);
    expect(codeOf(() => registry.finish(a.id))).toBe('job-conflict');
    expect(codeOf(() => registry.finish('nothing'))).toBe('not-found');
  });

  it.each([
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ] as const)('is outranked by a %s', async (stop, state) => {
    const { registry, running, letThrough } = await waiting();
    registry.finish(running.id);
    registry[stop](running.id);
    letThrough('running');
    expect((await registry.settled(running.id)).state).toBe(state);
  });

  it('does not hide a failure', async () => {
    const { registry, running } = await waiting(async (context, input) => {
      await untilStopped(context, input);
      throw new StudioError('disk-full', 'The disk is full.', 'Make room.');
    });
    registry.finish(running.id);
    expect(await registry.settled(running.id)).toMatchObject({
      ...{ state: 'failed', error: { code: 'disk-full' } },
    });
    await registry.close();
  });
});
