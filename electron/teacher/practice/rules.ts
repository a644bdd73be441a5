/**
 * How the practice teacher reads a problem: one rule for each kind of question it knows.
 *
 * A rule applies when every clue is found in the text. Clues are regular expressions whose named
 * groups are the words and numbers that `{slots}` stand for: in the answer, in the rationale, and in
 * later clues of the rule.
 *
 * In a rationale each operator of the answer is said once, in the words of `mistakes.ts` ("times",
 * "plus" or "add", "minus" or "subtract", "divide"), and operators of one kind in the order in
 * which they stand in the answer, so that a mistake made in one can be made in the other.
 */
export interface ReadingRule {
  readonly clues: readonly RegExp[];
  /** Expression template, tokens separated by spaces. */
  readonly answer: string;
  /** Two to four sentences. */
  readonly rationale: string;
}

export const rules: readonly ReadingRule[] = [
  {
    clues: [
      /fills (?<a>\d+) shelves with (?<b>\d+) (?<items>\w+) on/,
      /also \w+ (?<c>\d+) \w+ in a (?<holder>\w+)\./,
    ],
    answer: '( {a} * {b} ) + {c}',
    rationale: 'The shelves hold {a} times {b} {items}. The {holder} has {c} {items}, so add {c}.',
  },
  {
    clues: [
      /fills (?<a>\d+) shelves with (?<b>\d+) (?<items>\w+) on/,
      /Later (?<c>\d+) of the \w+ (?<loss>break|get lost)/,
    ],
    answer: '( {a} * {b} ) - {c}',
    rationale: 'The shelves hold {a} times {b} {items}. Then {c} {loss}, so subtract {c}.',
  },
  {
    clues: [
      /(?<name>\w+) goes to the \w+ with (?<a>\d+) coins/,
      /spends (?<b>\d+) coins on (?<food>\w+) and (?<c>\d+) on (?<other>\w+)/,
    ],
    answer: '( {a} - {b} ) - {c}',
    rationale:
      'After the {food} {name} has {a} minus {b} coins. The {other} costs {c}, so subtract {c}.',
  },
  {
    clues: [
      /(?<name>\w+) goes to the \w+ with (?<a>\d+) coins/,
      /spends (?<b>\d+) coins on (?<food>\w+)\./,
      /On the way home (?<friend>\w+) gives \w+ (?<c>\d+) coins/,
    ],
    answer: '( {a} - {b} ) + {c}',
    rationale:
      'After the {food} {name} has {a} minus {b} coins. {friend} gives {c} coins, so add {c}.',
  },
  {
    clues: [/with (?<a>\d+) rows of (?<b>\d+) \w+ trees/, /plants (?<c>\d+) more trees/],
    answer: '( {a} * {b} ) + {c}',
    rationale: 'The rows have {a} times {b} trees. There are {c} more trees, so add {c}.',
  },
  {
    clues: [/with (?<a>\d+) rows of (?<b>\d+) \w+ trees/, /storm \w+ (?<c>\d+) of the trees/],
    answer: '( {a} * {b} ) - {c}',
    rationale: 'The rows have {a} times {b} trees. The storm hits {c} trees, so subtract {c}.',
  },
  {
    clues: [
      /buys (?<a>\d+) (?<good>\w+)s and (?<c>\d+) (?<other>\w+)s\./,
      /A {good} costs (?<b>\d+) coins/,
      /A {other} costs (?<d>\d+) coins/,
    ],
    answer: '( {a} * {b} ) + ( {c} * {d} )',
    rationale:
      'The {good}s cost {a} times {b} coins. The {other}s cost {c} times {d} coins. Then add the two.',
  },
  {
    clues: [
      /A (?<vehicle>\w+) takes (?<a>\d+) people to the \w+ on each trip/,
      /counts (?<b>\d+) trips in the morning and (?<c>\d+) trips in the evening/,
    ],
    answer: '{a} * ( {b} + {c} )',
    rationale:
      'There are {b} plus {c} trips. The {vehicle} takes {a} people on each trip, so it is {a} times the trips.',
  },
  {
    clues: [
      /picks (?<a>\d+) (?<fruits>\w+) and \w+ picks (?<b>\d+)/,
      /put (?<c>\d+) \w+ in each (?<box>\w+)\./,
    ],
    answer: '( {a} + {b} ) / {c}',
    rationale:
      'Together they pick {a} plus {b} {fruits}. Each {box} takes {c} {fruits}, so divide by {c}.',
  },
  {
    clues: [
      /holds (?<a>\d+) liters of water/,
      /Each day (?<name>\w+) takes (?<b>\d+) liters/,
      /left after (?<c>\d+) days/,
    ],
    answer: '{a} - ( {b} * {c} )',
    rationale: 'In {c} days {name} takes {b} times {c} liters. Then subtract that from {a}.',
  },
  {
    clues: [
      /(?<name>\w+) saves (?<a>\d+) coins each week for (?<b>\d+) weeks/,
      /(?<friend>\w+) gives \w+ (?<c>\d+) coins as a gift/,
    ],
    answer: '( {a} * {b} ) + {c}',
    rationale: '{name} saves {a} times {b} coins. {friend} gives {c} coins, so add {c}.',
  },
  {
    clues: [
      /(?<name>\w+) saves (?<a>\d+) coins each week for (?<b>\d+) weeks/,
      /buys a (?<good>\w+) from \w+ for (?<c>\d+) coins/,
    ],
    answer: '( {a} * {b} ) - {c}',
    rationale: '{name} saves {a} times {b} coins. The {good} costs {c}, so subtract {c}.',
  },
  {
    clues: [
      /(?<name>\w+) runs (?<a>\d+) laps on \w+ and (?<b>\d+) laps on/,
      /Each lap around the \w+ is (?<c>\d+) meters/,
    ],
    answer: '( {a} + {b} ) * {c}',
    rationale:
      '{name} runs {a} plus {b} laps. Each lap is {c} meters, so it is {c} times the laps.',
  },
  {
    clues: [
      /(?<a>\d+) girls and (?<b>\d+) boys come to the/,
      /into (?<c>\d+) equal (?<groups>\w+)\./,
    ],
    answer: '( {a} + {b} ) / {c}',
    rationale: 'In all {a} plus {b} children come. They make {c} {groups}, so divide by {c}.',
  },
  {
    clues: [
      /(?<a>\d+) children come to the/,
      /Soon (?<b>\d+) of them go home/,
      /into (?<c>\d+) equal (?<groups>\w+)\./,
    ],
    answer: '( {a} - {b} ) / {c}',
    rationale: 'In all {a} minus {b} children stay. They make {c} {groups}, so divide by {c}.',
  },
  {
    clues: [
      /(?<friend>[A-Z]\w+) has (?<b>\d+) more (?<items>\w+) than (?<name>\w+)\./,
      /\b{name} has (?<a>\d+) {items}\./,
      /together\?/,
    ],
    answer: '( {a} + {b} ) + {a}',
    rationale: '{friend} has {a} plus {b} {items}. {name} has {a} {items}, so add {a}.',
  },
  {
    clues: [
      /(?<friend>[A-Z]\w+) has (?<b>\d+) fewer (?<items>\w+) than (?<name>\w+)\./,
      /\b{name} has (?<a>\d+) {items}\./,
      /together\?/,
    ],
    answer: '( {a} - {b} ) + {a}',
    rationale: '{friend} has {a} minus {b} {items}. {name} has {a} {items}, so add {a}.',
  },
  {
    clues: [
      /has (?<a>\d+) meters of (?<stuff>\w+)\./,
      /cuts off (?<b>\d+) pieces of (?<c>\d+) meters each/,
    ],
    answer: '{a} - ( {b} * {c} )',
    rationale: 'The pieces take {b} times {c} meters of {stuff}. Then subtract that from {a}.',
  },
  {
    clues: [
      /Each (?<dish>\w+) needs (?<a>\d+) cups of \w+ and (?<b>\d+) cups of/,
      /makes (?<c>\d+) \w+ for the/,
      /How many cups does/,
    ],
    answer: '( {a} + {b} ) * {c}',
    rationale:
      'Each {dish} needs {a} plus {b} cups. There are {c} {dish}s, so it is {c} times that.',
  },
  {
    clues: [
      /Each (?<dish>\w+) needs (?<a>\d+) cups of \w+ and (?<b>\d+) cups of/,
      /makes (?<c>\d+) \w+ for the/,
      /How many more cups of (?<food>\w+) than/,
    ],
    answer: '( {a} - {b} ) * {c}',
    rationale:
      'Each {dish} needs {a} minus {b} more cups of {food}. There are {c} {dish}s, so it is {c} times that.',
  },
  {
    clues: [
      /album of (?<a>\d+) pages with room for (?<b>\d+) (?<things>\w+) on/,
      /There are (?<c>\d+) \w+ in the album/,
      /Each day \w+ puts in (?<d>\d+)/,
    ],
    answer: '( ( {a} * {b} ) - {c} ) / {d}',
    rationale:
      'The album has room for {a} times {b} {things}. There are {c} in it, so subtract {c}. Each day takes {d}, so divide by {d}.',
  },
  {
    clues: [
      /album of (?<a>\d+) pages with room for (?<b>\d+) (?<things>\w+) on/,
      /There are (?<c>\d+) \w+ in the album/,
      /How many more/,
    ],
    answer: '( {a} * {b} ) - {c}',
    rationale:
      'The album has room for {a} times {b} {things}. There are {c} in it, so subtract {c}.',
  },
  {
    clues: [
      /(?<name>\w+) sells (?<a>\d+) (?<dishes>\w+) for (?<b>\d+) coins each/,
      /pays (?<c>\d+) coins for (?<food>\w+) and (?<d>\d+) coins for (?<other>\w+)/,
    ],
    answer: '( ( {a} * {b} ) - {c} ) - {d}',
    rationale:
      '{name} sells {dishes} for {a} times {b} coins. The {food} costs {c}, so subtract {c}. The {other} costs {d}, so subtract {d}.',
  },
];
