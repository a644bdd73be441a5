import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorValue } from '../../electron/contract/errors.ts';
import AppFrame from '../../renderer/App.svelte';
import { Client } from '../../renderer/lib/client.ts';
import { extraction as extractionOf, live, teacher } from './extraction-rows.ts';
import { FakeTransport } from './fakes.ts';
import { job, opening, overview, project } from './rows.ts';

// jsdom knows no media queries, and the charts ask for one as they are loaded.
vi.hoisted(() => {
  window.matchMedia = (media) =>
    Object.assign(new EventTarget(), {
      media,
      matches: false,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    });
});

beforeEach(() => {
  location.hash = '';
  // jsdom has the element but not its modal behaviour.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

function open(transport: FakeTransport) {
  return render(AppFrame, { client: new Client(transport) });
}

describe('the first start', () => {
  it('offers the sample project and one’s own data', async () => {
    open(new FakeTransport(opening([])));
    expect(await screen.findByTestId('start-sample')).toBeTruthy();
    expect(screen.getByTestId('start-own').getAttribute('href')).toBe('#/new');
  });

  it('says why the workspace can not be opened, and tries again', async () => {
    const failure: ErrorValue = {
      code: 'workspace-locked',
      message: 'Another program has this workspace open.',
      hint: 'Close it first.',
    };
    let locked = true;
    const answers = opening([]);
    const transport = new FakeTransport({
      ...answers,
      'projects.list': () => (locked ? { failure } : []),
    });
    open(transport);
    expect((await screen.findByRole('alert')).textContent).toContain('Close it first.');
    locked = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByTestId('start-sample')).toBeTruthy();
  });
});

describe('the link to main', () => {
  it('is missed with a banner, and the banner goes when it is back', async () => {
    const transport = new FakeTransport(opening([]));
    open(transport);
    await screen.findByTestId('start-sample');
    transport.listener?.connection('lost');
    expect(await screen.findByTestId('connection-lost')).toBeTruthy();
    transport.listener?.connection('open');
    await waitFor(() => expect(screen.queryByTestId('connection-lost')).toBeNull());
  });

  it('that was never let in leads to the address in the terminal', async () => {
    const transport = new FakeTransport(opening([]));
    open(transport);
    await screen.findByTestId('start-sample');
    transport.listener?.connection('locked');
    expect((await screen.findByTestId('locked')).textContent).toContain('printed in the terminal');
  });
});

describe('the jobs strip', () => {
  it('follows a job, and pauses and cancels it', async () => {
    const paused = job({ state: 'paused', seq: 9 });
    const transport = new FakeTransport({
      ...opening([project()]),
      'jobs.pause': () => paused,
      'jobs.cancel': () => job({ state: 'cancelled', seq: 10 }),
    });
    open(transport);
    await screen.findByTestId('projects');
    transport.listener?.event({ name: 'job', payload: job() });
    const row = await screen.findByTestId('job-train');
    expect(row.textContent).toContain('25 of 100 steps');
    expect(row.querySelector('progress')?.value).toBe(0.25);
    expect(row.querySelector('a')?.getAttribute('href')).toBe('#/p/p1/train/run%3Ar1');
    await fireEvent.click(screen.getByRole('button', { name: 'Pause: Train a' }));
    expect(await screen.findByRole('button', { name: 'Resume: Train a' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel: Train a' }));
    await fireEvent.click(screen.getByTestId('confirm-cancel'));
    await waitFor(() => expect(screen.queryByTestId('job-train')).toBeNull());
    expect(transport.inputsOf('jobs.cancel')).toEqual([{ jobId: 'j1' }]);
  });

  it('folds what waits into one line, below what runs', async () => {
    const waiting = ['j2', 'j3'].map((id) =>
      job({ id, title: `Train ${id}`, state: 'queued', createdAt: '2026-01-01T00:00:00.000Z' }),
    );
    const running = job({ createdAt: '2026-01-02T00:00:00.000Z' });
    open(new FakeTransport(opening([project()], [...waiting, running])));
    expect((await screen.findByTestId('jobs-waiting')).textContent).toMatch(
      /2 jobs wait.*Train j2 and Train j3/s,
    );
    expect(screen.getAllByTestId('job-train')).toHaveLength(1);
  });

  it('tells of a failure with sentence and hint', async () => {
    const transport = new FakeTransport(opening([project()]));
    open(transport);
    await screen.findByTestId('projects');
    transport.listener?.event({ name: 'job', payload: job() });
    const error: ErrorValue = {
      code: 'training-diverged',
      message: 'The loss is no number.',
      hint: 'Lower the learning rate.',
    };
    const failed = job({ state: 'failed', seq: 2, error });
    transport.listener?.event({ name: 'job', payload: failed });
    const notice = await screen.findByTestId('notice');
    expect(notice.textContent).toContain('The loss is no number.');
    expect(notice.textContent).toContain('Lower the learning rate.');
  });

  it('says nothing of a check that ends well: it began by itself', async () => {
    const transport = new FakeTransport(opening([project()]));
    open(transport);
    await screen.findByTestId('projects');
    for (const kind of ['check', 'extract'] as const) {
      const payload = job({ id: kind, kind, title: kind });
      transport.listener?.event({ name: 'job', payload });
      const ended = { ...payload, state: 'succeeded', seq: 2 } as const;
      transport.listener?.event({ name: 'job', payload: ended });
    }
    expect((await screen.findByTestId('notice')).textContent).toContain('Finished: extract');
    expect(screen.getAllByTestId('notice')).toHaveLength(1);
  });
});

describe('an extraction that stopped for want of a key', () => {
  const asked = teacher();
  const extraction = extractionOf({ teacher: asked, wanted: 9, completed: 2 });
  const error: ErrorValue = {
    code: 'teacher-unauthorized',
    message: 'The key was refused.',
    hint: 'Enter another.',
  };
  const extract = { kind: 'extract', subjectId: 'x1', title: 'Extract' } as const;

  it('takes the key where it failed, and goes on; the screen that tells it needs no notice', async () => {
    location.hash = '#/p/p1/teacher';
    const transport = new FakeTransport({
      ...opening([project()], [job(extract)]),
      'projects.overview': () => overview({ examples: 9, extraction }),
      'extractions.list': () => [extraction],
      'extractions.live': () => live({ extraction }),
      'templates.list': () => [],
      'teachers.setKey': () => ({ ...asked, keyKept: 'session' }),
      'jobs.resume': () => job({ ...extract, state: 'queued', seq: 3 }),
    });
    open(transport);
    await screen.findByTestId('job-card');
    const failed = job({ ...extract, state: 'failed', seq: 2, error });
    transport.listener?.event({ name: 'job', payload: failed });
    const key = await screen.findByLabelText('API key of Local');
    expect(screen.queryByTestId('notice')).toBeNull();
    await fireEvent.input(key, { target: { value: 'secret' } });
    await fireEvent.submit(screen.getByTestId('key-form'));
    await waitFor(() => expect(screen.queryByTestId('key-form')).toBeNull());
    expect(transport.inputsOf('teachers.setKey')).toEqual([{ teacherId: 't1', key: 'secret' }]);
    expect(transport.inputsOf('jobs.resume')).toEqual([{ jobId: 'j1' }]);
  });
});

describe('a project', () => {
  it('shows its steps, and what to do first', async () => {
    location.hash = '#/p/p1/compare';
    const transport = new FakeTransport({
      ...opening([project()]),
      'projects.overview': () => overview(),
      'runs.list': () => [],
      'splits.list': () => [],
    });
    open(transport);
    const empty = await screen.findByTestId('empty-state');
    expect(empty.textContent).toContain('No trained student yet');
    expect(empty.querySelector('a')?.getAttribute('href')).toBe('#/p/p1/train');
    expect(screen.getByTestId('step-compare').getAttribute('aria-current')).toBe('page');
  });

  it('that is gone leads home', async () => {
    location.hash = '#/p/p9/data';
    const failure: ErrorValue = { code: 'not-found', message: 'No project.', hint: 'Go home.' };
    open(new FakeTransport({ ...opening([]), 'projects.overview': () => ({ failure }) }));
    expect((await screen.findByTestId('empty-state')).textContent).toContain('no longer exists');
  });
});

describe('preferences', () => {
  it('change language and theme at once, and are saved', async () => {
    const transport = new FakeTransport({
      ...opening([]),
      'app.savePreferences': () => ({
        ...{ language: 'ko', theme: 'dark', reviewer: '', shortcuts: true, resumeQueue: false },
      }),
    });
    open(transport);
    await screen.findByTestId('start-sample');
    await fireEvent.change(screen.getByTestId('language'), { target: { value: 'ko' } });
    await waitFor(() => expect(document.documentElement.lang).toBe('ko'));
    expect(screen.getByTestId('start-sample').textContent).toContain('예제 프로젝트');
    await fireEvent.change(screen.getByTestId('theme'), { target: { value: 'dark' } });
    expect(document.documentElement.dataset['theme']).toBe('dark');
    const rest = { reviewer: '', shortcuts: true, resumeQueue: false };
    expect(transport.inputsOf('app.savePreferences')).toEqual([
      { ...rest, language: 'ko', theme: 'system' },
      { ...rest, language: 'ko', theme: 'dark' },
    ]);
  });
});
