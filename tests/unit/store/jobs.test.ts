import { describe, expect, it } from 'vitest';
import { JobRecord } from '../../../electron/contract/jobs.ts';
import type { JobState } from '../../../electron/contract/jobs.ts';
import type { Project } from '../../../electron/contract/entities.ts';
import type { Store } from '../../../electron/store/store.ts';
import { newPath, newProject, opened, refusal } from './workspace.ts';

const newJob = (store: Store, project: Project, input: unknown = { runId: 'r' }) =>
  store.jobs.create({
    ...{ projectId: project.id, kind: 'train', subjectId: 'r', title: 'Train' },
    ...{ input, unit: 'steps' },
  });

describe('jobs', () => {
  it('begin queued, with their input', () => {
    const store = opened();
    const project = newProject(store);
    const { input, ...record } = newJob(store, project, { runId: 'r', ids: [1, 2] });
    expect(input).toEqual({ runId: 'r', ids: [1, 2] });
    expect(JobRecord.parse(record)).toMatchObject({
      ...{ state: 'queued', seq: 0, error: null, place: null, startedAt: null, endedAt: null },
      progress: { done: 0, total: null, unit: 'steps', rate: null, secondsLeft: null },
    });
    expect(store.jobs.get(record.id)).toEqual({ ...record, input });
    expect(refusal(() => store.jobs.get('nothing')).code).toBe('not-found');
  });

  it('are saved as they are', () => {
    const store = opened();
    const { input, ...record } = newJob(store, newProject(store));
    const changed: JobRecord = {
      ...record,
      ...{ state: 'failed', seq: 4, place: 3, startedAt: '2026-01-02T03:04:05.000Z' },
      endedAt: '2026-01-02T03:05:05.000Z',
      progress: {
        ...{ done: 5, total: 10, unit: 'steps', phase: 'evaluating' },
        ...{ rate: 0.5, secondsLeft: 10 },
      },
      error: { code: 'disk-full', message: 'The disk is full.', hint: 'Free some space.' },
    };
    store.jobs.save(changed);
    expect(store.jobs.get(record.id)).toEqual({ ...changed, input });
    expect(refusal(() => store.jobs.save({ ...changed, id: 'nothing' })).code).toBe('not-found');
  });

  it('are listed by project, or all, oldest first', () => {
    const store = opened();
    const [apples, pears] = [newProject(store, 'Apples'), newProject(store, 'Pears')];
    const ids = [newJob(store, apples), newJob(store, pears), newJob(store, apples)].map(
      ({ id }) => id,
    );
    expect(store.jobs.list(null).map(({ id }) => id)).toEqual(ids);
    expect(store.jobs.list(apples.id).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(store.jobs.list(apples.id)[0]).not.toHaveProperty('input');
  });

  it('that a dead process left running or queued are interrupted, and only those', () => {
    const path = newPath();
    const store = opened(path);
    const project = newProject(store);
    const states: JobState[] = [
      ...(['queued', 'running', 'paused', 'succeeded'] as const),
      ...(['failed', 'cancelled', 'interrupted'] as const),
    ];
    for (const state of states) {
      const record = newJob(store, project);
      store.jobs.save({
        ...{ ...record, state, seq: 7, place: state === 'queued' ? 2 : null },
        progress: { ...record.progress, done: 3, rate: 2, secondsLeft: 1 },
      });
    }
    const interrupted = opened(path).jobs.interruptRunning();
    expect(interrupted).toMatchObject([
      { state: 'interrupted', seq: 8, place: 2, endedAt: expect.any(String), error: null },
      {
        state: 'interrupted',
        seq: 8,
        place: null,
        progress: { done: 3, rate: null, secondsLeft: null },
      },
    ]);
    expect(store.jobs.list(null).map(({ state }) => state)).toEqual([
      ...['interrupted', 'interrupted', 'paused', 'succeeded'],
      ...['failed', 'cancelled', 'interrupted'],
    ]);
    expect(store.jobs.interruptRunning()).toEqual([]);
  });
});
