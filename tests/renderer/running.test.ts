import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Batch, LiveExtraction as Live, ReviewRow } from '../../electron/contract/entities.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { capReached, jobLine } from '../../renderer/lib/job-words.ts';
import BatchList from '../../renderer/wizards/extract/running/BatchList.svelte';
import CapPause from '../../renderer/wizards/extract/running/CapPause.svelte';
import LiveExtraction from '../../renderer/wizards/extract/running/LiveExtraction.svelte';
import PilotOutcome from '../../renderer/wizards/extract/running/PilotOutcome.svelte';
import { LiveWatch } from '../../renderer/wizards/extract/running/live.svelte.ts';
import { estimate, extraction, live, liveRow, settings, spend } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { reviewRow } from './review-rows.ts';
import { job } from './rows.ts';

beforeEach(() => i18n.use('en'));

const extracting = (more: Partial<JobRecord> = {}): JobRecord =>
  job({ kind: 'extract', subjectId: 'x1', title: 'Extract rationales with Local', ...more });
const network = (more: object = {}) => ({
  ...job().progress,
  network: { inFlight: 6, slots: 8, waitingUntil: null, ...more },
});

describe('the watch over a running extraction', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('asks three times a second however often it is told, and once after the last change', async () => {
    let asked = 0;
    const watch = new LiveWatch(() => Promise.resolve(live({ latency: latencyOf(++asked) })));
    for (let told = 0; told < 200; told += 1) {
      watch.touch();
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(asked).toBeGreaterThanOrEqual(5);
    expect(asked).toBeLessThanOrEqual(7);
    const before = asked;
    watch.touch();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked - before).toBeGreaterThanOrEqual(1);
    const rest = asked;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toBe(rest);
  });

  it('asks no more once it is stopped', async () => {
    let asked = 0;
    const watch = new LiveWatch(() => Promise.resolve(live({ latency: latencyOf(++asked) })));
    watch.touch();
    await vi.advanceTimersByTimeAsync(1_000);
    watch.stop();
    watch.touch();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toBe(1);
  });
});

const latencyOf = (p50: number) => ({ p5: 1, p50, p95: 2_000 });

describe('the live part', () => {
  function open(answers: Live[], given: JobRecord | null = extracting()) {
    const queue = [...answers];
    const transport = new FakeTransport({
      'extractions.live': () => (queue.length > 1 ? queue.shift() : queue[0]) ?? live(),
      'extractions.continue': () => extracting({ state: 'queued', seq: 9 }),
    });
    const { app, context } = inApp(transport);
    const view = render(LiveExtraction, {
      props: { extraction: answers[0]?.extraction ?? extraction(), job: given },
      context,
    });
    return { transport, app, ...view };
  }

  it('shows money of the budget, tokens, latency, reuse and the newest rows', async () => {
    const shown = extraction({
      settings: settings({ budget: 1, maxRequests: 50 }),
      spend: spend({ reused: 3 }),
    });
    open([live({ extraction: shown })], extracting({ progress: network() }));
    expect((await screen.findByTestId('spend')).textContent).toContain('$0.40 of $1.00');
    expect(screen.getByTestId('spend').textContent).toContain('20 of 50 requests');
    expect((await screen.findByTestId('live-latency')).textContent).toBe('820 ms');
    expect(screen.getByTestId('live-tokens').textContent).toBe('5,000');
    expect(screen.getByTestId('live-answers').parentElement?.textContent).toContain('3 reused');
    expect(screen.getByTestId('live-flight').textContent).toBe('6');
    expect(await screen.findAllByTestId('live-row')).toHaveLength(2);
  });

  it('says what is so while no answer has come, and when none is to come', async () => {
    const first = extraction({ completed: 0, spend: spend({ requests: 12, cost: 0 }) });
    const nothing = live({ extraction: first, newest: [], latency: null });
    const trying = extracting({ progress: network({ inFlight: 0 }) });
    const { rerender } = open([nothing], trying);
    expect(await screen.findByText(/No answer yet after 12 requests/)).toBeTruthy();
    expect(screen.getByText('The first answer is on its way.')).toBeTruthy();
    await rerender({ extraction: first, job: extracting({ state: 'failed', seq: 5 }) });
    expect(await screen.findByText('No answer has come.')).toBeTruthy();
    expect(screen.queryByText(/No answer yet/)).toBeNull();
  });

  it('says that the server asked for patience, or for fewer requests', async () => {
    const waitingUntil = new Date(2026, 0, 1, 12, 3, 5).toISOString();
    const { rerender } = open([live()], extracting({ progress: network({ waitingUntil }) }));
    expect((await screen.findByTestId('patience')).textContent).toMatch(/12:03:05/);
    await rerender({ job: extracting({ seq: 2, progress: network({ slots: 3 }) }) });
    expect(screen.getByTestId('patience').textContent).toContain('3 requests at once');
  });

  it('keeps the rows where they are while one is read, and says how many came', async () => {
    const later = live({
      extraction: extraction({ completed: 25 }),
      newest: [liveRow(3), liveRow(2)],
    });
    const { rerender } = open([live(), later]);
    await screen.findAllByTestId('live-row');
    const ids = () => screen.getAllByTestId('live-row').map((row) => row.textContent?.slice(0, 3));
    const before = ids();
    const region = screen.getByRole('region', { name: 'Newest rows' });
    await fireEvent.focusIn(region);
    await rerender({ job: extracting({ seq: 2 }) });
    expect(await screen.findByText(/5 answers came since/)).toBeTruthy();
    expect(ids()).toEqual(before);
    await fireEvent.focusOut(region, { relatedTarget: document.body });
    await waitFor(() => expect(ids()).not.toEqual(before));
    expect(screen.queryByText(/stand still/)).toBeNull();
  });

  it('keeps the same table rows for the same answers', async () => {
    const later = live({ newest: [liveRow(3), liveRow(2)] });
    const { rerender } = open([live(), later]);
    const [first] = await screen.findAllByTestId('live-row');
    await rerender({ job: extracting({ seq: 2 }) });
    await screen.findByText('r3');
    expect(screen.getAllByTestId('live-row')[1]).toBe(first);
  });

  it('tells failures with the server’s words, and asks only those again', async () => {
    const failures = [{ code: 'teacher-failed', message: 'CUDA out of memory', rows: 2 }];
    const shown = extraction({ failed: 2 });
    const { transport, app } = open([live({ extraction: shown, failures })], null);
    expect((await screen.findByTestId('failures')).textContent).toContain('CUDA out of memory');
    await fireEvent.click(screen.getByTestId('retry-failed'));
    await waitFor(() =>
      expect(transport.inputsOf('extractions.continue')).toEqual([
        { extractionId: 'x1', settings: shown.settings },
      ]),
    );
    await waitFor(() => expect(app.jobs.get('j1')?.state).toBe('queued'));
  });

  it('does not offer to ask again while it runs', async () => {
    const failures = [{ code: 'teacher-failed', message: 'No.', rows: 1 }];
    open([live({ extraction: extraction({ failed: 1 }), failures })]);
    await screen.findByTestId('failures');
    expect(screen.queryByTestId('retry-failed')).toBeNull();
  });

  it('shows text of the teacher as text', async () => {
    const row = liveRow(1, { rationale: '<img src=x>' });
    const { container } = open([live({ newest: [row] })]);
    expect(await screen.findByText('<img src=x>')).toBeTruthy();
    expect(container.querySelector('img')).toBeNull();
  });
});

describe('a pause at a limit', () => {
  const budgetError = { code: 'budget-reached', message: 'Enough.', hint: 'Raise it.' } as const;

  it('is told from every other pause', () => {
    const paused = extracting({ state: 'paused' });
    expect(capReached(paused)).toBeNull();
    expect(capReached({ ...paused, error: budgetError })).toBe('budget');
    const requests = { ...budgetError, code: 'request-cap-reached' } as const;
    expect(capReached({ ...paused, error: requests })).toBe('requests');
    expect(jobLine({ ...paused, error: budgetError })).toContain('the budget is reached');
  });

  function open(reached: 'budget' | 'requests', more: Parameters<typeof settings>[0]) {
    const stopped = extraction({ settings: settings(more) });
    const transport = new FakeTransport({
      'extractions.live': () => live({ extraction: stopped }),
      'extractions.estimate': () => estimate(),
      'extractions.continue': () => extracting({ state: 'queued', seq: 9 }),
    });
    const { context } = inApp(transport);
    render(CapPause, { props: { extractionId: stopped.id, reached }, context });
    return transport;
  }

  it('suggests a budget that the rest fits in, and goes on with one press', async () => {
    const transport = open('budget', { budget: 0.5 });
    const field = await screen.findByTestId<HTMLInputElement>('raise-budget');
    await waitFor(() => expect(field.value).toBe('2.5'));
    expect(screen.getByTestId('cap-pause').textContent).toContain('$0.40 of $0.50 is spent');
    await fireEvent.click(screen.getByTestId('raise'));
    await waitFor(() =>
      expect(transport.inputsOf('extractions.continue').at(-1)).toMatchObject({
        settings: { budget: 2.5 },
      }),
    );
  });

  it('takes another limit of requests', async () => {
    const transport = open('requests', { maxRequests: 20 });
    const field = await screen.findByTestId<HTMLInputElement>('raise-requests');
    await waitFor(() => expect(field.value).toBe('100'));
    await fireEvent.input(field, { target: { value: '70' } });
    await fireEvent.click(screen.getByTestId('raise'));
    await waitFor(() =>
      expect(transport.inputsOf('extractions.continue').at(-1)).toMatchObject({
        settings: { maxRequests: 70 },
      }),
    );
  });
});

describe('the outcome of a pilot', () => {
  const score = { correct: 17, rows: 20, accuracy: 0.85, low: 0.64, high: 0.948 };
  const row = (exampleId: number, more: Partial<ReviewRow>): ReviewRow =>
    reviewRow(exampleId, { rationale: 'Red.', ...more });

  async function open(failed = 0) {
    const transport = new FakeTransport({
      'extractions.summary': () => ({
        ...{ rows: 20, parsed: 20, unparsed: 0, correct: 17, accuracy: 0.85, score },
      }),
      'rows.page': () => ({
        rows: [row(1, {}), row(2, { failure: 'Not now.', rationale: null, label: null })],
        total: 2,
        searchReady: true,
      }),
      'extractions.estimate': () => estimate(),
    });
    const shown = extraction({ settings: settings({ limit: 20 }), failed });
    const { context } = inApp(transport);
    render(PilotOutcome, { props: { extraction: shown, examples: 100 }, context });
    await screen.findByTestId('pilot-right');
  }

  it('says how many are right, and how little that tells of all rows', async () => {
    await open();
    expect(screen.getByTestId('pilot-right').textContent).toBe('17 of 20');
    const text = screen.getByTestId('pilot-outcome').textContent;
    expect(text).toContain('of all rows likely 64.0% to 94.8%');
    expect(text).toContain('95% interval');
    expect(text, 'no bare share').not.toContain('85.0%');
    expect(screen.queryByTestId('pilot-failed')).toBeNull();
  });

  it('does not pass over answers that failed, nor call them unparsed', async () => {
    await open(3);
    expect(screen.getByTestId('pilot-failed').textContent).toContain('3 answers failed');
    const answers = await screen.findByTestId('pilot-answers');
    expect(answers.textContent).toMatch(/Not now\..*failed/s);
    expect(answers.textContent).not.toContain('unparsed');
  });
});

describe('the batches of an extraction', () => {
  it('say how each stands, and why one was refused', async () => {
    const batch = (more: Partial<Batch>): Batch => ({
      id: 'b1',
      extractionId: 'x1',
      remoteId: 'batch_1',
      state: 'in_progress',
      requests: 500,
      completed: 120,
      failed: 0,
      collected: false,
      error: null,
      createdAt: job().createdAt,
      ...more,
    });
    const transport = new FakeTransport({
      'extractions.batches': () => [
        batch({}),
        batch({ id: 'b2', remoteId: null, state: 'failed', error: 'The file is too large.' }),
        batch({ id: 'b3', state: 'completed', collected: true }),
      ],
    });
    render(BatchList, { props: { extractionId: 'x1' }, context: inApp(transport).context });
    const rows = (await screen.findAllByRole('row')).slice(1).map((row) => row.textContent);
    expect(rows[0]).toMatch(/batch_1.*in progress.*500.*120/s);
    expect(rows[1]).toMatch(/being handed over.*refused.*The file is too large\./s);
    expect(rows[2]).toContain('answers collected');
  });
});

describe('the line of a running job', () => {
  it('counts answers, not requests', () => {
    const progress = { ...network(), unit: 'requests', done: 73, total: 90 } as const;
    expect(jobLine(extracting({ progress }))).toContain('73 of 90 answers');
  });

  it('counts what is in flight, or says until when the server asked to be left alone', () => {
    expect(jobLine(extracting({ progress: network() }))).toContain('6 of 8 in flight');
    const waitingUntil = new Date(2026, 0, 1, 12, 3, 5).toISOString();
    const line = jobLine(extracting({ progress: network({ waitingUntil }) }));
    expect(line).toContain('asked for patience until 12:03:05');
    expect(line).not.toContain('in flight');
  });
});
