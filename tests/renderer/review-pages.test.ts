import { configure, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import { flagWeights, healthFlags } from '../../electron/contract/entities.ts';
import type {
  HealthFlag,
  HealthSummary,
  Preferences,
  ReviewAgreement,
  RowQuery,
  SavedView,
} from '../../electron/contract/entities.ts';
import { everyRow } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import ViewsDialog from '../../renderer/wizards/rationales/filter/ViewsDialog.svelte';
import HealthPage from '../../renderer/wizards/rationales/health/HealthPage.svelte';
import PeoplePage from '../../renderer/wizards/rationales/people/PeoplePage.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, job } from './rows.ts';

beforeAll(() => {
  configure({ asyncUtilTimeout: 10_000 });
  // jsdom has the element but not its modal behaviour.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});
beforeEach(() => i18n.use('en'));

describe('the health of the rationales', () => {
  const summary = (more: Partial<HealthSummary> = {}): HealthSummary => ({
    ...{ checked: 90, answered: 100, clean: 60 },
    flags: healthFlags.map((flag) => ({
      flag,
      weight: flagWeights[flag],
      rows: flag === 'truncated' ? 20 : flag === 'wrong-label' ? 10 : 0,
    })),
    suspicion: [
      { score: 0, rows: 60 },
      { score: 3, rows: 20 },
      { score: 5, rows: 10 },
    ],
    ...more,
  });

  async function open(value: HealthSummary) {
    const transport = new FakeTransport({
      'health.summary': () => value,
      'health.start': () => job({ id: 'c1', kind: 'check', subjectId: 'x1', state: 'running' }),
    });
    const { app, context } = inApp(transport);
    const flags: HealthFlag[] = [];
    let queued = 0;
    const props = {
      extraction: extraction(),
      onflag: (flag: HealthFlag) => flags.push(flag),
      onqueue: () => (queued += 1),
    };
    render(HealthPage, { props, context });
    await waitFor(() => expect(transport.inputsOf('health.summary')).toHaveLength(1));
    return { transport, app, flags, queued: () => queued };
  }

  it('tells each flag with its rows, the commonest first, and leads to them', async () => {
    const { flags, queued } = await open(summary());
    const bars = await screen.findByTestId('flag-bars');
    const rows = within(bars).getAllByRole('row').slice(1);
    expect(rows).toHaveLength(healthFlags.length);
    expect(rows[0]?.textContent).toMatch(/cut off.*weight 3.*20.*22\.2%/s);
    expect(rows[1]?.textContent).toMatch(/wrong label.*weight 5.*10.*11\.1%/s);
    await fireEvent.click(screen.getByTestId('flag-truncated'));
    expect(flags).toEqual(['truncated']);
    expect(screen.queryByTestId('flag-identical'), 'a flag of no row leads nowhere').toBeNull();
    await fireEvent.click(screen.getByTestId('queue'));
    expect(queued()).toBe(1);
  });

  it('says how many are not checked, checks them, and shows the job', async () => {
    const { transport } = await open(summary());
    const unchecked = await screen.findByTestId('unchecked');
    expect(unchecked.textContent).toContain('10 rows have not been checked');
    await fireEvent.click(screen.getByTestId('check'));
    expect(transport.inputsOf('health.start')).toEqual([{ extractionId: 'x1', again: false }]);
    expect((await screen.findByTestId('job-card')).dataset['state']).toBe('running');
    expect(screen.queryByTestId('unchecked')).toBeNull();
    expect(screen.queryByTestId('check-again')).toBeNull();
  });

  it('checks all again when it is asked to', async () => {
    const { transport } = await open(summary({ checked: 100, clean: 70 }));
    await fireEvent.click(await screen.findByTestId('check-again'));
    expect(transport.inputsOf('health.start')).toEqual([{ extractionId: 'x1', again: true }]);
  });

  it('says before the first check what it would do', async () => {
    await open(summary({ checked: 0, clean: 0, suspicion: [] }));
    expect((await screen.findByTestId('empty-state')).textContent).toContain('No model is asked');
    expect(screen.getByTestId('check').textContent).toContain('Check 100 rows');
    expect(screen.queryByTestId('flag-bars')).toBeNull();
  });
});

describe('two people', () => {
  const agreement = (more: Partial<ReviewAgreement> = {}): ReviewAgreement => ({
    ...{ a: '', b: 'Kim', rows: 40, observed: 0.9, kappa: 0.7895, interval: [0.59, 0.98] },
    counts: [
      [20, 3],
      [1, 16],
    ],
    ...more,
  });

  async function open(agreements: ReviewAgreement[], reviewer = '') {
    let preferences: Preferences = {
      ...{ language: 'en', theme: 'system', reviewer, shortcuts: true, resumeQueue: false },
    };
    const transport = new FakeTransport({
      'app.preferences': () => preferences,
      'app.savePreferences': (input) =>
        (preferences = calls['app.savePreferences'].input.parse(input)),
      'reviews.agreement': () => agreements,
      'reviews.export': () => ({ path: '/w/reviews/kim.jsonl', rows: 40 }),
      'reviews.import': () => ({ reviewer: 'Lee', rows: 38, unmatched: 2 }),
      'reviews.forget': () => ({}),
    });
    const { app, context } = inApp(transport);
    await app.preferences.load();
    render(PeoplePage, { props: { extraction: extraction() }, context });
    await waitFor(() => expect(transport.inputsOf('reviews.agreement')).toHaveLength(1));
    return { transport, preferences: () => preferences };
  }

  it('shows how far they agree, with kappa, its interval and plain words', async () => {
    await open([agreement()]);
    const table = await screen.findByTestId('agreement');
    expect(table.textContent).toMatch(/Me · Kim.*40.*20.*16.*4.*90\.0%.*0\.79.*0\.59 to 0\.98/s);
    expect(table.textContent).toContain('between “moderate” and “almost perfect”');
  });

  it('uses no word that a few rows do not bear out', async () => {
    await open([agreement({ rows: 3, kappa: 1, interval: null, observed: 1 })]);
    const table = await screen.findByTestId('agreement');
    expect(table.textContent).toContain('too few rows to say');
    expect(table.textContent).not.toContain('perfect');
  });

  it('says where kappa can’t be told', async () => {
    await open([agreement({ kappa: null, interval: null, observed: 1 })]);
    expect((await screen.findByTestId('agreement')).textContent).toContain('can’t be told');
    expect(screen.getByTestId('kappa').textContent.trim()).toBe('–');
  });

  it('asks for the name once, and then no more', async () => {
    const { transport, preferences } = await open([]);
    await fireEvent.click(screen.getByTestId('export-review'));
    const field = await screen.findByTestId('reviewer');
    await fireEvent.input(field, { target: { value: ' Kim ' } });
    const form = field.closest('form');
    if (form) await fireEvent.submit(form);
    await waitFor(() => expect(preferences().reviewer).toBe('Kim'));
    expect((await screen.findByTestId('review-path')).textContent).toBe('/w/reviews/kim.jsonl');
    await fireEvent.click(screen.getByTestId('export-review'));
    await waitFor(() =>
      expect(transport.inputsOf('reviews.export')).toEqual(
        Array(2).fill({ extractionId: 'x1', reviewer: 'Kim' }),
      ),
    );
    expect(screen.queryByTestId('reviewer')).toBeNull();
  });

  it('imports a file, and says what did not fit', async () => {
    const { transport } = await open([]);
    const file = new File(['{}'], 'lee.jsonl');
    await fireEvent.change(screen.getByTestId('review-file'), { target: { files: [file] } });
    await waitFor(() =>
      expect(screen.getByTestId('review-taken').textContent).toContain('Lee: 38 rows taken over.'),
    );
    expect(screen.getByTestId('review-taken').textContent).toContain('2 rows of the file');
    expect(transport.uploaded).toEqual(['lee.jsonl']);
    expect(transport.inputsOf('reviews.import')).toEqual([{ extractionId: 'x1', fileId: 'f1' }]);
  });

  it('forgets another person’s review after a word', async () => {
    const { transport } = await open([agreement()]);
    await fireEvent.click(await screen.findByTestId('forget'));
    expect(transport.inputsOf('reviews.forget')).toEqual([]);
    await fireEvent.click(screen.getByRole('button', { name: 'Remove', hidden: true }));
    await waitFor(() =>
      expect(transport.inputsOf('reviews.forget')).toEqual([
        { extractionId: 'x1', reviewer: 'Kim' },
      ]),
    );
  });
});

describe('saved views', () => {
  it('keep a query under a name, open it and go', async () => {
    let views: SavedView[] = [];
    const transport = new FakeTransport({
      'views.list': () => views,
      'views.save': (input) => {
        const { name, query } = calls['views.save'].input.parse(input);
        const view = { id: 'v1', projectId: 'p1', name, query, createdAt };
        views = [view];
        return view;
      },
      'views.remove': () => {
        views = [];
        return {};
      },
    });
    const query: RowQuery = { ...everyRow, flags: ['truncated'], sort: 'suspicion' };
    const opened: RowQuery[] = [];
    render(ViewsDialog, {
      props: {
        projectId: 'p1',
        query,
        onopen: (next: RowQuery) => opened.push(next),
        onclose: () => undefined,
      },
      context: inApp(transport).context,
    });
    await screen.findByText('No views are saved yet.');
    const name = screen.getByTestId('view-name');
    await fireEvent.input(name, { target: { value: 'Cut off' } });
    await fireEvent.click(screen.getByTestId('save-view'));
    await fireEvent.click(await screen.findByText('Cut off'));
    expect(opened).toEqual([query]);
    await fireEvent.click(screen.getByLabelText('Remove the view Cut off'));
    await screen.findByText('No views are saved yet.');
  });
});
