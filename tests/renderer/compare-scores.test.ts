import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Calibration, Entry, Scoreboard } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { Comparison } from '../../renderer/wizards/compare/comparison.svelte.ts';
import { readingOf } from '../../renderer/wizards/compare/scores/calibration.ts';
import ScoresView from '../../renderer/wizards/compare/scores/ScoresView.svelte';
import { aboutRows, pWords } from '../../renderer/wizards/compare/scores/sentences.ts';
import {
  accuracy,
  around,
  entry,
  pair,
  scoreboard,
  studentSystem,
  teacherSystem,
} from './compare-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { overview, project } from './rows.ts';
import { run } from './run-rows.ts';

beforeEach(() => i18n.use('en'));

async function open(board: Scoreboard, synthetic = false) {
  const transport = new FakeTransport({ 'compare.scoreboard': () => board });
  const { app, context } = inApp(transport);
  const systems = board.entries.flatMap((each) => each.systems);
  const comparison = new Comparison(app, 'p1');
  comparison.splitId = 's1';
  comparison.part = board.part;
  comparison.runs = systems
    .filter(({ kind }) => kind === 'student')
    .map(({ key }) => run({ id: key.slice('run:'.length) }));
  comparison.all = { rows: 200, withGold: 200, looks: board.looks, systems };
  const shown = overview({ project: project({ synthetic }) });
  const { unmount } = render(ScoresView, { props: { comparison, overview: shown }, context });
  await screen.findByTestId(board.withGold === 0 ? 'no-gold' : 'scoreboard');
  return { transport, comparison, unmount };
}

const textOf = (testId: string): string =>
  screen.getByTestId(testId).textContent.replace(/\s+/g, ' ');
const sentences = (kind: string): string[] =>
  screen
    .queryAllByTestId(`sentence-${kind}`)
    .map((each) => each.textContent.replace(/\s+/g, ' ').trim());

const teacher = entry([teacherSystem('big')], 160);
const good = entry([studentSystem('good')], 150);
const plain = entry([studentSystem('plain')], 115);
const other = entry([studentSystem('other')], 112);

describe('the verdict', () => {
  it('says what each pair shows, and never that one is best alone', async () => {
    await open(
      scoreboard(
        [good, plain, other],
        [
          pair(good, plain, 'better', around(0.173, 0.048)),
          pair(good, other, 'not-shown', around(0.04, 0.05), { rowsNeeded: 1083, p: 0.2 }),
          pair(plain, other, 'alike', around(0.003, 0.015), { rowsNeeded: null }),
        ],
      ),
    );
    expect(sentences('better')).toEqual([
      'good is better than plain by 17.3 points (12.5 to 22.1).',
    ]);
    expect(sentences('not-shown')).toEqual([
      'No difference shown between good and other: 4.0 points (−1.0 to 9.0). To show a gap of 4.0 points about 1,100 rows would be needed; this part has 200.',
    ]);
    expect(sentences('alike')).toEqual([
      'plain and other are alike within 2 points: the difference is 0.3 points (−1.2 to 1.8).',
    ]);
    expect(sentences('lead')[0]).toMatch(/good has the highest score, 75.0% .*What that is worth/);
    expect(textOf('correction')).toMatch(/3 pairs were compared; corrected by Holm’s method/);
    expect(textOf('correction')).toContain('below 6.9 points');
  });

  it('names what the correction, and what seeds, take away', async () => {
    const told = (more: Parameters<typeof pair>[4]) =>
      scoreboard(
        [good, plain, other],
        [
          pair(good, plain, 'not-shown', around(0.08, 0.07), more),
          pair(good, other, 'not-shown', around(0, 0.07), { rowsNeeded: null, p: 1 }),
        ],
      );
    const { unmount } = await open(told({ rowsNeeded: 150, p: 0.03, pCorrected: 0.06 }));
    expect(sentences('not-shown')[0]).toMatch(/is ahead of.*corrected for 2 pairs it is not/);
    // Equal scores: there is no gap to show.
    expect(sentences('not-shown')[1]).toMatch(/other: 0\.0 points \(−7\.0 to 7\.0\)\.$/);
    unmount();
    await open(told({ rowsNeeded: null, p: 0.3 }));
    expect(sentences('not-shown')[0]).toContain('the seeds differ too much');
  });

  it('stays readable with many: the best against the rest, all pairs in a table', async () => {
    const students = Array.from({ length: 12 }, (_, at) =>
      entry([studentSystem(`s${at}`)], 150 - 10 * at),
    );
    const pairs = students.flatMap((a, at) =>
      students.slice(at + 1).map((b, far) =>
        pair(a, b, far < 2 ? 'not-shown' : 'better', around(0.05 * (far + 1)), {
          rowsNeeded: 400,
        }),
      ),
    );
    await open(
      scoreboard(
        [teacher, ...students],
        [...pairs, pair(teacher, students[0] ?? good, 'better', around(0.1))],
      ),
    );
    expect(sentences('better')).toHaveLength(2);
    expect(sentences('better')[0]).toContain('big is better than s0 by 10.0 points');
    expect(sentences('better')[1]).toContain('s0 is better than: s3 by 15.0 points');
    expect(sentences('not-shown')).toEqual([
      'No difference shown between s0 and: s1 and s2. The largest of these gaps would need about 400 rows; this part has 200.',
    ]);
    expect(textOf('correction')).toContain('55 pairs more are in the table');
    expect(screen.getAllByTestId('pair')).toHaveLength(67);
  });

  it('tells of the best that answers alone, too, where the best needs the teacher', async () => {
    const helped = entry(
      [studentSystem('helped', { method: 'rationale-input', needsTeacher: true })],
      170,
    );
    const second = entry(
      [studentSystem('second', { method: 'rationale-input', needsTeacher: true })],
      160,
    );
    const entries = [teacher, helped, second, good, plain, other];
    const pairs = entries.flatMap((a, at) =>
      entries.slice(at + 1).map((b) => pair(a, b, 'better', around(0.2))),
    );
    await open(scoreboard(entries, pairs));
    const gap = 'by 20.0 points (14.0 to 26.0)';
    expect(sentences('better')).toEqual([
      `big is better than helped ${gap}.`,
      `helped is better than: second ${gap}; good ${gap}; plain ${gap}; other ${gap}.`,
      `big is better than good ${gap}.`,
      `second is better than good ${gap}.`,
      `good is better than: plain ${gap}; other ${gap}.`,
    ]);
    expect(textOf('correction')).toContain('6 pairs more are in the table');
  });

  it('says in words what Cochran’s Q says, with its figures behind', async () => {
    const omnibus = { q: 6, degrees: 2, p: 0.0498, systems: 3, rows: 200 };
    const board = scoreboard([good, plain, other], [pair(good, plain, 'better', around(0.17))]);
    const { unmount } = await open({ ...board, verdicts: { ...board.verdicts, omnibus } });
    expect(textOf('omnibus')).toContain('not all right equally often');
    expect(textOf('omnibus-figures')).toContain('Q = 6, 2 degrees of freedom, p = 0.05');
    unmount();
    await open({ ...board, verdicts: { ...board.verdicts, omnibus: { ...omnibus, p: 0.4 } } });
    expect(textOf('omnibus')).toContain('is not shown');
  });

  it('has none of one alone', async () => {
    await open(scoreboard([good]));
    expect(screen.getByTestId('one-only')).toBeTruthy();
    expect(screen.queryByTestId('correction')).toBeNull();
  });

  it('asks again with another margin', async () => {
    const { transport } = await open(
      scoreboard([good, plain], [pair(good, plain, 'alike', around(0.01, 0.005))]),
    );
    await fireEvent.change(screen.getByTestId('margin'), { target: { value: '0.05' } });
    const margins = () =>
      transport
        .inputsOf('compare.scoreboard')
        .map((input) => calls['compare.scoreboard'].input.parse(input).margin);
    await waitFor(() => expect(margins()).toEqual([0.02, 0.05]));
  });

  it('speaks Korean', async () => {
    i18n.use('ko');
    await open(scoreboard([good, plain], [pair(good, plain, 'better', around(0.173, 0.048))]));
    expect(sentences('better')).toEqual([
      '더 나은 쪽: good. plain보다 나으며 차이는 17.3%p(12.5부터 22.1까지)입니다.',
    ]);
  });
});

describe('the scoreboard', () => {
  it('says how often scores on the test part were looked at, and of no other part', async () => {
    const { unmount } = await open(scoreboard([good]));
    expect(textOf('looks')).toContain('4 times');
    unmount();
    await open(scoreboard([good], [], { part: 'validation' }));
    expect(screen.queryByTestId('looks')).toBeNull();
  });

  it('marks a student that answers with the teacher’s help alone', async () => {
    const helped = entry(
      [studentSystem('helped', { method: 'rationale-input', needsTeacher: true })],
      180,
    );
    await open(scoreboard([helped, plain], [pair(helped, plain, 'better', around(0.3))]));
    const [first, second] = screen.getAllByTestId('score-student').map((row) => row.textContent);
    expect(first).toContain('needs the teacher');
    expect(second).not.toContain('needs the teacher');
    expect(textOf('needs-teacher')).toContain('“helped”');
    expect(sentences('lead')[1]).toContain('Of those that answer alone, plain has the highest');
  });

  it('names a practice teacher and a generated sample', async () => {
    const practice = entry([teacherSystem('made up', { teacherKind: 'practice' })], 160);
    await open(scoreboard([practice, good], [], { synthetic: true }), true);
    expect(screen.getByTestId('practice-notice')).toBeTruthy();
    expect(textOf('score-teacher')).toContain('practice teacher');
    expect(textOf('score-student')).toContain('generated sample');
  });

  it('shows what an answer takes, and a dash for what is not known', async () => {
    const speed: Entry['speed'] = {
      ...{ p50: 12, p95: 31, timed: 50, throughput: 140, memoryBytes: 300_000_000 },
      ...{
        engine: 'cpu',
        threads: 2,
        device: null,
        measuredAt: '2026-01-01T00:00:00Z',
        busy: true,
      },
    };
    const asked = entry([teacherSystem('big', { answered: 20, complete: false })], 16, {
      parameters: null,
    });
    await open(scoreboard([asked, { ...good, speed }]));
    const student = textOf('score-student');
    expect(student).toMatch(/12 ms · 31 ms.*too slow.*140 rows\/s.*1,000,000.*4 MB.*300 MB/);
    expect(textOf('score-teacher')).toMatch(/asked 20 of 200 rows.*–/);
    expect(
      screen.getByText(
        /timed on this computer \(ONNX Runtime on the processor, 2 threads\), 50 questions/,
      ),
    ).toBeTruthy();
  });

  it('opens the seeds of a line', async () => {
    const seeds = [1, 2, 3].map((seed) =>
      studentSystem(`r${seed}`, {
        group: 'g',
        seed,
        method: 'step-by-step',
        labelSource: 'teacher',
      }),
    );
    await open(scoreboard([entry(seeds, 100), plain]));
    expect(textOf('scoreboard')).toContain('Step-by-step (teacher label)');
    expect(screen.queryByTestId('score-seed')).toBeNull();
    const button = screen.getByTestId('expand-seeds');
    await fireEvent.click(button);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getAllByTestId('score-seed').map((row) => row.textContent)).toEqual([
      expect.stringMatching(/seed 1.*50\.0%/s),
      expect.stringMatching(/seed 2.*50\.5%/s),
      expect.stringMatching(/seed 3.*51\.0%/s),
    ]);
  });

  it('shows answers alone where nothing has a gold label', async () => {
    await open(scoreboard([{ ...good, accuracy: null }], [], { withGold: 0 }));
    expect(screen.queryByTestId('verdict')).toBeNull();
    expect(screen.getByTestId('rationales')).toBeTruthy();
  });
});

const calibration = (confidence: number, right: number, ece: number): Calibration => ({
  ...{ rows: 200, ece: { ...around(ece, 0.02), rows: 200, how: 'bootstrap' }, eceByChance: 0.07 },
  bins: [{ from: 0.8, to: 0.9, rows: 200, confidence, right: accuracy(right) }],
});

describe('calibration', () => {
  it('is read as far as chance does not explain it', () => {
    expect(readingOf(calibration(0.85, 160, 0.05))).toBe('calibrated');
    expect(readingOf(calibration(0.85, 120, 0.25))).toBe('too-sure');
    expect(readingOf(calibration(0.6, 160, 0.2))).toBe('too-modest');
    const bins = [0.3, 0.9].map((confidence) => ({
      ...{
        from: confidence,
        to: confidence + 0.1,
        rows: 100,
        confidence,
        right: accuracy(60, 100),
      },
    }));
    expect(readingOf({ ...calibration(0, 0, 0.3), bins })).toBe('uneven');
  });

  it('is drawn with its figures in words', async () => {
    await open(scoreboard([{ ...good, calibration: calibration(0.85, 120, 0.25) }, teacher]));
    expect(textOf('calibration-of')).toMatch(
      /Too sure: 85\.0% confidence on average, 60\.0% right/,
    );
    expect(textOf('calibration-of')).toContain('25.0 points (23.0 to 27.0)');
    const plot = screen.getByRole('img', { name: 'Reliability of good' });
    expect(plot.querySelectorAll('circle')).toHaveLength(1);
    expect(screen.queryByTestId('no-confidence')).toBeNull();
  });

  it('says why there is none', async () => {
    await open(scoreboard([good, teacher]));
    expect(textOf('no-confidence')).toContain('“good”');
    expect(textOf('calibration')).toContain('Teachers tell no confidence');
  });
});

describe('classes', () => {
  const classed = (id: string): Entry =>
    entry([studentSystem(id)], 120, {
      macroF1: { ...around(0.58), rows: 200, how: 'bootstrap' },
      classes: [
        {
          ...{ label: 'yes', precision: accuracy(90, 100), recall: accuracy(90, 120) },
          f1: { ...around(0.8), rows: 200, how: 'bootstrap' },
        },
        { label: 'no', precision: null, recall: accuracy(30, 80), f1: null },
      ],
      confusion: {
        ...{ labels: ['yes', 'no'], other: [0, 3], none: [0, 7] },
        counts: [
          [90, 30],
          [40, 30],
        ],
      },
    });

  it('lead from a cell to its rows', async () => {
    const { comparison } = await open(scoreboard([classed('a'), classed('b')]));
    expect(textOf('scoreboard')).toContain('58.0%');
    const table = within(screen.getByTestId('confusion'));
    await fireEvent.click(
      table.getByRole('button', {
        name: /^40 rows of gold “no” answered “yes”, 50\.0% of the line/,
      }),
    );
    expect(comparison.filter).toMatchObject({
      said: { system: 'run:a', label: 'yes' },
      terms: [{ kind: 'gold', label: 'no' }],
    });
    await fireEvent.change(screen.getByTestId('classes-of'), { target: { value: 'run:b' } });
    await fireEvent.click(table.getByRole('button', { name: /^7 rows of gold “no” without/ }));
    expect(comparison.filter.said).toEqual({ system: 'run:b', label: null });
  });

  it('stand each with its figures, a dash where there is none', async () => {
    await open(scoreboard([classed('a')]));
    const rows = screen.getAllByTestId('class').map((row) => row.textContent.replace(/\s+/g, ' '));
    expect(rows[0]).toMatch(/yes.*90\.0%.*75\.0%.*80\.0%/);
    expect(rows[1]).toMatch(/no.*–.*37\.5%.*–/);
  });

  it('are not there for other tasks', async () => {
    await open(scoreboard([good]));
    expect(screen.queryByTestId('classes')).toBeNull();
  });
});

describe('rationales', () => {
  it('have their measures, ROUGE-L as a weak sign', async () => {
    const mean = (value: number) => ({ ...around(value), rows: 200, how: 'bootstrap' as const });
    const rationales: Entry['rationales'] = {
      ...{ rows: 198, read: 198, words: mean(26.2), arithmeticHolds: accuracy(176, 186) },
      ...{ leadsToLabel: accuracy(170, 183), rougeL: null },
    };
    const written = entry([studentSystem('writes')], 100, {
      rationales: { ...rationales, read: 150, arithmeticHolds: null, rougeL: mean(0.36) },
    });
    await open(scoreboard([{ ...teacher, rationales }, written, plain]));
    const [first, second, none] = screen
      .getAllByTestId('rationales-of')
      .map((row) => row.textContent.replace(/\s+/g, ' '));
    expect(first).toMatch(/big.*198.*26\.2.*94\.6%.*176 \/ 186.*92\.9%.*–/);
    expect(second).toMatch(/writes.*198.*150 of these read.*–.*0\.36/);
    expect(none).toBeUndefined();
    expect(textOf('weak-sign')).toContain('a weak sign');
  });
});

describe('figures in sentences', () => {
  it.each([
    [1083, '1,100'],
    [96, '96'],
    [7, '7'],
    [115_135, '120,000'],
  ])('%s rows are about %s', (rows, about) => expect(aboutRows(rows)).toBe(about));

  it('have a p of few digits', () => {
    expect(pWords(0.0123)).toBe('p = 0.012');
    expect(pWords(1e-9)).toBe('p < 0.001');
  });
});
