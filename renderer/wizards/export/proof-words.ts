import { isLessAccurate, isReal } from '../../../electron/contract/entities.ts';
import type { ExportProof } from '../../../electron/contract/entities.ts';
import { engineName } from '../../lib/engine-words.ts';
import { i18n } from '../../lib/i18n/index.svelte.ts';
import { marginPoints, percentWithin, pointsWithin } from '../train/study/numbers.ts';

/** Differences of accuracy below this do not matter, as Compare takes them to begin with; share. */
export const alikeMargin = 0.02;

/**
 * What came of a proof: all rows equal; answers that differ as a rounded student's may; answers that
 * must not differ, or are shown to be right less often; never tried.
 */
export type ProofKind = 'equal' | 'close' | 'differs' | 'untried';

export function proofKind(proof: ExportProof | null): ProofKind {
  if (proof === null) return 'untried';
  if (proof.equal === proof.rows) return 'equal';
  return proof.exact || isLessAccurate(proof) ? 'differs' : 'close';
}

/** The proof in a few words, for a line of a list. */
export function proofLine(proof: ExportProof | null): string {
  const { t, format } = i18n;
  const w = t.exporting.proof;
  if (proof === null) return w.untriedShort;
  return w.short(format.number(proof.equal), format.number(proof.rows));
}

/** The proof in sentences: what opened it, how many rows were equal, and what that says of its accuracy. */
export function proofSentences(proof: ExportProof | null): string[] {
  const { t, format } = i18n;
  const w = t.exporting.proof;
  if (proof === null) return [w.untried];
  const { openedWith, trainedWith } = proof;
  const [equal, rows] = [format.number(proof.equal), format.number(proof.rows)];
  const part = w.parts[proof.part];
  if (openedWith === null) return [w.byItself(equal, rows, part)];
  return [
    w.opened(openedWith, equal, rows, part),
    ...(trainedWith === null ? [] : [w.trained(engineName(t, trainedWith))]),
    ...(proof.equal === proof.rows ? [] : [w.agreement(format.percent(share(proof)))]),
    ...accuracySentences(proof),
  ];
}

/**
 * What may be said of the accuracy of an export against that of the run's student: with the same
 * rules as of two students that are compared. No small difference is called real.
 */
function accuracySentences({ accuracy, equal, rows }: ExportProof): string[] {
  const { t, format } = i18n;
  const w = t.exporting.proof;
  if (accuracy === null) return equal === rows ? [] : [w.noGold];
  const { run, exported, difference } = accuracy;
  const scores = w.accuracy(
    percentWithin({ ...run, value: run.accuracy }),
    percentWithin({ ...exported, value: exported.accuracy }),
    format.number(run.rows),
  );
  if (equal === rows) return [scores];
  const gap = pointsWithin(difference, [alikeMargin, -alikeMargin]);
  if (isReal(difference, run.rows)) {
    return [scores, difference.value < 0 ? w.worse(gap) : w.better(gap)];
  }
  const isAlike = difference.low > -alikeMargin && difference.high < alikeMargin;
  return [scores, isAlike ? w.alike(marginPoints(alikeMargin), gap) : w.notShown(gap)];
}

const share = ({ equal, rows }: ExportProof): number => (rows === 0 ? 0 : equal / rows);
