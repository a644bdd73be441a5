import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExportRecord } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { predictCommand } from '../../renderer/wizards/export/command.ts';
import ExportScreen from '../../renderer/wizards/export/ExportScreen.svelte';
import { studentSystem } from './compare-rows.ts';
import { options, answers, proof, record, students } from './export-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { job, overview, project } from './rows.ts';

beforeEach(() => {
  i18n.use('en');
  location.hash = '';
});

async function open(more: Answers = {}, view: string | null = 'new', synthetic = false) {
  const transport = new FakeTransport({ ...answers(), ...more });
  const { app, context } = inApp(transport);
  const at = overview({ exports: 1, project: project({ synthetic }) });
  const shown = render(ExportScreen, { props: { overview: at, view }, context });
  return { transport, app, shown };
}

const next = async () => {
  const button = await screen.findByTestId<HTMLButtonElement>('wizard-next');
  await waitFor(() => expect(button.disabled).toBe(false));
  await fireEvent.click(button);
};
const box = (testId: string) => screen.getByTestId<HTMLInputElement>(testId);

/** Goes on to where the export can be started. */
async function toSummary(): Promise<HTMLButtonElement> {
  for (let step = 0; step < 3; step++) await next();
  return screen.findByTestId<HTMLButtonElement>('export-start');
}

describe('the choice of a student', () => {
  it('begins with the best that answers alone, and puts those that need the teacher last', async () => {
    const { transport } = await open();
    await screen.findByTestId('export-runs');
    const radios = screen.getAllByRole<HTMLInputElement>('radio', { name: /alone|better|helped/ });
    expect(radios.map(({ value }) => value)).toEqual(['b', 'a', 'h']);
    expect(box('export-run-b').checked).toBe(true);
    expect(screen.queryByTestId('export-needs-teacher')).toBeNull();
    expect(transport.inputsOf('exports.options')).toEqual([{ runId: 'b' }]);
    await fireEvent.click(box('export-run-h'));
    expect(screen.getByTestId('export-needs-teacher')).toBeTruthy();
    await waitFor(() => expect(transport.inputsOf('exports.options')).toHaveLength(2));
  });

  it('never asks for test scores by itself', async () => {
    const { transport } = await open({
      'compare.systems': () => ({
        ...{ rows: 120, withGold: 120, looks: 3 },
        systems: students.map(({ id }) => studentSystem(id)),
      }),
      'compare.scoreboard': () => ({
        failure: { code: 'internal', message: 'Not here.', hint: '' },
      }),
    });
    await waitFor(() => expect(transport.inputsOf('compare.scoreboard')).toHaveLength(1));
    expect(transport.inputsOf('compare.scoreboard')).toMatchObject([
      { part: 'validation', systems: ['run:b'] },
    ]);
  });

  it('offers the other checkpoints, the best chosen', async () => {
    const { transport } = await open({ 'exports.start': () => job({ kind: 'export' }) });
    await screen.findByTestId('export-checkpoints');
    expect(box('checkpoint-best').checked).toBe(true);
    await fireEvent.click(box('checkpoint-25'));
    await fireEvent.click(await toSummary());
    expect(transport.inputsOf('exports.start')).toMatchObject([
      { checkpoint: { which: 'step', step: 25 } },
    ]);
  });

  it('takes the student that was chosen elsewhere', async () => {
    await open({}, 'new:a');
    await screen.findByTestId('export-runs');
    expect(box('export-run-a').checked).toBe(true);
  });
});

describe('the choice of formats', () => {
  it('keeps the focus at a purpose whose last format is unticked', async () => {
    await open();
    await next();
    box('format-huggingface').focus();
    await fireEvent.click(box('format-huggingface'));
    expect(screen.queryByTestId('format-huggingface')).toBeNull();
    expect(document.activeElement).toBe(box('use-python'));
  });

  it('ticks several, sums their sizes, and takes a whole purpose back', async () => {
    await open();
    await next();
    expect(box('use-python').checked).toBe(true);
    expect(screen.getByTestId('export-sum').textContent).toContain('1 folder, about 40 MB');
    await fireEvent.click(box('use-script'));
    await fireEvent.click(box('format-onnx-int8'));
    expect(screen.getByTestId('export-sum').textContent).toContain('3 folders, about 90 MB');
    expect(screen.getByTestId('export-sum').textContent).toContain('Rounded numbers');
    await fireEvent.click(box('format-onnx'));
    expect(box('use-script').checked).toBe(true);
    await fireEvent.click(box('use-script'));
    await fireEvent.click(box('use-python'));
    expect(screen.getByTestId('export-sum').textContent).toContain('Tick at least one');
    expect(box('wizard-next')).toHaveProperty('disabled', true);
  });

  it('says why a format can not be had, and leaves out what this version does not write', async () => {
    const { formats } = options();
    await open({
      'exports.options': () =>
        options({
          formats: formats
            .filter(({ format }) => !format.startsWith('gguf'))
            .map((each) =>
              each.format === 'training' ? { ...each, refused: 'It was trained elsewhere.' } : each,
            ),
        }),
    });
    await next();
    expect(screen.queryByTestId('purpose-llama')).toBeNull();
    expect(box('use-cluster').disabled).toBe(true);
    expect(screen.getByTestId('purpose-cluster').textContent).toContain(
      'It was trained elsewhere.',
    );
  });
});

describe('the choice of a place', () => {
  it('takes a typed folder, a name and a number of rows', async () => {
    const { transport } = await open({ 'exports.start': () => job({ kind: 'export' }) });
    await next();
    await next();
    expect(screen.getByTestId('export-room').textContent).toContain('5 GB are free');
    expect(box('proof-rows').value).toBe('120');
    await fireEvent.input(box('proof-rows'), { target: { value: '60' } });
    await fireEvent.click(screen.getByTestId('choice-other'));
    expect(box('wizard-next')).toHaveProperty('disabled', true);
    await fireEvent.input(box('export-path'), { target: { value: '/media/stick' } });
    await fireEvent.input(box('export-name'), { target: { value: 'My Student' } });
    await next();
    expect(screen.getByTestId('export-plan').textContent).toContain('/media/stick/my-student');
    await fireEvent.click(screen.getByTestId('export-start'));
    expect(transport.inputsOf('exports.start')).toEqual([
      {
        ...{ runId: 'b', name: 'My Student', checkpoint: { which: 'best' } },
        ...{ formats: ['huggingface'], into: { path: '/media/stick' }, proofRows: 60 },
      },
    ]);
  });

  it('warns where the disk has too little room', async () => {
    await open({ 'exports.options': () => options({ freeBytes: 1_000_000 }) });
    await next();
    await next();
    expect(screen.getByTestId('export-too-large')).toBeTruthy();
  });
});

describe('the start', () => {
  it('says that the data is generated', async () => {
    await open({}, 'new', true);
    await toSummary();
    expect(screen.getByTestId('export-synthetic').textContent).toContain('generated');
  });

  it('keeps what was chosen when main refuses', async () => {
    const message = 'There is already something at /w/exports/colours-first.';
    await open({
      'exports.start': () => ({ failure: { code: 'invalid-input', message, hint: 'Rename it.' } }),
    });
    await fireEvent.click(await toSummary());
    expect((await screen.findByTestId('failure')).textContent).toContain(message);
    expect(screen.getByTestId('export-plan')).toBeTruthy();
  });

  it('waits for an export that is under way', async () => {
    const { app } = await open();
    app.jobs.take(job({ kind: 'export' }));
    const start = await toSummary();
    expect(start.disabled).toBe(true);
    expect(screen.getByTestId('export-busy')).toBeTruthy();
  });
});

describe('an export under way', () => {
  const running = (phase: 'working' | 'proving', more = {}) =>
    job({
      kind: 'export',
      progress: {
        ...{ done: 20_000_000, total: 40_000_000, unit: 'bytes', phase },
        ...{ rate: 5_000_000, secondsLeft: 4 },
        exporting: { formats: ['huggingface', 'onnx', 'onnx-int8'], done: 1 },
      },
      ...more,
    });
  const stands = () =>
    ['huggingface', 'onnx', 'onnx-int8'].map(
      (format) => screen.getByTestId(`stand-${format}`).dataset['stand'],
    );

  it('shows which format is written, tried, done and waits', async () => {
    const { app } = await open({}, null);
    app.jobs.take(running('working'));
    await screen.findByTestId('export-progress');
    expect(stands()).toEqual(['done', 'writing', 'waiting']);
    expect(screen.getByTestId('job-card').textContent).toMatch(
      /20 MB of 40 MB.*5 MB\/s.*4 sec left/,
    );
    app.jobs.take(running('proving', { seq: 2 }));
    await waitFor(() => expect(stands()).toEqual(['done', 'proving', 'waiting']));
    app.jobs.take(running('proving', { seq: 3, state: 'paused' }));
    await waitFor(() => expect(stands()).toEqual(['done', 'stopped', 'waiting']));
  });

  it('tells of a failure with what to do, and keeps the formats that are done', async () => {
    const { app } = await open({ 'exports.list': () => [record()] }, null);
    const error = {
      ...({ code: 'model-invalid', message: 'Row 3 was answered otherwise.' } as const),
      hint: 'Report it.',
    };
    app.jobs.take(running('proving', { state: 'failed', error }));
    expect((await screen.findByTestId('failure')).textContent).toContain('Row 3');
    expect(screen.getByTestId('export-card')).toBeTruthy();
  });
});

describe('the list of exports', () => {
  const show = async (records: ExportRecord[], more: Answers = {}) =>
    open({ 'exports.list': () => records, ...more }, null);
  const words = async () => (await screen.findByTestId('export-proof')).textContent;

  it('is empty with a way on', async () => {
    await open({ 'runs.list': () => [], 'exports.list': () => [] }, null);
    expect((await screen.findByTestId('empty-state')).textContent).toContain('No trained student');
  });

  it('shows the wizard at once where nothing was exported', async () => {
    await open({}, null);
    expect(await screen.findByTestId('export-runs')).toBeTruthy();
  });

  it('says what opened an export and how many rows were equal', async () => {
    await show([record()]);
    expect(await words()).toContain(
      'ONNX Runtime 1.30.0 (WebAssembly): 120 of 120 validation rows',
    );
    expect(await words()).toContain('trained with ONNX Runtime on the processor');
    expect((await screen.findByTestId('snippet')).textContent).toContain('transformers');
    await fireEvent.click(screen.getByRole('button', { name: 'curl' }));
    expect(screen.getByTestId('snippet').textContent).toContain('curl http');
  });

  const accuracy = (value: number, low: number, high: number) => ({
    run: { accuracy: 0.5, low: 0.41, high: 0.59, correct: 60, rows: 120 },
    exported: { accuracy: 0.5 + value, low: 0.4, high: 0.6, correct: 60, rows: 120 },
    difference: { value, low, high },
  });
  it.each([
    // An interval that leaves out 0, and a gap below the margin of error of 120 rows.
    [-0.03, -0.05, -0.01, 'No difference shown'],
    [-0.01, -0.05, 0.03, 'No difference shown'],
    [-0.005, -0.015, 0.01, 'alike within 2 points'],
    [-0.2, -0.3, -0.1, 'worse than the run’s student'],
    [0.2, 0.1, 0.3, 'better than the run’s student'],
  ])('calls a difference of %s (%s to %s): %s', async (value, low, high, verdict) => {
    const rounded = proof({ equal: 110, exact: false, accuracy: accuracy(value, low, high) });
    await show([record({ format: 'onnx-int8', proof: rounded })]);
    expect(await words()).toContain(verdict);
    expect(await words()).toContain('On 91.7% of the rows');
    cleanup();
  });

  it('reads an export of an earlier version', async () => {
    const earlier = proof({ rows: 50, equal: 50, part: 'test', openedWith: null });
    await show([record({ step: null, proof: earlier, files: [] })]);
    expect(await words()).toMatch(/by the app itself and answered 50 of 50 test rows/);
  });

  it('has nothing to ask in a training bundle', async () => {
    await show([record({ format: 'training', proof: null })]);
    expect(await words()).toContain('carries the losses');
    expect(screen.queryByTestId('try-input')).toBeNull();
    expect(screen.queryByTestId('export-command')).toBeNull();
  });

  it('checks the files again, and names those that changed', async () => {
    let changed: string[] = [];
    const { transport } = await show([record()], {
      'exports.check': () => ({
        ...{ whole: changed.length === 0, checked: 12, changed, missing: [], added: ['notes.txt'] },
        certificate: 'c'.repeat(64),
      }),
    });
    await fireEvent.click(await screen.findByTestId('export-check'));
    const result = () => screen.findByTestId('check-result');
    expect((await result()).textContent).toContain('All 12 files are as the certificate says');
    expect((await result()).textContent).toContain('notes.txt');
    expect(screen.getByTestId('certificate-hash').textContent).toBe('c'.repeat(64));
    changed = ['model.safetensors'];
    await fireEvent.click(screen.getByTestId('export-check'));
    await waitFor(async () =>
      expect((await result()).textContent).toContain('Changed since: model.safetensors'),
    );
    expect(transport.inputsOf('exports.check')).toEqual([{ exportId: 'x1' }, { exportId: 'x1' }]);
  });

  it('puts the formats of one student together, in the order of their uses', async () => {
    await show([
      record({ id: 'x0', runId: 'b', format: 'onnx' }),
      record({ id: 'x1', format: 'training', proof: null }),
      record({ id: 'x2', format: 'huggingface' }),
    ]);
    await screen.findByTestId('snippet');
    const groups = screen
      .getAllByTestId('export-group')
      .map((group) => [
        group.querySelector('h3')?.textContent,
        ...[...group.querySelectorAll<HTMLElement>('details[data-format]')].map(
          ({ dataset }) => dataset['format'],
        ),
      ]);
    expect(groups).toEqual([
      ['alone · Step-by-step · step 50', 'huggingface', 'training'],
      ['better · Step-by-step · step 50', 'onnx'],
    ]);
  });

  it('asks nothing of the cards that are closed', async () => {
    const { transport } = await show([record(), record({ id: 'x2', folder: '/w/exports/b' })]);
    await screen.findByTestId('snippet');
    const cards = screen.getAllByTestId('export-card');
    expect(cards).toHaveLength(2);
    expect(cards[1]?.textContent).toContain('120 of 120 rows the same');
    expect(transport.inputsOf('exports.snippets')).toEqual([{ exportId: 'x2' }]);
    expect(within(cards[1] ?? document.body).queryByTestId('export-check')).toBeNull();
  });
});

describe('the export of a student that needs the teacher', () => {
  it('is tried with a rationale, and an empty answer is called one', async () => {
    const { transport } = await open(
      {
        'exports.list': () => [record({ runId: 'h', folder: '/out/helped' })],
        'exports.predict': () => ({
          ...{ label: '', rationale: null, milliseconds: 5, confidence: 0, threshold: null },
        }),
      },
      null,
    );
    await screen.findByTestId('try-rationale');
    await fireEvent.input(screen.getByTestId('try-input'), { target: { value: 'How many?' } });
    await fireEvent.input(screen.getByTestId('try-rationale'), { target: { value: ' 2 and 3 ' } });
    await fireEvent.click(screen.getByTestId('try-ask'));
    const answer = await screen.findByTestId('try-answer');
    expect(answer.textContent).toContain('no answer');
    expect(answer.textContent).toContain('5 ms');
    expect(screen.queryByTestId('try-cascade')).toBeNull();
    expect(transport.inputsOf('exports.predict')).toEqual([
      { exportId: 'x1', text: 'How many?', teacherRationale: '2 and 3' },
    ]);
    expect(screen.getByTestId('export-command').textContent).toContain('--teacher-rationale');
  });

  it.each([
    [0.4, 'ask the teacher about this one'],
    [0.9, 'use this answer'],
  ])('says at a confidence of %s whether to %s', async (confidence, words) => {
    const reply = { label: '5', rationale: null, milliseconds: 5, confidence, threshold: 0.8 };
    await open(
      { 'exports.list': () => [record({ folder: '/out/sure' })], 'exports.predict': () => reply },
      null,
    );
    await fireEvent.input(await screen.findByTestId('try-input'), { target: { value: 'Q?' } });
    await fireEvent.click(screen.getByTestId('try-ask'));
    expect((await screen.findByTestId('try-cascade')).textContent).toContain(words);
    expect(screen.getByTestId('try-confidence').textContent).toContain('80.0%');
  });

  it('has no rationale in the command of any other', () => {
    expect(predictCommand('/out/a')).toBe('npx stepwise predict /out/a "text"');
  });
});
