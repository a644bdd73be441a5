import { expect, it } from 'vitest';
import { ReportFacts } from '../../../../electron/stages/compare/report/facts/schema.ts';
import { publicAddress } from '../../../../electron/stages/compare/report/facts/teachers.ts';
import { thinned } from '../../../../electron/stages/compare/report/facts/curves.ts';
import { sha256 } from '../../../../electron/core/hash.ts';
import { factsOf, ground, testRows } from './support.ts';

it('says what the rows say, counted by hand', async () => {
  const { store, on } = ground();
  const facts = await factsOf(store, on);
  expect(facts).toMatchObject({ format: 'stepwise-report', version: 1, part: 'test' });
  expect(facts.scoreboard).toMatchObject({ rows: testRows, withGold: testRows });
  const [teacher, students] = facts.scoreboard.entries;
  // Five of six right, and the one without a label counts as wrong.
  expect(teacher?.accuracy).toMatchObject({ value: 5 / 6, rows: testRows, how: 'wilson' });
  expect(teacher?.unparsed).toMatchObject({ correct: 1, rows: testRows });
  // Seeds of one setting are one line: four and three of six.
  expect(students?.scores.map(({ correct }) => correct)).toEqual([4, 3]);
  expect(students?.accuracy?.value).toBeCloseTo(3.5 / 6);
  expect(facts.teachers).toHaveLength(1);
  expect(facts.teachers[0]?.report).toMatchObject({ rows: 6, parsed: 5, unparsed: 1 });
  expect(facts.teachers[0]?.report.score).toMatchObject({ correct: 5, rows: 6 });
  expect(facts.data[0]).toMatchObject({ name: 'Baskets', rows: 10, withGold: 10 });
  expect(facts.split.counts).toEqual({ train: 2, validation: 2, test: 6 });
});

it('shows rows on which answers differ first, and the same ones each time', async () => {
  const { store, on } = ground();
  const { examples } = await factsOf(store, on, { examples: 4 });
  // Compared are the teacher and the first of the two seeds: they differ on two rows.
  expect(examples.disagreements).toBe(2);
  expect(examples.systems).toHaveLength(2);
  expect(examples.rows.map(({ disagree }) => disagree)).toEqual([true, true, false, false]);
  expect(examples.rows[0]?.answers.map(({ label }) => label)).toEqual(['bad', 'neither']);
  expect((await factsOf(store, on, { examples: 4 })).examples).toEqual(examples);
  expect((await factsOf(store, on, { examples: 0 })).examples.rows).toEqual([]);
  expect((await factsOf(store, on, { examples: 100 })).examples.rows).toHaveLength(testRows);
});

it('names settings that are not the suggested ones, and never the seed', async () => {
  const { store, on } = ground(undefined, { learningRate: 0.5, lambda: 3 });
  const { students } = await factsOf(store, on);
  const names = students[0]?.differences?.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['learningRate', 'lambda']));
  expect(names).not.toContain('seed');
  const rate = students[0]?.differences?.find(({ name }) => name === 'learningRate');
  expect(rate).toMatchObject({ value: 0.5, suggested: 0.001 });
});

it('holds no key, no password and no folder', async () => {
  const { store, on } = ground();
  const text = JSON.stringify(await factsOf(store, on));
  expect(text).toContain('https://teacher.example/v1');
  expect(text).not.toContain('secret');
  expect(text).not.toContain(store.path);
});

it('can be read back by its own format, and nothing else can', async () => {
  const { store, on } = ground();
  const facts = await factsOf(store, on);
  const text: unknown = JSON.parse(JSON.stringify(facts));
  expect(ReportFacts.parse(text)).toEqual(text);
  expect(ReportFacts.safeParse({ ...facts, version: 2 }).success).toBe(false);
  expect(ReportFacts.safeParse({ ...facts, format: 'other' }).success).toBe(false);
});

it('keeps hashes whole', async () => {
  const { store, on, runs } = ground();
  const facts = await factsOf(store, on);
  expect(facts.students.map(({ settingsHash }) => settingsHash)).toEqual(
    runs.map(({ settingsHash }) => settingsHash),
  );
  expect(facts.students[0]?.settingsHash).toHaveLength(sha256('').length);
});

it.each([
  ['https://a.example/v1', 'https://a.example/v1'],
  ['https://me:pw@a.example:8443/v1?k=1#f', 'https://a.example:8443/v1'],
  ['not an address', null],
])('%s is told as %s', (address, told) => {
  expect(publicAddress(address)).toBe(told);
});

it('thins curves to means that keep the sum and the last step', () => {
  const metrics = Array.from({ length: 1_000 }, (_, place) => ({
    ...{ step: place + 1, labelLoss: place % 7, rationaleLoss: place < 500 ? null : 1, loss: 0 },
    ...{ learningRate: 0, gradientNorm: 0, tokensPerSecond: 0, validation: null },
    ...{ memoryBytes: null, mutualInformation: null, balance: null },
  }));
  const points = thinned(metrics, 120);
  expect(points.length).toBeLessThanOrEqual(120);
  expect(points.at(-1)?.step).toBe(1_000);
  expect(points[0]?.rationaleLoss).toBeNull();
  const stretch = points[0]?.step ?? 0;
  const sum = metrics.slice(0, stretch).reduce((before, { labelLoss }) => before + labelLoss, 0);
  expect(points[0]?.labelLoss).toBeCloseTo(sum / stretch, 4);
  expect(thinned([], 120)).toEqual([]);
});
