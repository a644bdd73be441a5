import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { flagWeights, healthFlags } from '../../../electron/contract/entities.ts';
import { healthText } from '../../../electron/cli/commands/check.ts';
import { agreementText, progressText } from '../../../electron/cli/commands/review.ts';
import { createProgram } from '../../../electron/cli/program.ts';
import { addQueryOptions, saysWhich } from '../../../electron/cli/row-query.ts';
import type { QueryOptions } from '../../../electron/cli/row-query.ts';

const flags = healthFlags.map((flag) => ({
  ...{ flag, weight: flagWeights[flag] },
  rows: flag === 'wrong-arithmetic' ? 3 : 0,
}));

describe('the check on the command line', () => {
  it('shows every flag with its weight, rows, share and meaning, and examples', () => {
    const text = healthText(
      { checked: 12, answered: 14, clean: 9, flags, suspicion: [] },
      new Map([
        [
          'wrong-arithmetic',
          [{ id: 'r1', label: '5', rationale: '2 + 2\n= 5', evidence: '2 + 2 = 5 (4)' }],
        ],
      ]),
    );
    expect(text).toContain('12 rows checked, 9 of them without a flag (75.0%). 2 are still');
    expect(text).toMatch(/wrong-arithmetic +4 +3 +25\.0% +an equation in the text does not hold/);
    for (const flag of healthFlags) expect(text).toContain(flag);
    expect(text).toContain('  r1: 2 + 2 = 5 (4)\n    2 + 2 = 5 -> 5');
  });

  it('shows no share where nothing was checked', () => {
    const summary = { checked: 0, answered: 0, clean: 0, suspicion: [] };
    expect(healthText({ ...summary, flags }, new Map())).toContain('without a flag (–).');
  });
});

describe('the review on the command line', () => {
  it('says what is left without a verdict', () => {
    const counts = { rows: 10, accepted: 4, rejected: 3, edited: 1, stale: 0, noted: 2 };
    const text = progressText({ ...counts, undo: null, redo: null });
    expect(text).toMatch(/without a verdict +3/);
  });

  it('shows kappa with its interval, and what is not known as a dash', () => {
    const pair = { a: '', b: 'Kim', observed: 0.8, rows: 100 };
    const counts: [[number, number], [number, number]] = [
      [40, 10],
      [10, 40],
    ];
    const text = agreementText([
      { ...pair, counts, kappa: 0.6, interval: [0.44, 0.76] },
      { ...pair, a: 'Kim', b: 'Lee', rows: 0, counts, observed: 0, kappa: null, interval: null },
    ]);
    expect(text).toMatch(/you and Kim +100 +80\.0% +0\.60 +0\.44 to 0\.76/);
    expect(text).toMatch(/Kim and Lee +0 +– +– +–/);
    expect(agreementText([])).toContain('review import FILE');
  });

  it('reads which rows are meant', () => {
    const read = (...args: string[]): QueryOptions =>
      addQueryOptions(new Command()).exitOverride().parse(args, { from: 'user' }).opts();
    expect(saysWhich(read())).toBe(false);
    const options = read('--flag', 'truncated', '--flag', 'identical', '--verdict', 'none');
    expect(options).toEqual({ flag: ['truncated', 'identical'], verdict: 'none' });
    expect(saysWhich(options)).toBe(true);
    expect(() => read('--flag', 'odd')).toThrow('--flag takes no-rationale');
    expect(() => read('--answers', 'some')).toThrow('--answers takes all');
  });

  it('has every command', () => {
    const review = createProgram().commands.find((each) => each.name() === 'review');
    expect(review?.commands.map((each) => each.name())).toEqual([
      ...['progress', 'accept', 'reject', 'clear', 'tag', 'undo', 'redo'],
      ...['export', 'import', 'forget', 'agreement'],
    ]);
  });
});
