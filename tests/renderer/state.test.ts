import { afterEach, describe, expect, it } from 'vitest';
import { formatsFor } from '../../renderer/lib/format.ts';
import { dictionaries, i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { jobLine, jobTitle } from '../../renderer/lib/job-words.ts';
import { Jobs, shareDone } from '../../renderer/lib/jobs.svelte.ts';
import { pipeline } from '../../renderer/lib/pipeline.ts';
import { href, parseRoute } from '../../renderer/lib/router.svelte.ts';
import { predictCommand } from '../../renderer/wizards/export/command.ts';
import { alphaOf } from '../../renderer/wizards/train/draft.svelte.ts';
import { Client } from '../../renderer/lib/client.ts';
import { FakeTransport } from './fakes.ts';
import { job, overview } from './rows.ts';

afterEach(() => i18n.use('en'));

describe('jobs', () => {
  const jobs = () => new Jobs(new Client(new FakeTransport({})));

  it('keep the record with the higher seq, whatever comes last', () => {
    const known = jobs();
    known.take(job({ seq: 5, state: 'paused' }));
    expect(known.take(job({ seq: 4, state: 'running' }))).toBeNull();
    expect(known.get('j1')?.state).toBe('paused');
    expect(known.take(job({ seq: 6 }))?.previous?.state).toBe('paused');
    expect(known.get('j1')?.state).toBe('running');
  });

  it('show what runs and what waits for a word, not what is done', () => {
    const known = jobs();
    known.take(job({ id: 'a', state: 'running' }));
    known.take(job({ id: 'b', state: 'succeeded' }));
    known.take(job({ id: 'c', state: 'failed' }));
    known.take(job({ id: 'd', state: 'cancelled' }));
    expect(known.shown.map(({ id }) => id).sort()).toEqual(['a', 'c']);
    known.hide('c');
    expect(known.shown.map(({ id }) => id)).toEqual(['a']);
  });

  it('offer no second try of an import that failed: the file is chosen anew', () => {
    const known = jobs();
    known.take(job({ kind: 'import', state: 'failed' }));
    expect(known.shown).toEqual([]);
    known.take(job({ id: 'j2', kind: 'import', state: 'interrupted' }));
    expect(known.shown.map(({ id }) => id)).toEqual(['j2']);
  });

  it('leave failures of earlier times alone when the page opens', async () => {
    const old = job({ state: 'failed' });
    const client = new Client(new FakeTransport({ 'jobs.list': () => [old] }));
    const known = new Jobs(client);
    await known.load();
    expect(known.shown).toEqual([]);
    known.take(job({ id: 'new', state: 'failed' }));
    expect(known.shown.map(({ id }) => id)).toEqual(['new']);
  });

  it('know the share that is done, where there is a total', () => {
    expect(shareDone(job())).toBe(0.25);
    expect(shareDone(job({ progress: { ...job().progress, total: null } }))).toBeNull();
    expect(shareDone(job({ progress: { ...job().progress, total: 0 } }))).toBeNull();
  });
});

describe('words about a job', () => {
  it('tell phase, count, rate and time left', () => {
    expect(jobLine(job())).toBe('working · 25 of 100 steps · 5/s · 15 sec left');
    expect(jobLine(job({ state: 'paused' }))).toBe('paused · 25 of 100 steps');
    expect(jobLine(job({ state: 'queued' }))).toBe('queued · waiting for its turn');
  });

  it('keep the name a person gave in other languages', () => {
    i18n.use('ko');
    expect(jobTitle(job({ title: 'Train my run' }))).toBe('학습 · my run');
    expect(jobLine(job())).toBe('처리 중 · 100 중 25스텝 · 초당 5 · 15초 남음');
  });
});

describe('routes', () => {
  it('survive the address', () => {
    const route = { at: 'project', projectId: 'a/b c', step: 'train', view: 'new' } as const;
    expect(parseRoute(href(route))).toEqual(route);
    expect(parseRoute(href({ at: 'new' }))).toEqual({ at: 'new' });
  });

  it('lead home or to the data when they make no sense', () => {
    expect(parseRoute('#/nowhere')).toEqual({ at: 'home' });
    expect(parseRoute('#/p/')).toEqual({ at: 'home' });
    expect(parseRoute('#/p/x/dance')).toMatchObject({ step: 'data', view: null });
    expect(parseRoute('#/p/%E0%A4%A')).toMatchObject({ at: 'project' });
  });
});

describe('the pipeline', () => {
  const states = (...given: Parameters<typeof overview>) =>
    Object.fromEntries(
      pipeline(overview(...given), [], dictionaries.en, formatsFor('en')).map((item) => [
        item.step,
        `${item.state}: ${item.count}`,
      ]),
    );

  it('begins with data', () => {
    expect(states()).toMatchObject({
      data: 'ready: no data yet',
      teacher: 'empty: not started',
      train: 'empty: not started',
    });
  });

  it('counts what there is, and says what can be done next', () => {
    expect(states({ examples: 1200, parsed: 3, unparsed: 1, splits: 1 })).toMatchObject({
      data: 'done: 1,200 rows',
      teacher: 'ready: ready',
      rationales: 'done: 3 parsed',
      split: 'done: 1 split',
      train: 'ready: ready',
      compare: 'empty: not started',
    });
  });

  it('shows work under way, and work that needs a word', () => {
    const running = states({ examples: 1, splits: 1, activeJobs: [job()] });
    expect(running['train']).toMatch(/^running/);
    const broken = states({ examples: 1, splits: 1, activeJobs: [job({ state: 'interrupted' })] });
    expect(broken['train']).toMatch(/^attention/);
  });

  it('points at a teacher whose newest extraction failed, until one succeeds', () => {
    const failed = job({ kind: 'extract', state: 'failed' });
    const later = { kind: 'extract', id: 'j2', createdAt: '2026-01-02T00:00:00Z' } as const;
    const stateWith = (...jobs: Parameters<typeof pipeline>[1]) =>
      pipeline(overview({ examples: 5 }), jobs, dictionaries.en, formatsFor('en'))[1]?.state;
    expect(stateWith(failed)).toBe('attention');
    expect(stateWith(failed, job({ ...later, state: 'running' }))).toBe('running');
    expect(stateWith(failed, job({ ...later, state: 'succeeded' }))).toBe('ready');
  });

  it('points at completions that mostly could not be read', () => {
    expect(states({ parsed: 1, unparsed: 9 })['rationales']).toBe('attention: 9 unparsed');
  });
});

describe('what the screens work out', () => {
  it('is alpha from lambda', () => {
    expect(alphaOf(1)).toBe(0.5);
    expect(alphaOf(0)).toBe(1);
    expect(alphaOf(3)).toBe(0.25);
  });

  it('is the command that asks an export, quoted where a shell needs it', () => {
    expect(predictCommand('/w/my-student')).toBe('npx stepwise predict /w/my-student "text"');
    expect(predictCommand('/w/my student')).toBe('npx stepwise predict "/w/my student" "text"');
  });
});
