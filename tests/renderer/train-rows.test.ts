import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Method, RunSettings, TrainingRows } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { TrainDraft } from '../../renderer/wizards/train/draft.svelte.ts';
import LearnStep from '../../renderer/wizards/train/LearnStep.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { overview } from './rows.ts';
import { runSettings, split, trainingRows as every } from './train-rows.ts';

/** What main counts for some settings. */
function count(given: RunSettings): TrainingRows {
  if (given.method === 'finetune') return { ...every, rationales: 0, explained: 0 };
  if (given.rationales === 'parsed') {
    return given.rationalesPerRow === 'chosen' ? every : { ...every, rationales: 2_100 };
  }
  const chosen: TrainingRows = {
    ...{ ...every, explained: 612, rationales: 612 },
    reasons: [
      { reason: 'rejected', rows: 38 },
      { reason: 'disagrees-with-gold', rows: 190 },
    ],
  };
  return given.withoutRationale === 'drop' ? { ...chosen, labels: 612, dropped: 228 } : chosen;
}

async function open(methods: Method[], withGold = 840): Promise<FakeTransport> {
  const transport = new FakeTransport({
    'splits.list': () => [split],
    'extractions.list': () => [extraction()],
    'runs.suggest': () => runSettings(),
    'runs.rows': (input) => count(calls['runs.rows'].input.parse(input).settings),
    'health.summary': () => ({
      ...{ checked: 20, answered: 50, clean: 10, flags: [], suspicion: [] },
    }),
  });
  const { app, context } = inApp(transport);
  const draft = new TrainDraft(app.client, 'p1', methods);
  await draft.load();
  render(LearnStep, { props: { draft, overview: overview({ withGold }) }, context });
  return transport;
}

const counts = (): string => screen.getByTestId('row-counts').textContent.replace(/\s+/g, ' ');
const shows = (words: string): Promise<void> => waitFor(() => expect(counts()).toContain(words));

beforeEach(() => i18n.use('en'));

describe('what a training learns from', () => {
  it('is counted before anything is saved, and again for every choice', async () => {
    const transport = await open(['step-by-step']);
    await shows('840 rows teach their label, 840 of them a rationale.');
    expect(counts()).toContain('10 rows have no label to learn.');
    expect(counts()).not.toContain('left out');

    await fireEvent.click(screen.getByTestId('choice-agrees-with-gold'));
    await shows('840 rows teach their label, 612 of them a rationale.');
    await shows('228 rationales left out: 38 rejected, 190 disagree with gold.');

    await fireEvent.change(screen.getByTestId('without-rationale'), { target: { value: 'drop' } });
    await shows('612 rows teach their label, 612 of them a rationale.');
    await shows('228 rows are left out with their rationale.');
    expect(transport.inputsOf('runs.rows').at(-1)).toMatchObject({
      ...{ splitId: 's1', extractionId: 'x1' },
      settings: { rationales: 'agrees-with-gold', withoutRationale: 'drop' },
    });
    expect(transport.inputsOf('runs.start')).toEqual([]);
  });

  it('says how many rationales there are where a row has several, and how they weigh', async () => {
    await open(['step-by-step']);
    const perRow = screen.getByTestId('rationales-per-row');
    await fireEvent.change(perRow, { target: { value: 'all' } });
    await shows('2,100 rationales in all.');
    expect(screen.getByText(/weighs three times in the rationale loss/)).toBeTruthy();
  });

  it('is told for each method, and asks about rationales only where they are learned', async () => {
    const transport = await open(['finetune']);
    await shows('840 rows teach their label.');
    expect(screen.queryByTestId('choice-parsed')).toBeNull();
    expect(transport.inputsOf('runs.rows').at(-1)).toMatchObject({
      settings: { method: 'finetune', labelSource: 'gold' },
    });
  });

  it('with healthy rows: has a limit, and says that rows were not checked', async () => {
    await open(['step-by-step']);
    expect(screen.queryByTestId('suspicion-limit')).toBeNull();
    await fireEvent.click(screen.getByTestId('choice-healthy'));
    await waitFor(() =>
      expect(screen.getByTestId('unchecked-rows').textContent).toContain(
        '30 answers were not checked yet',
      ),
    );
    expect(screen.getByTestId('suspicion-limit')).toHaveProperty('value', '3');
  });

  it('says of each method what it does with a rationale', async () => {
    await open(['rationale-input', 'single-task']);
    await shows('840 rows teach their label, 840 of them with a rationale to read.');
    await shows('840 rows teach their label, 840 of them after a rationale in the same text.');
    expect(screen.queryByTestId('lambda')).toBeNull();
    expect(screen.getByTestId('teacher-needed').textContent).toContain(
      'only as long as the teacher is asked for every question',
    );
  });

  it('can’t agree with gold where there is none', async () => {
    await open(['step-by-step'], 0);
    expect(screen.getByTestId('choice-agrees-with-gold')).toHaveProperty('disabled', true);
    expect(screen.getByTestId('choice-accepted')).toHaveProperty('disabled', false);
  });

  it('speaks Korean', async () => {
    i18n.use('ko');
    await open(['step-by-step']);
    await fireEvent.click(screen.getByTestId('choice-agrees-with-gold'));
    await shows('근거 228개가 빠집니다: 거절함 38, 정답과 다름 190.');
  });
});
