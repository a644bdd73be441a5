import type { Equation } from './equations.ts';
import { shortened } from './row.ts';
import type { Check } from './row.ts';

/** Equations that the evidence names. */
const mostNamed = 3;

/**
 * `wrong-arithmetic`: an equation of the rationale does not hold.
 *
 * Each `a op b [op c …] = d` in the text is worked out anew, also `d = a op b`, `7 * 36 is 252`,
 * `5 plus 3 equals 8`, `7 × 6은 42`, chains (`8 + 2 * 3 = 8 + 6 = 14`), percentages and fractions
 * (`20% of 50 = 10`), TeX and Markdown. It holds when it is right to the digits shown: `10 / 3 = 3.33`
 * does, rounded or cut off, and so does `11 / 3 = 3 remainder 2`. A student learns false arithmetic
 * from it even where the label is right.
 *
 * Not judged: variables, powers, times of day, sums of different measures (`2 hours + 30 minutes`),
 * percentages added to plain numbers, a result that goes on (`5 + 3 = 8 + 2 = 10`).
 */
export const findWrongArithmetic: Check = ({ rationale, equations }) => {
  const wrong = equations.filter(({ holds }) => !holds);
  const [first] = wrong;
  const evidence = describeWrong(rationale, equations);
  return first === undefined || evidence === null ? null : { evidence, at: [first.from, first.to] };
};

/** The first equations of a rationale that do not hold, each with what it comes to; null without any. */
export function describeWrong(rationale: string, equations: readonly Equation[]): string | null {
  const wrong = equations.filter(({ holds }) => !holds);
  if (wrong.length === 0) return null;
  return wrong
    .slice(0, mostNamed)
    .map((equation) => described(rationale, equation))
    .join('; ');
}

/** `18 / 4 = 5 (4.5)`: as it stands, and what it comes to. */
function described(text: string, { from, to, value }: Equation): string {
  return `${shortened(text.slice(from, to))} (${readable(value)})`;
}

/** At most six digits behind the point. */
const readable = (value: number): string => String(Number(value.toFixed(6)));
