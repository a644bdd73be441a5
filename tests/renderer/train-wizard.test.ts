import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Student } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import TrainWizard from '../../renderer/wizards/train/TrainWizard.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { job, overview } from './rows.ts';
import {
  preflight,
  run,
  runSettings,
  split,
  student,
  studentReport,
  trainingRows,
} from './train-rows.ts';

const failure = { code: 'engine-failed', message: 'It broke.', hint: 'Take another engine.' };

function answers(): Answers {
  const students: Student[] = [];
  return {
    'splits.list': () => [split],
    'extractions.list': () => [extraction()],
    'engines.list': () => [],
    'datasets.list': () => [],
    'students.list': () => [...students],
    'students.check': (input) =>
      JSON.stringify(input).includes('empty')
        ? studentReport({
            ...{ folder: '/models/empty', usable: false, family: null, parameters: null },
            findings: [{ severity: 'error', message: 'No weights.', hint: 'Fetch them.' }],
          })
        : studentReport(),
    'students.add': () => {
      students.push(student());
      return student();
    },
    'runs.suggest': (input) => {
      const { method, preset, student: id, lora } = calls['runs.suggest'].input.parse(input);
      return runSettings({
        ...{ method, preset, learningRate: preset === 'mini' ? 5e-4 : 1e-3 },
        student: id === null ? null : { id, name: 'flan-t5-small', sha256: 'abc' },
        lora: lora ? { rank: 8, alpha: 16 } : null,
      });
    },
    'runs.rows': () => trainingRows,
    'runs.list': () => [run({ settings: runSettings({ lambda: 0.5 }) })],
    'runs.preflight': () => preflight(),
    'runs.start': (input) => ({
      run: run({ settings: calls['runs.start'].input.parse(input).settings }),
      job: job(),
    }),
    'projects.overview': () => overview(),
  };
}

async function open(more: Answers = {}, from: string | null = null): Promise<FakeTransport> {
  const transport = new FakeTransport({ ...answers(), ...more });
  const given = overview({ withGold: 840, parsed: 840, splits: 1 });
  render(TrainWizard, { props: { overview: given, from }, context: inApp(transport).context });
  await waitFor(() => expect(transport.inputsOf('runs.suggest').length).toBeGreaterThan(0));
  return transport;
}

/** Goes on to a step by its place, 1 for the second. */
async function goTo(step: number): Promise<void> {
  for (let at = 0; at < step; at += 1) {
    const next = screen.getByTestId('wizard-next');
    await waitFor(() => expect(next).toHaveProperty('disabled', false));
    await fireEvent.click(next);
  }
}
const type = (testId: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByTestId(testId), { target: { value } });
const valueOf = (testId: string): unknown => screen.getByTestId<HTMLInputElement>(testId).value;
const words = (testId: string): string =>
  screen.getByTestId(testId).textContent.replace(/\s+/g, ' ').trim();

beforeEach(() => i18n.use('en'));

describe('the training wizard', () => {
  it('offers five methods, and says of one that it keeps needing the teacher', async () => {
    await open();
    const chosen = screen
      .getAllByRole<HTMLInputElement>('checkbox')
      .map(({ value, checked }) => [value, checked]);
    expect(chosen).toEqual([
      ['step-by-step', true],
      ['finetune', false],
      ['distill', false],
      ['rationale-input', false],
      ['single-task', false],
    ]);
    expect(screen.getAllByText('keeps needing the teacher')).toHaveLength(1);
    await fireEvent.click(screen.getByTestId('choice-rationale-input'));
    await goTo(1);
    expect(words('teacher-needed')).toContain('only as long as the teacher is asked');
  });

  it('goes from methods to a start, and queues a run for each method', async () => {
    const transport = await open();
    await fireEvent.click(screen.getByTestId('choice-finetune'));
    await goTo(4);
    await waitFor(() => expect(words('preflight-finetune')).toContain('about 1 min 30 sec'));
    expect(words('preflight-total')).toContain('About 3 min in all, for 2 trainings');
    await fireEvent.click(screen.getByRole('button', { name: 'Start 2 trainings' }));
    await waitFor(() => expect(transport.inputsOf('runs.start')).toHaveLength(2));
    expect(transport.inputsOf('runs.start')).toMatchObject([
      { parentId: null, settings: { method: 'step-by-step' } },
      { parentId: null, settings: { method: 'finetune' } },
    ]);
    await waitFor(() => expect(location.hash).toBe('#/p/p1/train'));
  });

  it('moves lambda by key, by number and back to what is suggested', async () => {
    await open();
    await goTo(1);
    const slider = await screen.findByTestId('lambda-slider');
    await fireEvent.keyDown(slider, { key: 'ArrowRight' });
    expect(valueOf('lambda')).toBe('2');
    expect(slider.getAttribute('aria-valuetext')).toBe('λ 2, α 0.333');
    expect(words('lambda-meaning')).toBe('The rationale weighs 2 times as much as the label.');
    await type('lambda', '0.25');
    expect(words('lambda-meaning')).toBe('The label weighs 4 times as much as the rationale.');
    expect(words('alpha')).toBe('α = 0.8');
    await fireEvent.click(screen.getByRole('button', { name: /back to the suggested 1$/ }));
    expect(valueOf('lambda')).toBe('1');
    expect(screen.queryByTestId('changed-lambda')).toBeNull();
  });

  it('lets steps follow epochs, and keeps a change when the student is another one', async () => {
    await open();
    await goTo(3);
    await waitFor(() => expect(valueOf('run-epochs')).toBe('5.71'));
    await type('run-epochs', '10');
    expect(valueOf('run-steps')).toBe('525');
    await type('run-accumulate', '2');
    await waitFor(() => expect(valueOf('run-epochs')).toBe('20'));
    expect(screen.getByText(/32 rows a step \(16 × 2\)\./)).toBeTruthy();
    await fireEvent.click(screen.getByTestId('wizard-back'));
    await fireEvent.click(screen.getByTestId('choice-mini'));
    await goTo(1);
    expect(valueOf('run-steps')).toBe('525');
    expect(valueOf('run-learningRate')).toBe('0.0005');
    expect(screen.getByTestId('rate-steep').textContent.trim()).toBe('');
    await type('run-learningRate', '0.9');
    expect(screen.getByTestId('rate-steep').textContent).toContain('1,800 times');
    await fireEvent.click(screen.getByTestId('reset-steps'));
    expect(valueOf('run-steps')).toBe('300');
  });

  it('stays where a field says that what stands in it is wrong', async () => {
    await open();
    await goTo(3);
    await type('run-steps', '0');
    await fireEvent.click(screen.getByTestId('wizard-next'));
    expect(screen.getByTestId('run-steps').getAttribute('aria-invalid')).toBe('true');
    expect(screen.queryByTestId('preflight-step-by-step')).toBeNull();
  });
});

describe('a pretrained student', () => {
  it('is looked at before it is put on the list, and refused with a reason', async () => {
    const transport = await open();
    await goTo(2);
    await fireEvent.click(screen.getByTestId('choice-folder'));
    expect(screen.getByTestId('wizard-next')).toHaveProperty('disabled', true);
    await type('student-path', '/models/empty');
    await fireEvent.click(screen.getByTestId('student-check'));
    await waitFor(() => expect(words('student-report')).toContain('No weights. Fetch them.'));
    expect(screen.queryByTestId('student-add')).toBeNull();

    await type('student-path', '/models/flan-t5-small');
    await fireEvent.click(screen.getByTestId('student-check'));
    await waitFor(() => expect(words('student-report')).toContain('76,961,152'));
    await fireEvent.click(screen.getByTestId('student-add'));
    await waitFor(() => expect(screen.getByTestId('student-st1')).toHaveProperty('checked', true));
    expect(transport.inputsOf('students.add')).toEqual([{ path: '/models/flan-t5-small' }]);

    await fireEvent.click(await screen.findByTestId('use-lora'));
    await waitFor(() => expect(valueOf('lora-rank')).toBe('8'));
    await type('lora-rank', '16');
    await fireEvent.click(screen.getByTestId('freeze-encoder'));
    expect(screen.getByTestId('freeze-embeddings')).toHaveProperty('checked', true);
    await goTo(2);
    await waitFor(() => expect(transport.inputsOf('runs.preflight')).toHaveLength(1));
    expect(transport.inputsOf('runs.preflight')[0]).toMatchObject({
      settings: {
        ...{ preset: 'folder', student: { id: 'st1' }, freeze: ['encoder'] },
        lora: { rank: 16, alpha: 16 },
      },
    });
  });
});

describe('the check before a start', () => {
  it('runs by itself, once for the same settings, and takes the batch that was found', async () => {
    const tight = preflight({
      batch: { wanted: 16, size: 4, accumulate: 4, tried: [] },
    });
    const transport = await open({ 'runs.preflight': () => tight });
    await goTo(4);
    await waitFor(() =>
      expect(words('preflight-batch')).toBe('4 rows at once, 4 times for each step'),
    );
    await fireEvent.click(screen.getByTestId('use-batch'));
    expect(screen.queryByTestId('use-batch')).toBeNull();
    await fireEvent.click(screen.getByTestId('wizard-back'));
    expect(valueOf('run-batchSize')).toBe('4');
    await goTo(1);
    expect(transport.inputsOf('runs.preflight')).toHaveLength(1);
    await fireEvent.click(screen.getByTestId('preflight-again'));
    await waitFor(() => expect(transport.inputsOf('runs.preflight')).toHaveLength(2));
    expect(transport.inputsOf('runs.preflight')[1]).toMatchObject({
      settings: { batchSize: 4, accumulate: 4 },
    });
  });

  it('shows what failed with its hint, and can be passed over', async () => {
    const transport = await open({
      'runs.preflight': () => ({ failure: { ...failure, code: 'invalid-input' } }),
    });
    await goTo(4);
    await waitFor(() => expect(words('preflight-step-by-step')).toContain('Take another engine.'));
    await fireEvent.click(screen.getByRole('button', { name: 'Start 1 training' }));
    await waitFor(() => expect(transport.inputsOf('runs.start')).toHaveLength(1));
  });

  it('tells of texts that are cut, there and beside the limits', async () => {
    const cut = { rows: 90, inputs: 80, labels: 2, rationales: 0 };
    await open({ 'runs.preflight': () => preflight({ cut }) });
    await goTo(4);
    await waitFor(() => expect(words('warning-labels')).toContain('2 labels are cut'));
    expect(words('preflight-cut')).toBe('inputs 80, labels 2, rationales 0, of 90 rows');
    await fireEvent.click(screen.getByTestId('wizard-back'));
    expect(words('rows-cut')).toContain('inputs 80, labels 2, rationales 0');
  });
});

describe('a run again', () => {
  it('shows what differs from the earlier one, and says where it came from', async () => {
    const transport = await open({}, 'r1');
    await waitFor(() => expect(words('differences')).toContain('it would be the same run again'));
    await goTo(1);
    expect(valueOf('lambda')).toBe('0.5');
    await type('lambda', '3');
    const row = await screen.findByTestId('difference');
    expect(
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['0.5', '3']);
    await goTo(3);
    await fireEvent.click(screen.getByRole('button', { name: 'Start 1 training' }));
    await waitFor(() => expect(transport.inputsOf('runs.start')).toHaveLength(1));
    expect(transport.inputsOf('runs.start')[0]).toMatchObject({
      ...{ parentId: 'r1', settings: { lambda: 3 } },
    });
  });

  it('speaks Korean', async () => {
    i18n.use('ko');
    await open({}, 'r1');
    await waitFor(() => expect(words('differences')).toContain('이전 실행과 다른 점'));
  });
});
