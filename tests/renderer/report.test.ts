import { render, screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample, TeacherReport } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import LabelBars from '../../renderer/wizards/extract/report/LabelBars.svelte';
import Lengths from '../../renderer/wizards/extract/report/Lengths.svelte';
import { confusionLines, worstConfusion } from '../../renderer/wizards/extract/report/confusion.ts';
import ReportScreen from '../../renderer/wizards/extract/report/ReportScreen.svelte';
import Samples from '../../renderer/wizards/rationales/Samples.svelte';
import { extraction, teacher, teacherReport } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';

beforeEach(() => i18n.use('en'));

async function open(report: TeacherReport, shown = extraction()): Promise<HTMLElement> {
  const transport = new FakeTransport({ 'extractions.report': () => report });
  render(ReportScreen, { props: { extraction: shown }, context: inApp(transport).context });
  return screen.findByTestId('report');
}

describe('the teacher report', () => {
  it('says how right the teacher is, within which interval, and what counts as wrong', async () => {
    await open(teacherReport());
    const verdict = screen.getByTestId('report-verdict').textContent;
    expect(verdict).toContain('right on 75.0% of 20 rows');
    expect(verdict).toContain('between 53.1% and 88.8%');
    expect(verdict).toContain('few rows');
    expect(verdict).toContain('count as wrong');
    expect(screen.getByRole('img', { name: /95% interval from 53\.1% to 88\.8%/ })).toBeTruthy();
  });

  it('says what it is computed from, and what it cost', async () => {
    const report = await open(teacherReport());
    expect(report.textContent).toContain('Computed from 20 saved answers.');
    expect(screen.getByTestId('report-parsed').textContent).toBe('90.0%');
    expect(screen.getByTestId('report-cost').textContent).toBe('$0.40');
    expect(report.textContent).toContain('1 answer was cut off');
    expect(report.textContent).toContain('Out of memory.');
  });

  it('gives the confusion matrix names, numbers and a sentence', async () => {
    await open(teacherReport());
    const matrix = screen.getByTestId('confusion');
    const heads = within(matrix).getAllByRole('columnheader');
    expect(heads.map((head) => head.textContent)).toEqual([
      'Gold ↓ · Teacher →',
      'red',
      'blue',
      'no answer',
      'Right',
    ]);
    const [, , blue] = within(matrix).getAllByRole('row');
    const cells = [...(blue?.children ?? [])].map((cell) => cell.textContent?.trim());
    expect(cells).toEqual(['blue', '3', '6 (right)', '1', '6 of 10']);
    expect(document.body.textContent).toContain('answers “red” where “blue” is right: 3 rows.');
  });

  it('shows agreement only where rows have several answers', async () => {
    const score = { correct: 8, rows: 8, accuracy: 1, low: 0.676, high: 1 };
    const rows = [
      { votes: 5, answers: 5, rows: 8, score },
      { votes: 3, answers: 5, rows: 2, score: null },
    ];
    await open(teacherReport({ agreement: { mean: 0.92, rows } }));
    const table = screen.getByTestId('report-agreement');
    expect(table.textContent).toContain('5 of 5');
    expect(table.textContent).toContain('80.0%');
    expect(document.body.textContent).toContain('On average 92.0% of a row’s answers');
  });

  it('marks the practice teacher, and says when there is no gold', async () => {
    const practice = extraction({ teacher: teacher({ kind: 'practice' }) });
    const report = await open(teacherReport({ score: null, confusion: null }), practice);
    expect(report.textContent).toContain('practice teacher');
    expect(report.textContent).toContain('No row has a gold label');
    expect(screen.queryByTestId('report-cost')).toBeNull();
    expect(screen.queryByTestId('report-agreement')).toBeNull();
  });

  it('of no answers says so', async () => {
    const transport = new FakeTransport({
      'extractions.report': () => teacherReport({ rows: 0, failed: 0 }),
    });
    render(ReportScreen, {
      props: { extraction: extraction() },
      context: inApp(transport).context,
    });
    expect(await screen.findByText('No answers yet')).toBeTruthy();
  });
});

describe('the parts of a report', () => {
  it('speak of gold only where there is some', () => {
    render(LabelBars, { report: teacherReport({ score: null }) });
    expect(document.body.textContent).toContain('No row has a gold label to set beside it');
    expect(screen.queryByText('Gold')).toBeNull();
  });

  it('give one number of words where nearly all rationales have it', () => {
    render(Lengths, { report: teacherReport({ rationaleWords: { p5: 4, p50: 4, p95: 4 } }) });
    expect(document.body.textContent).toContain('Nine in ten or more have 4 words.');
  });
});

describe('a confusion matrix', () => {
  const matrix = { labels: ['a', 'b'], other: [0, 2], unparsed: [0, 0] };

  it('counts every row of a gold label, those answered otherwise too', () => {
    const lines = confusionLines({
      ...matrix,
      counts: [
        [0, 0],
        [1, 1],
      ],
    });
    expect(lines.map(({ right, rows }) => [right, rows])).toEqual([
      [0, 0],
      [1, 4],
    ]);
  });

  it('without mistakes names no pair', () => {
    const counts = [
      [4, 0],
      [0, 3],
    ];
    expect(worstConfusion({ ...matrix, counts })).toBeNull();
  });
});

describe('the answers to one row', () => {
  it('are all there, with what became of each', () => {
    const sample = (index: number, more: Partial<Sample>): Sample => ({
      sample: index,
      completion: `Thought ${index}.`,
      failure: null,
      finishReason: 'stop',
      rationale: 'Thought.',
      label: 'red',
      chosen: false,
      kept: false,
      promptTokens: 100,
      completionTokens: 20,
      milliseconds: 640,
      ...more,
    });
    const samples = [
      sample(0, { chosen: true, kept: true }),
      sample(1, { label: 'blue' }),
      sample(2, { label: null }),
      sample(3, { completion: null, label: null, failure: 'Not now.' }),
    ];
    render(Samples, { props: { samples } });
    const [first, second, third, fourth] = screen.getAllByRole('listitem');
    expect(first?.textContent).toMatch(/Answer 1.*red.*the row’s label.*rationale kept/s);
    expect(first?.textContent).toContain('20 tokens · 640 ms');
    expect(second?.textContent).not.toContain('kept');
    expect(third?.textContent).toContain('unparsed');
    expect(fourth?.textContent).toMatch(/failed.*Not now\./s);
  });
});
