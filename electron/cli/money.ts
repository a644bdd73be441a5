import type { Estimate, Range, Spend } from '../contract/entities.ts';
import { dollars } from '../core/money.ts';
import { duration } from './progress.ts';
import { table } from './table.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** What was used up, in one line. */
export function spendLine({
  requests,
  promptTokens,
  completionTokens,
  cost,
  reused,
  estimated,
}: Spend): string {
  const tokens = `${count(promptTokens)} prompt and ${count(completionTokens)} completion tokens`;
  return [
    `${count(requests)} requests, ${tokens}${estimated ? ' (partly counted here)' : ''}`,
    cost === null ? 'no price known' : dollars(cost),
    ...(reused > 0 ? [`${count(reused)} answers reused`] : []),
  ].join(', ');
}

/** What is still to come, as a table with its ranges of 95%. */
export function estimateTable(estimate: Estimate): string {
  const { answers, basis, atMost, price } = estimate;
  const ranged = (name: string, range: Range | null, format: (value: number) => string) =>
    range === null
      ? []
      : [[name, format(range.likely), `${format(range.low)} to ${format(range.high)}`]];
  const rows = [
    ['answers to ask for', count(answers), ''],
    ...ranged('prompt tokens', estimate.promptTokens, count),
    ...ranged('completion tokens', estimate.completionTokens, count),
    ...ranged('money', estimate.cost, dollars),
    ...ranged('money, as a batch', estimate.batchCost, dollars),
    ...ranged('time', estimate.seconds, duration),
    ...(atMost === null ? [] : [['money at the very most', dollars(atMost), '']]),
  ];
  const drawn =
    basis === 0
      ? 'No answer is there to reckon from: run a pilot first (--pilot 20).'
      : `Reckoned from ${count(basis)} answers; ranges of 95%.`;
  const priced =
    price === null
      ? 'No price is known for this model: --price IN/OUT, in dollars for a million tokens.'
      : `Price: ${dollars(price.input)} in, ${dollars(price.output)} out for a million tokens.`;
  return [
    table(['still to come', 'likely', 'range'], rows, ['left', 'right', 'right']),
    drawn,
    priced,
  ].join('\n');
}
