import type { RunSamples } from '../../../electron/contract/entities.ts';
import { wordDiff } from '../../lib/word-diff.ts';
import type { Piece } from '../../lib/word-diff.ts';

type Row = RunSamples['rows'][number];
type Answer = RunSamples['evaluations'][number]['answers'][number];

/** How a label compares with that of the evaluation before: nothing before it, the same, another, or its worth changed. */
export type LabelChange = 'first' | 'same' | 'other' | 'now-right' | 'now-wrong';

/** One watched row at one evaluation. */
export interface WatchedRow {
  readonly row: Row;
  readonly answer: Answer;
  readonly label: LabelChange;
  /** What the student writes as its rationale, in pieces that are new since the evaluation before; null without one. */
  readonly rationale: readonly Piece[] | null;
  readonly rationaleChanged: boolean;
}

/** The rows as the student answered them at one evaluation, against the one before it. */
export function watchedAt({ rows, evaluations }: RunSamples, index: number): WatchedRow[] {
  const now = evaluations[index];
  if (now === undefined) return [];
  const before = evaluations[index - 1];
  return rows.flatMap((row, at) => {
    const answer = now.answers[at];
    return answer === undefined ? [] : [watched(row, answer, before?.answers[at] ?? null)];
  });
}

function watched(row: Row, answer: Answer, before: Answer | null): WatchedRow {
  const written = answer.rationale;
  const former = before?.rationale ?? null;
  const rationale =
    written === null
      ? null
      : former === null
        ? [{ text: written, changed: false }]
        : wordDiff(former, written).after;
  return {
    ...{ row, answer, rationale, label: labelChange(answer, before) },
    rationaleChanged: former !== null && written !== null && former.trim() !== written.trim(),
  };
}

function labelChange(answer: Answer, before: Answer | null): LabelChange {
  if (before === null) return 'first';
  if (answer.correct !== before.correct) return answer.correct ? 'now-right' : 'now-wrong';
  return answer.label.trim() === before.label.trim() ? 'same' : 'other';
}

/** The evaluation to show: the chosen one, or the newest where none is or it is gone. */
export function shownEvaluation({ evaluations }: RunSamples, step: number | null): number {
  const chosen = step === null ? -1 : evaluations.findIndex((each) => each.step === step);
  return chosen === -1 ? evaluations.length - 1 : chosen;
}
