import { evaluateExpression } from '../../core/expression.ts';
import type { Random } from '../../core/random.ts';
import type { Solution } from './solver.ts';

/** What an operator is taken for when it is taken for another. */
const takenFor: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '+', '/': '*' };

/** How a rationale says an operator: between two numbers, and as an order. */
const spoken: Readonly<Record<string, { between: string; order: string }>> = {
  '+': { between: 'plus', order: 'add' },
  '-': { between: 'minus', order: 'subtract' },
  '*': { between: 'times', order: 'multiply by' },
  '/': { between: 'divided by', order: 'divide by' },
};

/** Share of mistakes that are made in the rationale as well. */
const rationaleShare = 0.5;

/**
 * The solution with one mistake: an operator taken for another, a number taken for another one of
 * the text, or two numbers changed over. In about half of the cases the rationale makes the mistake
 * too; in the others it is right and only the answer is wrong. The answer's value always differs
 * from the right one.
 */
export function withMistake(solution: Solution, text: string, random: Random): Solution {
  const right = evaluateExpression(solution.answer);
  const differs = ({ answer }: Solution): boolean => evaluateExpression(answer) !== right;
  const operators = operatorMistakes(solution).filter(differs);
  const numbers = numberMistakes(solution, text.match(/\d+/g) ?? []).filter(differs);
  const kinds = [operators, numbers].filter(({ length }) => length > 0);
  if (kinds.length === 0) return solution;
  const made = random.pick(random.pick(kinds));
  return random.next() < rationaleShare ? made : { ...made, rationale: solution.rationale };
}

function operatorMistakes({ answer, rationale }: Solution): Solution[] {
  const tokens = answer.split(' ');
  const seen = new Map<string, number>();
  const mistakes: Solution[] = [];
  for (const [position, operator] of tokens.entries()) {
    const other = takenFor[operator];
    if (other === undefined) continue;
    const nth = seen.get(operator) ?? 0;
    seen.set(operator, nth + 1);
    mistakes.push({
      answer: tokens.with(position, other).join(' '),
      rationale: sayOther(rationale, operator, nth, other),
    });
  }
  return mistakes;
}

/** The rationale with the n-th word for `operator` exchanged for the word for `other`. */
function sayOther(rationale: string, operator: string, nth: number, other: string): string {
  const [was, now] = [spoken[operator], spoken[other]];
  if (was === undefined || now === undefined) return rationale;
  let count = 0;
  return rationale
    .replace(new RegExp(`\\b(?:${was.between}|${was.order})\\b`, 'g'), (word) => {
      if (count++ !== nth) return word;
      return word === was.between ? now.between : now.order;
    })
    .replace('add that from', 'add that to');
}

/** One number of the answer for another one of the text, and two numbers of the answer changed over. */
function numberMistakes(solution: Solution, given: readonly string[]): Solution[] {
  const used = [...new Set(solution.answer.match(/\d+/g) ?? [])];
  return used.flatMap((number) =>
    given
      .filter((other) => other !== number)
      .flatMap((other) => {
        const copied = new Map([[number, other]]);
        const exchanged = new Map([...copied, [other, number]]);
        return used.includes(other)
          ? [withNumbers(solution, exchanged)]
          : [withNumbers(solution, copied)];
      }),
  );
}

function withNumbers(
  { answer, rationale }: Solution,
  other: ReadonlyMap<string, string>,
): Solution {
  const exchange = (text: string): string =>
    text.replace(/\d+/g, (number) => other.get(number) ?? number);
  return { answer: exchange(answer), rationale: exchange(rationale) };
}
