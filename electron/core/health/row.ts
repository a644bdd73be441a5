import type { HealthFinding, Task } from '../../contract/entities.ts';
import type { LanguageGuesser } from '../language.ts';
import type { Equation } from './equations.ts';

/** An answer of the teacher that stands for its row, as far as its health is concerned. */
export interface HealthRow {
  readonly input: string;
  readonly choices: readonly string[] | null;
  readonly label: string;
  readonly rationale: string | null;
  /** The answer as it came. */
  readonly completion: string;
  readonly finishReason: string | null;
  /** Answers with this label, and answers there are. */
  readonly votes: number;
  readonly answers: number;
  /** Against gold; null without a gold label. */
  readonly correct: boolean | null;
}

/** A row with something to look at. */
export interface ExplainedRow extends HealthRow {
  readonly rationale: string;
  /** Of the rationale. */
  readonly equations: readonly Equation[];
}

/** What is known beside the row itself. */
export interface HealthContext {
  readonly task: Task;
  /** The label set of a classification; empty when it has none. */
  readonly labels: readonly string[];
  readonly language: LanguageGuesser;
  /** On how many different inputs the same rationale was given; see `rationaleKey`. */
  readonly inputsWith: (rationale: string) => number;
}

/** What a flag was raised for; null where it is not raised. */
export type Finding = Omit<HealthFinding, 'flag'> | null;

/** Finds out about one flag. */
export type Check<Row extends HealthRow = ExplainedRow> = (
  row: Row,
  context: HealthContext,
) => Finding;

/** A finding that says all by itself. */
export const plainFinding = { evidence: '', at: null } as const;

/** Longest evidence, in characters. */
const mostEvidence = 120;

/** A place of a rationale, quoted. */
export function quoted(rationale: string, from: number, to: number): NonNullable<Finding> {
  return { evidence: shortened(rationale.slice(from, to)), at: [from, to] };
}

/** On one line, and not longer than can be read at a glance. */
export function shortened(text: string): string {
  const line = text
    .slice(0, 4 * mostEvidence)
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= mostEvidence ? line : `${line.slice(0, mostEvidence - 1).trimEnd()}…`;
}
