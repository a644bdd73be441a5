import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Dataset, ReviewRow } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import DataScreen from '../../renderer/wizards/import/DataScreen.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { card, dataset } from './import-rows.ts';
import { overview } from './rows.ts';

const row = (at: number): ReviewRow => ({
  exampleId: at + 1,
  externalId: `q${at + 1}`,
  input: `Question ${at + 1}?`,
  choices: null,
  gold: null,
  label: null,
  rationale: null,
  correct: null,
  failure: null,
  answered: false,
  agreement: null,
  flags: [],
  suspicion: null,
  review: null,
});

function show(datasets: readonly Dataset[], more: Answers = {}, withGold = 12) {
  const transport = new FakeTransport({
    'datasets.list': () => [...datasets],
    'rows.page': () => ({ rows: [row(0), row(1)], total: 2, searchReady: true }),
    ...more,
  });
  const { context } = inApp(transport);
  render(DataScreen, {
    props: {
      overview: overview({ datasets: datasets.length, examples: 12, withGold }),
      view: null,
    },
    context,
  });
  return transport;
}

const queries = (transport: FakeTransport): unknown[] => transport.inputsOf('rows.page');

describe('a data card', () => {
  const full = card({
    read: 120,
    skipped: 3,
    skippedReasons: [{ line: 7, message: 'The input is empty.' }],
    dropped: 5,
    duplicates: { exact: 1, normalised: 2, conflicting: 1 },
    unlabelled: 10,
    labels: [
      { label: 'yes', rows: 75 },
      { label: 'no', rows: 25 },
    ],
    moreLabels: 2,
    tokens: {
      rows: 100,
      percentiles: { p5: 4, p50: 20, p95: 90 },
      most: 700,
      above: [
        { tokens: 128, share: 0.031 },
        { tokens: 1024, share: 0 },
      ],
    },
    languages: [
      { code: 'ko', rows: 90 },
      { code: 'und', rows: 10 },
    ],
    givenParts: { train: 80, validation: 0, test: 20 },
  });

  it('is open for the newest data set, and says everything in words', async () => {
    show([
      dataset({ id: 'old', name: 'old', createdAt: '2025-01-01T00:00:00Z' }),
      dataset({ name: 'new', rows: 112, card: full }),
    ]);
    const shown = await screen.findByTestId('data-card');
    expect(screen.getByRole('heading', { name: 'Data card of new' })).toBeTruthy();
    const text = (testId: string) => within(shown).getByTestId(testId).textContent;
    expect(text('card-read')).toBe('120');
    expect(text('card-rows')).toBe('112');
    expect(text('card-skipped')).toBe('3');
    expect(text('card-dropped')).toBe('5');
    expect(shown.textContent).toMatch(/Line 7.*The input is empty/s);
    expect(text('card-conflicting')).toContain('another gold label');
    expect(text('card-labels')).toMatch(/yes.*75 \(73\.5%\).*2 further labels.*10 rows without/s);
    expect(text('card-lengths')).toMatch(
      /Half have at most.*20 tokens.*Limit 128.*3\.1% of the rows/s,
    );
    expect(text('card-lengths')).toMatch(/Limit 1,024.*no row loses anything/s);
    expect(text('card-lengths')).toContain('An estimate from 100 rows');
    expect(text('card-languages')).toMatch(/Korean.*90 \(90\.0%\).*can’t be told/s);
    expect(shown.textContent).toMatch(/Given parts.*Train.*80.*Test.*20.*Divided later.*12/s);
  });

  it('opens and closes per data set; one of an earlier version says that it has none', async () => {
    show([
      dataset({ id: 'old', name: 'old', createdAt: '2025-01-01T00:00:00Z', card: null }),
      dataset({ name: 'new' }),
    ]);
    await screen.findByTestId('data-card');
    const toggle = (name: string) => screen.getByRole('button', { name: `Data card of ${name}` });
    expect(toggle('new').getAttribute('aria-expanded')).toBe('true');
    await fireEvent.click(toggle('old'));
    expect(screen.queryByTestId('data-card')).toBeNull();
    expect(screen.getByText(/imported by an earlier version/)).toBeTruthy();
    await fireEvent.click(toggle('old'));
    expect(screen.queryByText(/imported by an earlier version/)).toBeNull();
  });

  it('takes data without labels for what it is', async () => {
    show([dataset({ withGold: 0, card: card({ unlabelled: 12 }) })], {}, 0);
    const labels = await screen.findByTestId('card-labels');
    expect(labels.textContent).toContain('the teacher labels the rows');
    expect(screen.getByTestId('all-unlabelled').textContent).toContain('that is fine');
  });

  it('names languages in Korean', async () => {
    i18n.use('ko');
    try {
      show([dataset({ card: full })]);
      expect((await screen.findByTestId('card-languages')).textContent).toContain('한국어');
    } finally {
      i18n.use('en');
    }
  });
});

describe('the rows', () => {
  it('are asked for by place, without any answers', async () => {
    const transport = show([dataset()]);
    expect(await screen.findByText('Question 2?')).toBeTruthy();
    expect(queries(transport)[0]).toMatchObject({ extractionId: null, offset: 0 });
    expect(screen.getByTestId('rows-found').textContent).toContain('2 rows found');
  });

  it('are searched once typing rests, and say when the search lags behind', async () => {
    const transport = show([dataset()], {
      'rows.page': (input) => ({
        rows: [row(0)],
        total: 1,
        searchReady: !JSON.stringify(input).includes('coal'),
      }),
    });
    await screen.findByText('Question 1?');
    await fireEvent.input(screen.getByTestId('row-search'), { target: { value: ' coal' } });
    await waitFor(() =>
      expect(queries(transport).at(-1)).toMatchObject({ query: { text: 'coal' }, offset: 0 }),
    );
    await waitFor(() =>
      expect(screen.getByTestId('rows-found').textContent).toContain('still being prepared'),
    );
  });

  it('are shown whole when one is pressed', async () => {
    show([dataset()]);
    await fireEvent.click(await screen.findByText('Question 2?'));
    const panel = await screen.findByTestId('row-panel');
    expect(panel.textContent).toContain('Question 2?');
    await fireEvent.click(within(panel).getByRole('button', { name: 'Close' }));
    expect(screen.queryByTestId('row-panel')).toBeNull();
  });

  it('of one data set are chosen by name', async () => {
    const transport = show([dataset(), dataset({ id: 'd2', name: 'second' })]);
    await screen.findByText('Question 1?');
    await fireEvent.change(screen.getByTestId('row-dataset'), { target: { value: 'd2' } });
    await waitFor(() =>
      expect(queries(transport).at(-1)).toMatchObject({ query: { datasetId: 'd2' } }),
    );
  });

  it('that can not be had say why', async () => {
    const failure = { code: 'store-corrupt', message: 'It is damaged.', hint: 'Restore.' } as const;
    show([dataset()], { 'rows.page': () => ({ failure }) });
    expect((await screen.findByRole('alert')).textContent).toContain('It is damaged.');
  });
});
