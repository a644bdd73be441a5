import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { mappingDefaults, splitSettingsDefaults } from '../../electron/contract/entities.ts';
import type {
  Dataset,
  LeakKind,
  LeakReport,
  Split,
  SplitPreview,
  SplitSettings,
} from '../../electron/contract/entities.ts';
import { SplitSettings as SplitSettingsShape } from '../../electron/contract/entities.ts';
import {
  likelyGroup,
  SplitDraft,
  suggestedWay,
} from '../../renderer/wizards/split/draft.svelte.ts';
import type { Column, Found } from '../../renderer/wizards/split/draft.svelte.ts';
import SplitTable from '../../renderer/wizards/split/SplitTable.svelte';
import SplitWizard from '../../renderer/wizards/split/SplitWizard.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { createdAt, job, overview } from './rows.ts';

const file = (givenPart: Dataset['givenPart'], more: Partial<Dataset> = {}): Dataset => ({
  ...{ id: `d-${givenPart}`, projectId: 'p1', name: 'rows', sourceName: 'rows.csv' },
  sourceSha256: 'a'.repeat(64),
  mapping: {
    ...{ id: null, input: 'x', template: null, label: 'y', choices: [] },
    ...{ rationale: null, completion: null, ...mappingDefaults },
  },
  ...{ givenPart, rows: 100, withGold: 100, withCompletion: 0, card: null, createdAt },
  ...more,
});

const preview = (more: Partial<SplitPreview> = {}): SplitPreview => ({
  ...{ counts: { train: 80, validation: 10, test: 10 }, labels: [], maskedLeaks: 0 },
  ...{ groups: null, without: 0 },
  ...more,
});

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ column: name, rows: 100, distinct: 10, time: false },
  ...more,
});

const none = { pairs: 0, more: false, heldOut: 0, clusters: 0 };
const kinds: LeakKind[] = ['exact', 'normalised', 'near', 'template', 'exemplar'];

const report = (near: number, more: Partial<LeakReport> = {}): LeakReport => ({
  ...{ key: 'k', rows: 100, threshold: 0.8, heldOut: near, moved: 0, checkedAt: createdAt },
  kinds: kinds.map((kind) => ({
    kind,
    ...(kind === 'near' ? { pairs: near, more: false, heldOut: near, clusters: near } : none),
  })),
  shown: Array.from({ length: near }, (_, index) => ({
    kind: 'near' as const,
    similarity: 0.9,
    a: {
      exampleId: index + 1,
      externalId: `a${index}`,
      part: 'test',
      input: 'Six red birds sang.',
    },
    b: { exampleId: 9, externalId: `b${index}`, part: 'train', input: 'Six blue birds sang.' },
    exemplar: null,
  })),
  ...more,
});

const isMoving = (input: unknown): boolean =>
  SplitSettingsShape.parse((input as { settings: unknown }).settings).move !== null;

function open(answers: Answers, files: Dataset[] = [file(null)], columns: Column[] = []) {
  const transport = new FakeTransport({
    'datasets.list': () => files,
    'splits.columns': () => columns,
    'splits.preview': () => preview(),
    ...answers,
  });
  const { app, context } = inApp(transport);
  render(SplitWizard, { props: { overview: overview({ examples: 100 }) }, context });
  return { transport, app };
}

const next = () => fireEvent.click(screen.getByTestId('wizard-next'));

async function ready(): Promise<void> {
  await screen.findByTestId('preview-train');
  await waitFor(() => {
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(false);
  });
}

describe('the way that suits the rows', () => {
  const found = (more: Partial<Found>): Found => ({
    ...{ datasets: [file(null)], columns: [], byTemplate: null },
    ...more,
  });

  it('is what the files say, then by template, group and time, then at random', () => {
    const template = preview({ groups: { count: 90, largest: 4 } });
    const all = {
      byTemplate: template,
      columns: [column('author'), column('day', { time: true })],
    };
    expect(suggestedWay(found({ ...all, datasets: [file('test')] }))).toBe('given');
    expect(suggestedWay(found(all))).toBe('template');
    const alone = preview({ groups: { count: 100, largest: 1 } });
    expect(suggestedWay(found({ ...all, byTemplate: alone }))).toBe('group');
    const day = [column('day', { time: true })];
    expect(suggestedWay(found({ columns: day }))).toBe('time');
    expect(suggestedWay(found({}))).toBe('random');
  });

  it('groups by a column whose values repeat', () => {
    expect(likelyGroup([column('id', { distinct: 100 }), column('speaker')])?.column).toBe(
      'speaker',
    );
    expect(likelyGroup([column('colour', { distinct: 3 })])).toBeNull();
    expect(likelyGroup([column('user', { distinct: 1 })])).toBeNull();
  });
});

describe('the settings of a draft', () => {
  const settingsOf = (change: (draft: SplitDraft) => void): SplitSettings => {
    const draft = new SplitDraft();
    change(draft);
    return draft.settings;
  };

  it('are those of earlier versions until something is chosen', () => {
    expect(settingsOf(() => undefined)).toEqual({
      ...splitSettingsDefaults,
      ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: true, seed: 1 },
      groupByMaskedText: true,
    });
  });

  it('follow the way', () => {
    expect(settingsOf((draft) => draft.choose('template'))).toMatchObject({ maskNames: true });
    expect(
      settingsOf((draft) => {
        draft.choose('time');
        draft.timeColumn = 'day';
        draft.groupColumn = 'author';
      }),
    ).toMatchObject({ kind: 'time', timeColumn: 'day', groupColumn: null });
    expect(settingsOf((draft) => draft.choose('folds'))).toMatchObject({
      fold: { of: 5, index: 0 },
    });
    expect(settingsOf((draft) => (draft.move = ['near']))).toMatchObject({
      move: { exact: false, near: 0.8, exemplars: false },
    });
  });
});

describe('the shares of a split', () => {
  it('ask only for what marked files leave open', async () => {
    open({}, [file('train'), file('test')]);
    await ready();
    await next();
    expect(await screen.findByLabelText('Validation, in % of train')).toBeTruthy();
    expect(screen.queryByTestId('share-test')).toBeNull();
  });

  it('ask for both where the rows are drawn', async () => {
    open({});
    await ready();
    await next();
    expect(screen.getByTestId('share-validation')).toBeTruthy();
    expect(screen.getByTestId('share-test')).toBeTruthy();
  });
});

describe('the leak guard of the wizard', () => {
  async function atLeaks(answers: Answers) {
    const opened = open(answers);
    await ready();
    await next();
    await next();
    return opened;
  }

  it('shows what is known by itself, pair by pair, with the words that differ', async () => {
    await atLeaks({ 'splits.leaks': () => report(7) });
    expect((await screen.findByTestId('leaks-found')).textContent).toContain('7 rows');
    expect(
      screen.getAllByRole('listitem').filter((each) => each.closest('[data-testid="leak-pairs"]')),
    ).toHaveLength(5);
    const marked = [...document.querySelectorAll('mark')].map((each) => each.textContent?.trim());
    expect(marked.slice(0, 2)).toEqual(['red', 'blue']);
  });

  it('looks where nothing is known, can be stopped, and goes on when it has found', async () => {
    let known: LeakReport | null = null;
    let started = 0;
    const running = job({ id: 'leaks', kind: 'leaks', subjectId: null, title: 'Look for leaks' });
    const { app, transport } = await atLeaks({
      'splits.leaks': () => known,
      'splits.checkLeaks': () => ({ ...running, id: `leaks ${++started}` }),
      'jobs.cancel': () => ({ ...running, id: 'leaks 1', seq: 2, state: 'cancelled' }),
    });
    await screen.findByTestId('leaks-running');
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
    await waitFor(() => {
      expect(transport.inputsOf('splits.checkLeaks')).toHaveLength(1);
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await screen.findByTestId('leaks-stopped');
    await waitFor(() => {
      expect(transport.inputsOf('jobs.cancel')).toEqual([{ jobId: 'leaks 1' }]);
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Compare after all' }));
    await waitFor(() => {
      expect(transport.inputsOf('splits.checkLeaks')).toHaveLength(2);
    });
    known = report(0);
    app.jobs.take({ ...running, id: 'leaks 2', seq: 3, state: 'succeeded' });
    await tick();
    expect(await screen.findByTestId('no-leaks-found')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(false);
  });

  it('moves clusters, shows what is left, and freezes the split so', async () => {
    const { transport } = await atLeaks({
      'splits.leaks': (input) => (isMoving(input) ? report(0, { moved: 4 }) : report(3)),
      'splits.create': () => split(),
      'projects.overview': () => overview({ examples: 100, splits: 1 }),
    });
    await fireEvent.click(await screen.findByTestId('move-all'));
    expect((await screen.findByTestId('moved')).textContent).toMatch(
      /4 rows go .* No leak is left/s,
    );
    expect(screen.getByTestId('after-near').textContent?.trim()).toBe('0');
    await next();
    await fireEvent.input(screen.getByTestId('split-name'), { target: { value: 'Clean' } });
    await waitFor(() => {
      expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(false);
    });
    expect(screen.queryByTestId('freeze-leaks')).toBeNull();
    await next();
    await waitFor(() => {
      expect(transport.inputsOf('splits.create')).toEqual([
        expect.objectContaining({
          name: 'Clean',
          settings: expect.objectContaining({
            move: { exact: false, normalised: false, near: 0.8, template: false, exemplars: false },
          }),
        }),
      ]);
    });
  });
});

describe('what the wizard says', () => {
  const isByNames = (input: unknown): boolean =>
    SplitSettingsShape.parse((input as { settings: unknown }).settings).maskNames;

  it('names what was masked', async () => {
    open({ 'splits.preview': () => preview({ groups: { count: 90, largest: 4 } }) });
    await ready();
    expect(screen.getByTestId('no-leaks').textContent).toContain('once numbers and names are');
    cleanup();
    open({ 'splits.preview': (input) => preview({ maskedLeaks: isByNames(input) ? 0 : 3 }) });
    await ready();
    expect((await screen.findByTestId('masked-leaks')).textContent).toContain('once numbers are');
  });

  it('tells where only some of many alike texts were compared', async () => {
    const some = report(0, { kinds: [{ kind: 'near', ...none, more: true }] });
    open({ 'splits.leaks': () => some });
    await ready();
    await next();
    await next();
    expect((await screen.findByTestId('some-compared')).textContent).toContain('may be more');
  });

  it('follows the rows: all that was found out is asked anew', async () => {
    let rows = 80;
    let known = report(2);
    const { app, transport } = open({
      'splits.preview': () => preview({ counts: { train: rows, validation: 10, test: 10 } }),
      'splits.leaks': () => known,
    });
    await ready();
    await next();
    await next();
    await screen.findByTestId('leaks-found');
    [rows, known] = [180, report(5)];
    expect(transport.inputsOf('datasets.list')).toHaveLength(1);
    const stop = app.start();
    transport.listener?.event({
      name: 'saved',
      payload: { area: 'data', projectId: null, seq: 1 },
    });
    await waitFor(() => {
      expect(screen.getByTestId('preview-train').textContent).toContain('180');
      expect(screen.getByTestId('leaks-found').textContent).toContain('5 rows');
    });
    expect(transport.inputsOf('datasets.list')).toHaveLength(2);
    stop();
  });

  it('looks through every fold, and shows the one that is chosen', async () => {
    const indexOf = (input: unknown) =>
      SplitSettingsShape.parse((input as { settings: unknown }).settings).fold?.index ?? -1;
    const { transport } = open({
      'splits.leaks': (input) => report(indexOf(input) === 3 ? 2 : 0),
    });
    await ready();
    await fireEvent.click(screen.getByTestId('choice-folds'));
    await ready();
    await next();
    await next();
    expect((await screen.findByTestId('folds-held')).textContent).toContain('leak in 1 of 5');
    expect(transport.inputsOf('splits.leaks').map(indexOf)).toEqual([0, 1, 2, 3, 4]);
    expect(screen.getByTestId('no-leaks-found')).toBeTruthy();
    // What leaks in any fold can be moved, whichever is shown.
    expect(screen.getByTestId('move-all')).toBeTruthy();
    await fireEvent.change(screen.getByTestId('leak-fold'), { target: { value: '3' } });
    expect((await screen.findByTestId('leaks-found')).textContent).toContain('2 rows');
    await next();
    expect((await screen.findByTestId('freeze-leaks')).textContent).toMatch(/1 of 5.*2 at most/s);
  });
});

const split = (more: Partial<Split> = {}): Split => ({
  ...{ id: 's1', projectId: 'p1', name: 'Split 1', settingsHash: 'h', frozenAt: createdAt },
  settings: new SplitDraft().settings,
  ...{ counts: { train: 80, validation: 10, test: 10 }, leaks: null, looks: 0 },
  ...more,
});

describe('the table of splits', () => {
  it('says how each was divided, what leaked, and how often its test was looked at', async () => {
    const settings = (more: Partial<SplitSettings>) => ({ ...split().settings, ...more });
    const transport = new FakeTransport({
      'splits.list': () => [
        split({ looks: 3 }),
        split({ id: 's2', settings: settings({ maskNames: true }), leaks: report(0) }),
        split({ id: 's3', settings: settings({ fold: { of: 5, index: 1 } }), leaks: report(2) }),
      ],
    });
    render(SplitTable, { props: { projectId: 'p1' }, context: inApp(transport).context });
    const [, third, second, first] = (await screen.findAllByRole('row')).map(
      (each) => each.textContent ?? '',
    );
    expect(first).toMatch(/At random.*not asked.*3/s);
    expect(second).toMatch(/By template.*no leak/s);
    expect(third).toMatch(/Fold 2 of 5.*2 rows leak/s);
  });
});
