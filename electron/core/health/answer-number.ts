import { numbersIn } from './number-words.ts';
import { evaluateExpression } from '../expression.ts';
import { tokensOf } from './tokens.ts';
import { shortened } from './row.ts';
import type { Check } from './row.ts';

/**
 * `no-answer-number`: the rationale mentions none of the numbers of the answer.
 *
 * The numbers of an expression are those that it is made of and what it comes to: of `8 - 3` any of
 * 8, 3 and 5 is enough. Words count (`eight`, `twice`, `여덟`, `삼백`). Looked at in arithmetic, and where
 * a free text is nothing but a number. An explanation that never comes to the answer's numbers was
 * written for another question, or for none.
 */
export const findNoAnswerNumber: Check = ({ label, rationale }, { task }) => {
  if (task !== 'arithmetic' && task !== 'text') return null;
  const answer = numbersOf(label);
  if (task === 'text' && answer.value === null) return null;
  const wanted = answer.value === null ? answer.parts : [...answer.parts, answer.value];
  if (wanted.length === 0) return null;
  const mentioned = [...numbersIn(rationale)];
  const isThere = (number: number): boolean =>
    mentioned.some((other) => Math.abs(other - Math.abs(number)) <= 0.005 * Math.max(1, other));
  return wanted.some(isThere) ? null : { evidence: shortened(label), at: null };
};

function numbersOf(label: string): { parts: number[]; value: number | null } {
  const parts = tokensOf(label).flatMap((token) =>
    token.kind === 'number' ? [token.percent ? token.value * 100 : token.value] : [],
  );
  return { parts, value: evaluateExpression(label) };
}
