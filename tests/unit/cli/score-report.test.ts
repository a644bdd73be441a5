import { describe, expect, it } from 'vitest';
import { Scoreboard, systemKey } from '../../../electron/contract/entities.ts';
import type { Entry, PairVerdict, System } from '../../../electron/contract/entities.ts';
import { scoreReport, scoresForScripts } from '../../../electron/cli/score-report.ts';
import type { Compared } from '../../../electron/cli/score-report.ts';
import { wilson } from '../../../electron/core/statistics.ts';

const system = (key: string, name: string, more: Partial<System> = {}): System => ({
  ...{ key, kind: 'student', name, teacherKind: null, method: 'finetune', labelSource: 'gold' },
  ...{ seed: 1, trainRows: 100, studyId: null, group: key, imported: null, needsTeacher: false },
  ...{ answered: 200, withConfidence: 200, complete: true },
  ...more,
});

const teacher = system(systemKey.teacher('t'), 'PaLM', {
  ...{ kind: 'teacher', teacherKind: 'recorded', method: null, labelSource: null, seed: null },
  ...{ trainRows: null, group: null, withConfidence: 0 },
});
const [one, two] = [1, 2].map((seed) =>
  system(systemKey.run(`a${seed}`), `Plain ${seed}`, { seed }),
);
const reader = system(systemKey.run('r'), 'Reader', {
  method: 'rationale-input',
  needsTeacher: true,
});

const entry = (key: string, name: string, of: readonly [System, number][]): Entry => {
  const scores = of.map(([, right]) => wilson(right, 200));
  const value = scores.reduce((sum, { accuracy }) => sum + accuracy, 0) / scores.length;
  return {
    ...{ key, name, systems: of.map(([each]) => each), scores, unparsed: wilson(0, 200) },
    accuracy: {
      ...{ value, low: value - 0.05, high: value + 0.05, rows: 200 },
      how: of.length === 1 ? 'wilson' : 'seeds',
    },
    ...{ macroF1: null, classes: [], confusion: null, calibration: null, rationales: null },
    ...{ speed: null, parameters: null, fileBytes: null },
  };
};

const pair = (a: string, b: string, more: Partial<PairVerdict>): PairVerdict => ({
  ...{ a, b, rows: 200, difference: { value: 0.1, low: 0.02, high: 0.18 }, table: null },
  ...{ test: 'mcnemar-exact', p: 0.01, pCorrected: 0.03, verdict: 'better', rowsNeeded: 150 },
  ...{ macroF1: null },
  ...more,
});

function board(pairs: PairVerdict[], more: Partial<Scoreboard> = {}): Scoreboard {
  if (!one || !two) throw new Error('there are two');
  return Scoreboard.parse({
    ...{ splitId: 's', part: 'test', rows: 210, withGold: 200, looks: 2, synthetic: false },
    entries: [
      entry(teacher.key, 'PaLM', [[teacher, 180]]),
      entry('group:a', 'finetune', [
        [one, 100],
        [two, 110],
      ]),
      entry(reader.key, 'Reader', [[reader, 90]]),
    ],
    verdicts: {
      ...{ margin: 0.02, marginOfError: 0.069, alpha: 0.05, power: 0.8 },
      ...{ omnibus: null, correction: pairs.length > 1 ? 'holm' : 'none', pairs },
    },
    ...more,
  });
}

const compared = (of: Scoreboard | null, more: Partial<Compared> = {}): Compared => ({
  ...{ part: 'test', rows: 210, withGold: 200, board: of, teacherCost: null },
  systems: of === null ? [] : [teacher, ...(one && two ? [one, two] : []), reader],
  ...more,
});

describe('scores for scripts', () => {
  it('have the fields that scripts rely on, and no others', () => {
    const shape = ({ correct, rows }: { correct: number; rows: number }) => {
      const { accuracy, low, high } = wilson(correct, rows);
      return { accuracy, low, high };
    };
    expect(scoresForScripts(compared(board([])))).toStrictEqual({
      test_rows: 210,
      teacher: shape({ correct: 180, rows: 200 }),
      students: [
        { run: 'Plain 1', method: 'finetune', ...shape({ correct: 100, rows: 200 }) },
        { run: 'Plain 2', method: 'finetune', ...shape({ correct: 110, rows: 200 }) },
        { run: 'Reader', method: 'rationale-input', ...shape({ correct: 90, rows: 200 }) },
      ],
    });
    expect(scoresForScripts(compared(null))).toStrictEqual({
      ...{ test_rows: 210, teacher: null, students: [] },
    });
  });
});

describe('the report of scores', () => {
  it('shows each system with its interval, and each seed below the mean of all', () => {
    const text = scoreReport(compared(board([]), { teacherCost: 1.5 }));
    expect(text).toMatch(/PaLM +teacher +180\/200 +90\.0% +85\.1% - 93\.4%/);
    expect(text).toMatch(/finetune +finetune +2 seeds +52\.5% +47\.5% - 57\.5%/);
    expect(text).toMatch(/ {2}Plain 2 +seed 2 +110\/200 +55\.0%/);
    expect(text).toMatch(/Reader \* +rationale-input/);
    expect(text).toContain('* reads the teacher’s rationale with every row');
    expect(text).toContain('cost $1.50');
    expect(text).toContain('looked at 2 times');
    expect(text).not.toContain('practice teacher');
    expect(scoreReport(compared(null))).toContain('There is nothing to compare yet.');
  });

  it('calls one better only where the gap is no smaller than the margin of error', () => {
    const [a, b] = [teacher.key, reader.key];
    const said = (more: Partial<PairVerdict>) => scoreReport(compared(board([pair(a, b, more)])));
    expect(said({})).toContain(
      'PaLM is better than Reader: +10.0 points (+2.0 to +18.0), p = 0.030, exact McNemar.',
    );
    const small = { difference: { value: 0.04, low: 0.01, high: 0.07 } };
    expect(said(small)).toContain('No difference shown between PaLM and Reader');
    const text = said({ ...small, verdict: 'not-shown', rowsNeeded: 900 });
    expect(text).toContain(
      'About 900 rows would be needed to show a gap of this size; there are 200.',
    );
    expect(said({ verdict: 'alike' })).toContain('PaLM and Reader are alike to within 2 points');
    expect(said({})).not.toContain('corrected');
  });

  it('says how p was corrected, what all together show, and how many pairs are left out', () => {
    const pairs = Array.from({ length: 12 }, () =>
      pair(teacher.key, 'group:a', { test: 'seeds-t' }),
    );
    const { verdicts } = board(pairs);
    const omnibus = { q: 12.34, degrees: 2, p: 0.0004, systems: 3, rows: 200 };
    const text = scoreReport(compared(board(pairs, { verdicts: { ...verdicts, omnibus } })));
    expect(text).toContain('p corrected for 12 pairs after Holm; below 6.9 points');
    expect(text).toContain(
      'All 3 together, on 200 rows: not all are alike (Cochran’s Q 12.3, p < 0.001).',
    );
    expect(text.match(/PaLM is better than finetune/g)).toHaveLength(10);
    expect(text).toContain('t test over rows and seeds');
    expect(text).toContain('and 2 more pairs');
  });

  it('names practice teachers and generated rows', () => {
    const practice = { ...teacher, teacherKind: 'practice' as const, name: 'Rules' };
    const entries = [entry(practice.key, 'Rules', [[practice, 150]])];
    const text = scoreReport(compared(board([], { entries, synthetic: true })));
    expect(text).toContain('Rules: practice teacher, not a language model.');
    expect(text).toContain('generated rows or made-up answers');
  });
});
