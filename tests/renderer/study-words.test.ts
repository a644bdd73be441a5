import { beforeEach, describe, expect, it } from 'vitest';
import type { Interval, StudyComparison, Verdict } from '../../electron/contract/entities.ts';
import { asCsv, asText } from '../../renderer/lib/table-text.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import {
  adviceOf,
  claimOf,
  headline,
  matchesOf,
  turned,
} from '../../renderer/wizards/train/study/claims.ts';
import { points } from '../../renderer/wizards/train/study/numbers.ts';
import {
  claimWords,
  growthSentences,
  matchSentences,
  sweepSentences,
  verdictSentences,
} from '../../renderer/wizards/train/study/sentences.ts';
import {
  cell,
  comparison,
  finetune,
  growth,
  interval,
  pair,
  rationaleInput,
  stepByStep,
  sweep,
} from './study-rows.ts';

beforeEach(() => i18n.use('en'));

const margin = 0.02;
const verdicts: Verdict[] = ['better', 'worse', 'no-worse', 'not-shown'];
/** Ends of intervals on both sides of every bound, and on them. */
const ends = [-0.5, -0.020001, -0.02, -0.019999, -1e-9, 0, 1e-9, 0.019999, 0.02, 0.5];
const intervals: Interval[] = ends.flatMap((low) =>
  ends.filter((high) => high >= low).map((high) => interval((low + high) / 2, low, high)),
);

describe('a claim about a difference', () => {
  it('is never more than the interval shows, whatever verdict came with it', () => {
    for (const gap of intervals) {
      for (const verdict of verdicts) {
        const claim = claimOf(verdict, gap, margin);
        if (claim === 'better') expect(gap.low).toBeGreaterThan(0);
        if (claim === 'worse') expect(gap.high).toBeLessThan(0);
        if (claim === 'no-worse') expect(gap.low).toBeGreaterThan(-margin);
      }
    }
  });

  it('is never more than the verdict either', () => {
    const wide = interval(0.3, 0.2, 0.4);
    expect(claimOf('not-shown', wide, margin)).toBe('not-shown');
    expect(claimOf('no-worse', wide, margin)).toBe('no-worse');
    expect(claimOf('worse', wide, margin)).toBe('not-shown');
    expect(claimOf('better', interval(NaN, NaN, NaN), margin)).toBe('not-shown');
  });

  it('holds at the very edge only on its own side', () => {
    expect(claimOf('better', interval(0.1, 0, 0.2), margin)).toBe('no-worse');
    expect(claimOf('better', interval(0.1, 1e-9, 0.2), margin)).toBe('better');
    expect(claimOf('no-worse', interval(0, -0.02, 0.02), margin)).toBe('not-shown');
    expect(claimOf('no-worse', interval(0, -0.0199, 0.02), margin)).toBe('no-worse');
  });

  it('is the other way round from the other side', () => {
    const other = turned(pair(stepByStep, finetune, interval(0.06, 0.01, 0.11), 'better'));
    expect(other).toMatchObject({ a: { arm: finetune }, verdict: 'worse' });
    expect(other.difference).toEqual(interval(-0.06, -0.11, -0.01));
    expect(turned(pair(stepByStep, finetune, interval(0, -0.01, 0.1), 'no-worse')).verdict).toBe(
      'not-shown',
    );
  });
});

describe('points of accuracy', () => {
  it('have one decimal, and more where it would hide on which side of a bound they are', () => {
    expect(points(0.0423)).toBe('4.2');
    expect(points(-0.0423)).toBe('−4.2');
    expect(points(0.0004)).toBe('0.04');
    expect(points(-0.0004)).toBe('−0.04');
    expect(points(0)).toBe('0.0');
    expect(points(-0.0199, [-0.02])).toBe('−1.99');
    expect(points(-0.02, [-0.02])).toBe('−2.0');
  });
});

describe('the words of a pair', () => {
  const said = (gap: Interval, verdict: Verdict): string =>
    claimWords(pair(stepByStep, finetune, gap, verdict), comparison());

  it('tell the gap with its interval where it is real', () => {
    expect(said(interval(0.042, 0.011, 0.073), 'better')).toBe('better by 4.2 points (1.1 to 7.3)');
    expect(said(interval(-0.042, -0.073, -0.011), 'worse')).toBe(
      'worse by 4.2 points (1.1 to 7.3)',
    );
  });

  it('name what it rests on where it is not proven', () => {
    expect(said(interval(0.03, -0.03, 0.09), 'not-shown')).toBe(
      'not proven with 200 test rows and 3 seeds',
    );
    expect(said(interval(0.03, -0.01, 0.07), 'no-worse')).toBe(
      'not proven better, but no worse by 2 points or more',
    );
  });

  it('count the seeds that are done, not those that are planned', () => {
    const under = comparison({
      cells: [cell(stepByStep, [0.9, 0.9, null]), cell(finetune, [0.8, null, null])],
    });
    const open = pair(stepByStep, finetune, interval(0.03, -0.03, 0.09), 'not-shown');
    expect(claimWords(open, under)).toBe('not proven with 200 test rows and 1 to 2 seeds');
  });
});

describe('the verdict over all methods', () => {
  const third = { method: 'single-task', labelSource: 'gold' } as const;
  const three = (...comparisons: StudyComparison[]) =>
    comparison({
      cells: [
        cell(finetune, [0.84, 0.86, 0.85]),
        cell(stepByStep, [0.9, 0.92, 0.91]),
        cell(third, [0.88, 0.9, 0.89]),
      ],
      comparisons,
    });
  const better = (b: typeof finetune) => pair(stepByStep, b, interval(0.06, 0.01, 0.11), 'better');
  const open = (b: typeof finetune) =>
    pair(stepByStep, b, interval(0.02, -0.03, 0.07), 'not-shown');

  it('says that the best beats all only where each pair shows it', () => {
    const [first] = verdictSentences(three(better(finetune), better(third)));
    expect(first).toBe(
      'Step-by-step (gold label) is better than every other method here: 91.0% (85.0% to 97.0%).',
    );
  });

  it('names the only other one, and the gap', () => {
    expect(verdictSentences(comparison())).toEqual([
      'Step-by-step (gold label) is better than Fine-tuning, by 6.0 points (1.1 to 10.9).',
    ]);
  });

  it('names whom it is shown to beat, and whom not', () => {
    const said = verdictSentences(three(better(finetune), open(third))).join(' ');
    expect(said).not.toContain('every other');
    expect(said).toContain('It is better than: Fine-tuning.');
    expect(said).toContain(
      'That it is better is not proven with 200 test rows and 3 seeds against: Single task (gold label).',
    );
  });

  it('proves nothing where no pair does, or a pair is missing', () => {
    for (const result of [three(open(finetune), open(third)), three()]) {
      const said = verdictSentences(result).join(' ');
      expect(said).toContain('No difference to the other methods is proven');
      expect(said).not.toMatch(/is better/);
    }
  });

  it('does not let one of several equals lead', () => {
    const result = comparison({
      cells: [cell(stepByStep, [0.85, 0.85]), cell(finetune, [0.85, 0.85])],
      comparisons: [pair(stepByStep, finetune, interval(0, -0.05, 0.05), 'not-shown')],
    });
    expect(verdictSentences(result)[0]).toBe(
      'The highest score, 85.0%, is shared by: Step-by-step (gold label) and Fine-tuning.',
    );
  });

  it('is silent about one method alone', () => {
    expect(headline(comparison({ cells: [cell(finetune, [0.8])], comparisons: [] }))).toBeNull();
  });

  it('names the best without the teacher where the best needs it', () => {
    const result = comparison({
      cells: [cell(rationaleInput, [0.97, 0.97, 0.97]), cell(finetune, [0.85, 0.85, 0.85])],
      comparisons: [pair(rationaleInput, finetune, interval(0.12, 0.05, 0.19), 'better')],
    });
    expect(verdictSentences(result).at(-1)).toContain(
      'Its students need the teacher when used. Of those that answer alone, the highest score is 85.0% (79.0% to 91.0%): Fine-tuning.',
    );
  });
});

describe('a verdict over students that got nothing right', () => {
  it('says so, and what helps, instead of who shares the last place', () => {
    const cells = [cell(stepByStep, [0, 0]), cell(finetune, [0, 0])];
    const said = verdictSentences(comparison({ cells }));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('No student got a single row right');
  });
});

describe('whether fewer rows are enough', () => {
  const at = (share: number, gap: Interval, verdict: Verdict) =>
    pair(stepByStep, finetune, gap, verdict, [share, 1]);
  const open = (share: number) => at(share, interval(-0.01, -0.06, 0.04), 'not-shown');
  const enough = (share: number) => at(share, interval(0.01, -0.0199, 0.04), 'no-worse');
  const cells = [0.25, 0.5, 1].flatMap((share) => [
    cell(stepByStep, [0.9, 0.9], { share, rows: 1_600 * share }),
    cell(finetune, [0.89, 0.89], { share, rows: 1_600 * share }),
  ]);
  const said = (...matches: StudyComparison[]) =>
    matchSentences(comparison({ cells, matches })).map(({ text }) => text);

  it('is said of the smallest share that is shown, with rows, margin and interval', () => {
    expect(said(open(0.25), enough(0.5))).toEqual([
      'Step-by-step (gold label) at 50% (800 rows) matches Fine-tuning at 100% (1,600 rows): a loss of 2 points or more is ruled out. The difference is 1.0 points (−1.99 to 4.0).',
    ]);
    expect(said(enough(0.25), at(0.5, interval(0.05, 0.01, 0.09), 'better'))[0]).toContain(
      'at 25% (400 rows) matches',
    );
  });

  it('says better where it is better', () => {
    expect(said(at(0.5, interval(0.05, 0.01, 0.09), 'better'))).toEqual([
      'Step-by-step (gold label) at 50% (800 rows) is better than Fine-tuning at 100% (1,600 rows), by 5.0 points (1.0 to 9.0).',
    ]);
  });

  it('does not tell a small share that a larger one fails to confirm', () => {
    const match = matchesOf(comparison({ cells, matches: [enough(0.25), open(0.5)] }));
    expect(match).toMatchObject([{ shown: null, largest: { a: { share: 0.5 } } }]);
  });

  it('says that it is not shown where no share is', () => {
    expect(said(open(0.25), open(0.5))).toEqual([
      'Not shown that Step-by-step (gold label) matches Fine-tuning at 100% (1,600 rows) with any smaller share, with 200 test rows and 2 seeds.',
    ]);
    expect(said(at(0.5, interval(0, -0.02, 0.05), 'no-worse'))[0]).toMatch(/^Not shown/);
  });
});

describe('what more rows are worth', () => {
  it('is advised only as far as an interval shows it', () => {
    const open = interval(0.01, -0.03, 0.05);
    const small = interval(0.005, -0.005, 0.015);
    const of = (gain: Interval, advice: 'more' | 'enough' | 'unclear') =>
      adviceOf(
        growth({ advice, perDoubling: null, last: { fromRows: 800, toRows: 1_600, gain } }),
        margin,
      );
    expect(of(interval(0.05, 0.01, 0.09), 'more')).toBe('more');
    expect(of(open, 'more')).toBe('unclear');
    expect(of(open, 'enough')).toBe('unclear');
    expect(of(small, 'enough')).toBe('enough');
    expect(of(interval(0, -0.02, margin), 'enough')).toBe('unclear');
    expect(adviceOf(growth({ advice: 'more', last: null, perDoubling: null }), margin)).toBe(
      'unclear',
    );
  });

  it('is told as a gain, a loss or neither', () => {
    expect(growthSentences(growth(), margin, 1_000)).toEqual([
      'From 800 to 1,600 rows, accuracy rose by 5.0 points (1.0 to 9.0).',
      'Over all amounts, a doubling of the rows has brought about 4.0 points (2.0 to 6.0).',
      'As many rows again (1,600) would cost about $1.60 in rationales, at $0.0010 each. Gold labels would come on top.',
      'More rows are worth getting: the gain is shown.',
    ]);
    // 5 points are less than the margin of error of 200 rows.
    expect(growthSentences(growth(), margin, 200)[0]).toBe(
      'From 800 to 1,600 rows, no change is proven: 5.0 points (1.0 to 9.0).',
    );
    const open = growth({
      ...{ advice: 'unclear', costPerRationale: null },
      last: { fromRows: 800, toRows: 1_600, gain: interval(0.01, -0.03, 0.05) },
      perDoubling: interval(-0.03, -0.05, -0.01),
    });
    const said = growthSentences(open, margin, 200).join(' ');
    expect(said).toContain('no change is proven: 1.0 points (−3.0 to 5.0)');
    expect(said).toContain('accuracy has fallen with each doubling');
    expect(said).toContain('is not known: its extraction has no price');
    expect(said).not.toMatch(/worth getting|rose/);
  });

  it('says of answers without a price per row that they are free, and no amount', () => {
    const said = growthSentences(growth({ costPerRationale: 0 }), margin, 200).join(' ');
    expect(said).toContain('cost nothing here');
    expect(said).not.toContain('$');
  });

  it('has no price for an arm that needs no teacher', () => {
    const said = growthSentences(growth({ arm: finetune, costPerRationale: null }), margin, 200);
    expect(said.join(' ')).not.toMatch(/cost|price/);
  });
});

describe('the verdict of a sweep', () => {
  it('says that the best leads only where validation shows it, and that its luck was chosen', () => {
    const [best, lead, luck] = sweepSentences(sweep());
    expect(best).toBe('The best trial got 180 of 200 validation rows right (90.0%).');
    expect(lead).toBe(
      'It is better than the next best by 20.0 points (12.0 to 28.0), on validation.',
    );
    expect(luck).toContain('looks better on validation than it is');
    const open = { difference: interval(0.01, -0.04, 0.06), verdict: 'better' as const };
    expect(sweepSentences(sweep({ lead: open }))[1]).toBe(
      'That it is better than the next best is not proven with 200 validation rows: 1.0 points (−4.0 to 6.0).',
    );
  });

  it('is silent before the first evaluation', () => {
    expect(sweepSentences(sweep({ bestRunId: null, lead: null }))).toEqual([]);
  });
});

describe('in Korean', () => {
  it('every sentence has its Korean words, and claims the same', () => {
    i18n.use('ko');
    const open = comparison({
      comparisons: [pair(stepByStep, finetune, interval(0.02, -0.03, 0.07), 'not-shown')],
    });
    expect(verdictSentences(open).join(' ')).toContain('차이는 하나도 입증되지 않았습니다');
    expect(verdictSentences(open).join(' ')).not.toContain('다른 모든 방법보다');
    expect(verdictSentences(comparison())[0]).toBe(
      '더 나은 방법: 단계별 증류(정답 라벨). 미세 조정보다 나으며 차이는 6.0%p(1.1부터 10.9까지)입니다.',
    );
  });
});

describe('a table as text', () => {
  const table = {
    head: ['a', 'b'],
    rows: [
      ['x, "y"', 1],
      ['=1+1', null],
      ['−2', -0.5],
    ],
  };

  it('is quoted where commas need it, and holds no formula', () => {
    expect(asCsv(table)).toBe('a,b\r\n"x, ""y""",1\r\n\'=1+1,\r\n−2,-0.5');
  });

  it('has tabs between its cells', () => {
    expect(asText(table)).toBe('a\tb\nx, "y"\t1\n=1+1\t\n−2\t-0.5');
  });
});
