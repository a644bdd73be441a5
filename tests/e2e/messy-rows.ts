const people = [
  'Zoë',
  'André',
  'Chloé',
  'Noël',
  'Renée',
  'Björn',
  'Inés',
  'Jürgen',
  'Łukasz',
  'Mia',
];
const plots = [
  { story: 'has # pens and buys # more. How many pens are there?', sign: '+' },
  { story: 'had # stamps and gave # away. How many stamps are left?', sign: '-' },
  { story: 'fills # boxes with # nuts each. How many nuts are there?', sign: '*' },
  { story: 'reads # pages on Monday and # on Sunday. How many pages is that?', sign: '+' },
  { story: 'cuts # ribbons off a roll of #. How many are still on it?', sign: '-' },
  { story: 'sees # gulls and # crows. How many birds is that?', sign: '+' },
] as const;

const calculate = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
};

/** Rows of {@link messyCsv}, and how many of them repeat an earlier one. */
export const messyCounts = { rows: 63, repeated: 3 };

/**
 * A table as it comes from an office: semicolons, a Western European encoding, line breaks and quotes
 * inside of values, rows of nothing but semicolons, repeated rows, a group column, and the completions of a
 * teacher, every tenth of which miscalculates. Its stories are few: most rows differ from another in
 * their numbers and names only.
 */
export function messyCsv(): Buffer {
  const rows = Array.from({ length: messyCounts.rows - messyCounts.repeated }, (_, index) => {
    const name = people[index % people.length]?.replace('Ł', 'L') ?? '';
    const plot = plots[index % plots.length] ?? plots[0];
    const [a, b] = [20 + index, 2 + (index % 9)];
    const numbers = [a, b];
    const question = `${name} ${plot.story.replaceAll('#', () => String(numbers.shift()))}`;
    const right = calculate[plot.sign](a, b);
    const told = index % 10 === 4 ? right + 1 : right;
    const rationale = `${name} starts with ${a}.\nThat makes ${a} ${plot.sign} ${b} = ${told}.`;
    const completion = `${rationale} So the answer is (${a} ${plot.sign} ${b}).`;
    const quoted = `"${question} (from the ""blue"" book)"`;
    return [
      `n${index}`,
      quoted,
      `${a} ${plot.sign} ${b}`,
      `class ${index % 4}`,
      `"${completion}"`,
    ].join(';');
  });
  const repeated = rows
    .slice(0, messyCounts.repeated)
    .map((row, index) => row.replace(/^n\d+/, `again${index}`));
  const lines = ['number;question;sum;class;teacher', ...rows, ';;;;', ...repeated, ';;;;', ''];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

/** Whether a rationale of {@link messyCsv} states a wrong result, read as a person reads it. */
export function miscalculates(rationale: string): boolean {
  const [, a, sign, b, told] = /(\d+) ([-+*]) (\d+) = (\d+)/.exec(rationale) ?? [];
  const plot = plots.find((each) => each.sign === sign);
  if (plot === undefined) throw new Error(`There is no calculation in “${rationale}”.`);
  return calculate[plot.sign](Number(a), Number(b)) !== Number(told);
}
