import { isFinding } from './finding.ts';
import type { Finding, Outcome } from './finding.ts';
import type { GroupOutcomes } from './check.ts';

/** One group as aligned lines: each quantity, its largest error beside its tolerance, and where it is. */
export function groupLines({ title, outcomes }: GroupOutcomes): string[] {
  const rows = outcomes.map(row);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  return [
    title,
    ...rows.map(([quantity = '', error = '', tolerance = '', verdict = '']) =>
      [
        `  ${quantity.padEnd(widths[0] ?? 0)}`,
        error.padStart(widths[1] ?? 0),
        tolerance.padEnd(widths[2] ?? 0),
        verdict,
      ]
        .join('  ')
        .trimEnd(),
    ),
  ];
}

/** How many quantities are within their tolerance and how many are not. */
export function countFindings(outcomes: readonly Outcome[]): { within: number; beyond: number } {
  const findings = outcomes.filter(isFinding);
  const within = findings.filter(({ ok }) => ok).length;
  return { within, beyond: findings.length - within };
}

function row(outcome: Outcome): string[] {
  if (!isFinding(outcome)) return [outcome.quantity, '-', '', `not checked: ${outcome.absent}`];
  const { quantity, error, tolerance } = outcome;
  return [quantity, number(error), `of ${number(tolerance)}`, verdict(outcome)];
}

function verdict({ ok, note, error }: Finding): string {
  if (!ok) return note === undefined ? 'BEYOND' : `BEYOND: ${note}`;
  return note === undefined || error === 0 ? '' : note;
}

/** Counts as they are, other numbers short. */
function number(value: number): string {
  if (value === Infinity) return 'infinite';
  return Number.isInteger(value) ? String(value) : value.toExponential(1);
}
