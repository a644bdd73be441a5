import { describe, expect, it } from 'vitest';
import { cohensKappa } from '../../../../electron/core/agreement.ts';
import { bootstrapMean } from '../../../../electron/core/comparison/bootstrap.ts';
import { calibrationOf } from '../../../../electron/core/comparison/calibration.ts';
import {
  classScores,
  confusionOf,
  macroF1,
  macroF1Difference,
} from '../../../../electron/core/comparison/classes.ts';
import {
  chiSquareTail,
  incompleteBeta,
  logGamma,
  normalPoint,
  normalTail,
  studentTails,
} from '../../../../electron/core/comparison/distributions.ts';
import {
  cochransQ,
  fisherExactLess,
  holm,
  mcnemarExact,
  signTest,
} from '../../../../electron/core/comparison/paired-tests.ts';
import { rougeL } from '../../../../electron/core/comparison/rouge.ts';
import { wilson } from '../../../../electron/core/statistics.ts';
import { studentT } from '../../../../electron/core/student-t.ts';
import reference from '../../../fixtures/statistics/reference.json' with { type: 'json' };

/** Against values of SciPy, statsmodels and scikit-learn; `reference.json` names the command. */

/** Equal to that share of the wanted value; values below 1e-290 are as good as 0. */
function expectClose(found: number, wanted: number, share = 1e-9): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(share * Math.abs(wanted) + 1e-290);
}

describe('distributions', () => {
  const { chiSquare, t, tPoints, normal, normalPoints } = reference.distributions;

  it.each(chiSquare)('chi-square of $value, $degrees degrees', ({ value, degrees, p }) => {
    expectClose(chiSquareTail(value, degrees), p, 1e-8);
  });

  it.each(t)('tails of t = $value, $degrees degrees', ({ value, degrees, p }) => {
    expectClose(studentTails(value, degrees), p, 1e-7);
  });

  it.each(tPoints)('t leaving out $alpha, $degrees degrees', ({ degrees, alpha, t: wanted }) => {
    expectClose(studentT(degrees, alpha), wanted, 1e-6);
  });

  it.each(normal)('normal tail beyond $value', ({ value, p }) => {
    expectClose(normalTail(value), p, 1e-9);
  });

  it.each(normalPoints)('normal point of $p', ({ p, value }) => {
    expect(normalPoint(p)).toBeCloseTo(value, 9);
  });

  it.each(reference.distributions.logGamma)('ln gamma of $x', ({ x, value }) => {
    expect(Math.abs(logGamma(x) - value)).toBeLessThan(1e-12 * Math.max(1, Math.abs(value)));
  });

  it.each(reference.distributions.incompleteBeta)('I($x; $a, $b)', ({ x, a, b, value }) => {
    expectClose(incompleteBeta(x, a, b), value, 1e-7);
  });
});

describe('intervals and tests', () => {
  it.each(reference.wilson)('Wilson of $correct of $rows', ({ correct, rows, low, high }) => {
    const found = wilson(correct, rows);
    expect(found.low).toBeCloseTo(low, 12);
    expect(found.high).toBeCloseTo(high, 12);
  });

  it.each(reference.mcnemar)('McNemar of $onlyA and $onlyB', ({ onlyA, onlyB, p }) => {
    expectClose(mcnemarExact(onlyA, onlyB), p, 1e-6);
  });

  it.each(reference.sign)('signs $a and $b', ({ a, b, p }) => {
    expectClose(signTest(a, b), p);
  });

  it.each(reference.cochran)("Cochran's Q of $q", ({ systems, q, degrees, p }) => {
    const found = cochransQ(systems.map((line) => Uint8Array.from(line, Number)));
    expect(found?.degrees).toBe(degrees);
    expectClose(found?.q ?? Number.NaN, q);
    expectClose(found?.p ?? Number.NaN, p);
  });

  it.each(reference.holm)('Holm of $p', ({ p, corrected }) => {
    const found = holm(p);
    expect(found).toHaveLength(corrected.length);
    for (const [at, wanted] of corrected.entries()) expectClose(found[at] ?? Number.NaN, wanted);
  });

  it.each(reference.kappa)('kappa of $counts', ({ counts, kappa, low, high }) => {
    const found = cohensKappa(counts);
    expect(found.kappa).toBeCloseTo(kappa, 12);
    if (found.interval === null) return expect(Math.abs(high - low)).toBeLessThan(1e-6);
    expect(found.interval[0]).toBeCloseTo(Math.max(-1, low), 9);
    expect(found.interval[1]).toBeCloseTo(Math.min(1, high), 9);
  });

  it.each(reference.fisher)(
    'Fisher: $right of $rows',
    ({ right, rows, restRight, restRows, p }) => {
      expectClose(fisherExactLess(right, rows, restRight, restRows), p, 1e-7);
    },
  );
});

describe('the bootstrap', () => {
  it.each(reference.bootstrap)('of $name values', ({ values, mean, percentile, t }) => {
    const { value = 0, low = 0, high = 0 } = bootstrapMean(values, { resamples: 20_000 }) ?? {};
    const rows = values.length;
    const stretch = (studentT(rows - 1) / 1.959963984540054) * Math.sqrt(rows / (rows - 1));
    const [from = 0, to = 0] = percentile.map((end) => mean + stretch * (end - mean));
    expect(value).toBeCloseTo(mean, 9);
    // Ends of 20,000 and 100,000 draws differ by chance, about 0.01 of the half width.
    const tolerance = 0.04 * ((to - from) / 2);
    expect(Math.abs(low - from)).toBeLessThan(tolerance);
    expect(Math.abs(high - to)).toBeLessThan(tolerance);
    // Skewness apart, they are those of Student's t.
    expect(high - low).toBeGreaterThan(0.96 * ((t[1] ?? 0) - (t[0] ?? 0)));
    expect(high - low).toBeLessThan(1.04 * ((t[1] ?? 0) - (t[0] ?? 0)));
  });
});

describe('classes', () => {
  it.each(reference.classes)('macro-F1 $macroF1', (wanted) => {
    const gold = Int32Array.from(wanted.gold);
    const said = [Int32Array.from(wanted.said)];
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(macroF1(gold, said, { resamples: 10 })?.value).toBeCloseTo(wanted.macroF1, 12);
    const scores = classScores(gold, said, names, { resamples: 10 });
    const matrix = confusionOf(gold, said, names);
    expect(scores).toHaveLength(wanted.classes.length);
    for (const [at, place] of wanted.classes.entries()) {
      const score = scores.find(({ label }) => label === names[place]);
      expect(score?.precision?.accuracy ?? 0).toBeCloseTo(wanted.precision[at] ?? -1, 12);
      expect(score?.recall?.accuracy).toBeCloseTo(wanted.recall[at] ?? -1, 12);
      expect(score?.f1?.value).toBeCloseTo(wanted.f1[at] ?? -1, 12);
      const line = matrix.counts[matrix.labels.indexOf(names[place] ?? '')] ?? [];
      const own = wanted.classes.map((other) => line[matrix.labels.indexOf(names[other] ?? '')]);
      expect(own).toEqual(wanted.confusion[at]);
    }
  });

  it('have intervals near the percentiles of resampled rows', () => {
    const { gold, a, b, macroF1: single, difference } = reference.macroBootstrap;
    const [truth, first, second] = [gold, a, b].map((column) => Int32Array.from(column));
    if (truth === undefined || first === undefined || second === undefined) throw new Error();
    // The made-up rows widen an interval a little, and pull its middle.
    const near = (found: number | undefined, wanted: number | undefined): void =>
      expect(Math.abs((found ?? 0) - (wanted ?? 1))).toBeLessThan(0.012);
    const alone = macroF1(truth, [first]);
    near(alone?.low, single[0]);
    near(alone?.high, single[1]);
    const paired = macroF1Difference(truth, [first], [second]);
    near(paired?.low, difference[0]);
    near(paired?.high, difference[1]);
  });
});

describe('calibration', () => {
  it.each(reference.calibration)('ECE $ece', ({ confidence, right, ece, bins, byChance }) => {
    const found = calibrationOf(Float32Array.from(confidence), Uint8Array.from(right));
    expect(found?.ece.value).toBeCloseTo(ece, 6);
    expect(found?.bins.map(({ rows }) => rows)).toEqual(bins.map(({ rows }) => rows));
    for (const [at, bin] of bins.entries()) {
      expect(found?.bins[at]?.confidence).toBeCloseTo(bin.confidence, 6);
      expect(found?.bins[at]?.right.accuracy).toBeCloseTo(bin.right, 12);
    }
    // Both are percentiles of draws, of 20,000 there and 2,000 here.
    expect(found?.eceByChance ?? 0).toBeGreaterThan(0.9 * byChance);
    expect(found?.eceByChance ?? 1).toBeLessThan(1.1 * byChance);
  });
});

describe('ROUGE-L', () => {
  it.each(reference.rouge)('of “$candidate” to “$reference”', (pair) => {
    expect(rougeL(pair.candidate, pair.reference)).toBeCloseTo(pair.f1, 12);
  });
});
