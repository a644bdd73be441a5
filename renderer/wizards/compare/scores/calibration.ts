import type { Calibration } from '../../../../electron/contract/entities.ts';

/** What there is to make of a calibration. */
export type Reading = 'calibrated' | 'too-sure' | 'too-modest' | 'uneven';

/** Averages closer than this count as the same; share. */
const sameMean = 0.01;

/** Mean confidence, and the share that was right. */
export function means({ bins }: Calibration): { confidence: number; right: number } {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const sum = (of: (bin: Calibration['bins'][number]) => number): number =>
    bins.reduce((total, bin) => total + of(bin), 0) / Math.max(1, rows);
  return {
    confidence: sum((bin) => bin.confidence * bin.rows),
    right: sum((bin) => bin.right.correct),
  };
}

/**
 * Calibrated as far as can be told where the error is no larger than chance alone gives; else whether
 * the confidence is on average too high or too low.
 */
export function readingOf(calibration: Calibration): Reading {
  if (calibration.ece.value <= calibration.eceByChance) return 'calibrated';
  const { confidence, right } = means(calibration);
  if (Math.abs(confidence - right) < sameMean) return 'uneven';
  return confidence > right ? 'too-sure' : 'too-modest';
}
