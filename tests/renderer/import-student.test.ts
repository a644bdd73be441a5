import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImportReport, Run } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import ImportedBadges from '../../renderer/wizards/train/import-student/ImportedBadges.svelte';
import TrainScreen from '../../renderer/wizards/train/TrainScreen.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { job, opening, overview, project } from './rows.ts';
import { run, settings } from './run-rows.ts';
import { split } from './train-rows.ts';

vi.mock('uplot', () => ({ default: vi.fn() }));
vi.mock('uplot/dist/uPlot.min.css', () => ({}));

const origin = {
  ...{ project: 'Fruit', run: 'step-by-step 3', settings: settings({ seed: 9 }) },
  ...{ settingsHash: 'h', step: 300, trainRows: 700, rationaleRows: 650, parameters: 1_000 },
  ...{ engine: 'cuda', validation: 0.5, teacher: 'PaLM', synthetic: false },
};

const report = (more: Partial<ImportReport> = {}): ImportReport => ({
  from: {
    ...{ folder: '/students/apples', sha256: 'abc', exported: 'training', origin },
    ...{ whole: true, seenTestRows: 2 },
  },
  ...{ name: 'step-by-step 3', findings: [], family: 'T5', parameters: 1_000 },
  ...{ storedAs: 'float32', bytes: 4_000, testRows: 80 },
  asking: { method: 'step-by-step', labelPrefix: 'predict: ', rationalePrefix: 'explain: ' },
  ...more,
});

const plain = (): ImportReport =>
  report({
    ...{ name: 'my-t5', asking: null },
    from: { ...report().from, exported: null, origin: null, whole: null, seenTestRows: null },
  });

const imported: Run = run({ id: 'r9', name: 'From the cluster', imported: true, jobId: null });

async function open(found: () => ImportReport, more: Answers = {}, view = 'import') {
  const transport = new FakeTransport({
    ...opening([project()], []),
    'splits.list': () => [split],
    'extractions.list': () => [extraction()],
    'studies.list': () => [],
    'runs.list': () => [imported],
    'runs.lookAtImport': () => found(),
    'runs.import': () =>
      job({ id: 'ji', kind: 'import-student', subjectId: 'r9', title: 'Import student apples' }),
    ...more,
  });
  const { app, context } = inApp(transport);
  await app.open();
  const props = { overview: overview({ splits: 1, runs: 1 }), view };
  render(TrainScreen, { props, context });
  return { transport, app };
}

const type = (testId: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(testId), { target: { value } });
const wordsOf = (testId: string): string =>
  (screen.getByTestId(testId).textContent ?? '').replace(/\s+/g, ' ');

async function look(): Promise<void> {
  await screen.findByTestId('import-path');
  await type('import-path', ' /students/apples ');
  await waitFor(() => expect(screen.getByTestId('import-look')).toHaveProperty('disabled', false));
  await fireEvent.click(screen.getByTestId('import-look'));
}

beforeEach(() => i18n.use('en'));

describe('the screen that takes a student in', () => {
  it('shows what was found, then imports under a name and says where it stands', async () => {
    const { transport, app } = await open(report);
    await look();
    await screen.findByTestId('import-facts');
    expect(transport.inputsOf('runs.lookAtImport')).toEqual([
      { splitId: 's1', source: { path: '/students/apples' } },
    ]);
    const facts = wordsOf('import-facts');
    expect(facts).toContain('Trained elsewhere, from a training bundle');
    expect(facts).toContain('“step-by-step 3” of the project “Fruit”');
    expect(facts).toContain('300 steps, 700 rows, seed 9');
    expect(wordsOf('import-seen')).toContain('2 of 80: its test score will be too good');
    await type('import-name', 'From the cluster');
    await fireEvent.click(screen.getByTestId('import-start'));
    await waitFor(() => expect(transport.inputsOf('runs.import')).toHaveLength(1));
    expect(transport.inputsOf('runs.import')).toEqual([
      {
        ...{ splitId: 's1', source: { path: '/students/apples' }, name: 'From the cluster' },
        ...{ extractionId: null, asking: null },
      },
    ]);
    await screen.findByTestId('job-card');
    const started = app.jobs.get('ji');
    if (!started) throw new Error('the job is not known');
    app.jobs.take({ ...started, state: 'succeeded', seq: 9 });
    await screen.findByTestId('import-done');
    expect(wordsOf('import-done')).toContain('“From the cluster” is imported.');
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('import-compare')));
  });

  it('asks how a folder from elsewhere is asked, and for rationales where it reads them', async () => {
    const { transport } = await open(plain);
    await look();
    await screen.findByTestId('import-asking');
    expect(wordsOf('import-facts')).toContain('imported; how it was trained is not known here');
    expect(screen.queryByTestId('import-rationale-prefix')).toBeNull();
    await fireEvent.change(screen.getByTestId('import-method'), {
      target: { value: 'step-by-step' },
    });
    await screen.findByTestId('import-rationale-prefix');
    await fireEvent.change(screen.getByTestId('import-method'), {
      target: { value: 'rationale-input' },
    });
    await screen.findByTestId('import-extraction');
    await type('import-label-prefix', 'q: ');
    await fireEvent.click(screen.getByTestId('import-start'));
    await waitFor(() => expect(transport.inputsOf('runs.import')).toHaveLength(1));
    expect(transport.inputsOf('runs.import')[0]).toMatchObject({
      ...{ name: 'my-t5', extractionId: extraction().id },
      asking: { method: 'rationale-input', labelPrefix: 'q: ', rationalePrefix: '' },
    });
  });

  it('offers nothing of a folder that cannot be used, and says why', async () => {
    const findings = [{ severity: 'error' as const, message: 'No weights.', hint: 'Copy them.' }];
    await open(() => report({ findings, parameters: null, asking: null }));
    await look();
    await screen.findByTestId('import-findings');
    expect(wordsOf('import-report')).toContain('This folder can’t be imported as it is.');
    expect(wordsOf('import-findings')).toContain('No weights. Copy them.');
    expect(screen.queryByTestId('import-start')).toBeNull();
  });

  it('speaks Korean', async () => {
    await open(report);
    i18n.use('ko');
    await look();
    await screen.findByTestId('import-facts');
    expect(wordsOf('import-seen')).toContain('80행 중 2행');
  });
});

describe('an imported student among the runs', () => {
  it('says where it comes from, and has no curves', async () => {
    const from = report().from;
    await open(report, { 'runs.importedFrom': () => from }, 'run:r9');
    await screen.findByTestId('imported-facts');
    expect(wordsOf('imported-facts')).toContain('/students/apples');
    expect(wordsOf('runs')).toContain('imported');
    expect(screen.queryByTestId('run-detail')).toBeNull();
    screen.getByTestId('run-again');
    expect(screen.getByTestId('overlay-run')).toHaveProperty('disabled', true);
  });

  it('shows no figure of a training that nobody knows', async () => {
    const stranger = { ...imported, trainRows: 0, rationaleRows: 0, bestValidation: null };
    const from = plain().from;
    const answers = { 'runs.list': () => [stranger], 'runs.importedFrom': () => from };
    await open(report, answers, 'run:r9');
    await screen.findByTestId('imported-facts');
    expect(wordsOf('run-row')).toContain('imported; how it was trained is not known here');
    expect(screen.queryByTestId('run-settings')).toBeNull();
    expect(screen.queryByTestId('run-again')).toBeNull();
  });

  it('is marked where its score stands; that it has seen test rows, on these alone', () => {
    const imports = { trainingKnown: true, seenTestRows: 1 };
    const { unmount } = render(ImportedBadges, { props: { imported: imports, part: 'test' } });
    expect(wordsOf('seen-test-rows')).toContain('1 test row seen in training');
    unmount();
    render(ImportedBadges, { props: { imported: imports, part: 'validation' } });
    expect(screen.queryByTestId('seen-test-rows')).toBeNull();
  });
});
