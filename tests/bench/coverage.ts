import {
  bootstrapTrial,
  classWorlds,
  differenceTrial,
  eceTrial,
  falseVerdictTrial,
  held,
  macroDifferenceTrial,
  macroTrial,
  meanTrial,
  powerTrial,
  wilsonTrial,
  worlds,
} from '../fixtures/statistics/simulated.ts';
import type { Trial, World } from '../fixtures/statistics/simulated.ts';
import { table } from './measure.ts';

const trials = 2_000;
const resamples = 400;
const sizes = [200, 1_000] as const;

interface Line {
  readonly what: string;
  readonly rows: number | string;
  readonly trial: Trial;
  /** Share that is meant to be in; null where a rate is only told. */
  readonly wanted: readonly [number, number] | null;
  readonly note?: string;
}

const usual = [0.93, 0.97] as const;

/** How often intervals of 95% hold the truth, and verdicts are right, of simulated students. */
export function benchCoverage(): Promise<string> {
  const note = `${trials} seeded trials each, ${resamples} resamples in a bootstrap; nominal 95%. By chance alone a rate of 95% is seen as 94.0 to 96.0. Worlds are made as real trainings were: see \`tests/fixtures/statistics/simulated.ts\`.`;
  const parts = [
    note,
    report(['interval', 'rows', 'held', '93 to 97%', 'note'], intervalLines()),
    'How often “better” is said, corrected by Holm. Without any difference it should be 5% at most; with the rows that `rowsNeeded` asks for, 80%.',
    report(['verdict', 'rows', 'said', 'as it should', 'note'], verdictLines()),
  ];
  return Promise.resolve(parts.join('\n\n'));
}

/** Every interval that is checked. */
export const intervalLines = (): Line[] => [...accuracyLines(), ...seedLines(), ...otherLines()];

function report(head: readonly string[], lines: readonly Line[]): string {
  return table(
    head,
    lines.map((line, at) => {
      const cells = measure(line, at);
      console.error(`(${cells.slice(0, 3).join(', ')})`);
      return cells;
    }),
  );
}

/** One line of a table; its place seeds its trials. */
export function measure({ what, rows, trial, wanted, note = '' }: Line, at: number): string[] {
  const share = held(trials, 1_000 + at, trial);
  const inside = wanted !== null && wanted[0] <= share && share <= wanted[1] ? 'yes' : 'no';
  const shown = `${(100 * share).toFixed(1)}%`;
  return [what, String(rows), shown, wanted === null ? '–' : inside, note];
}

function accuracyLines(): Line[] {
  return sizes.flatMap((rows) => [
    ...[0.5, 0.8, 0.95].map((accuracy) => ({
      ...{ rows, wanted: usual, trial: wilsonTrial(rows, accuracy) },
      what: `accuracy, Wilson, ${accuracy * 100}% right`,
    })),
    {
      ...{ rows, wanted: null, trial: wilsonTrial(rows, 0.99) },
      what: 'accuracy, Wilson, 99% right',
      note: 'whole rows: coverage jumps near the ends',
    },
    ...Object.values(worlds).map((world) => ({
      ...{ rows, wanted: usual, trial: differenceTrial({ ...world, rows, seeds: 1, seed: 0 }) },
      what: `paired difference, one seed, ${world.accuracy * 100}% right`,
    })),
  ]);
}

function seedLines(): Line[] {
  const both = (world: World, wanted: Line['wanted'], note: string): Line[] => {
    const { seeds, rows, name } = world;
    const shared = { rows, wanted, note };
    return [
      { ...shared, what: `mean of ${seeds} seeds, ${name}`, trial: meanTrial(world) },
      { ...shared, what: `difference, ${seeds} seeds, ${name}`, trial: differenceTrial(world) },
    ];
  };
  const { sample, few } = worlds;
  return [
    ...sizes.flatMap((rows) =>
      Object.values(worlds).flatMap((world) => both({ ...world, rows }, usual, '')),
    ),
    ...both({ ...few, seeds: 5 }, usual, ''),
    ...both(
      { ...sample, seed: 0, name: '88% right, seeds do nothing' },
      null,
      'three seeds can’t show that',
    ),
    ...both({ ...sample, seeds: 2 }, null, 'two seeds tell little of how seeds vary'),
    ...both({ ...few, seeds: 2 }, null, 'two seeds tell little of how seeds vary'),
    ...both(
      { ...few, row: 0, arm: 0, name: '40% right, seeds differ by 10 points, rows independent' },
      null,
      'hardly learnt anything yet',
    ),
  ];
}

function otherLines(): Line[] {
  return sizes.flatMap((rows) => [
    ...Object.entries(classWorlds).flatMap(([name, world]) => [
      {
        ...{ rows, what: `macro-F1, ${name}`, trial: macroTrial(world, rows, resamples) },
        wanted: name === 'nearlyAll' ? null : usual,
      },
      {
        ...{ rows, what: `macro-F1 difference, ${name}` },
        trial: macroDifferenceTrial(world, rows, resamples),
        wanted: name === 'nearlyAll' ? null : usual,
      },
    ]),
    { rows, wanted: usual, what: 'bootstrap mean, words', trial: bootstrapTrial(rows, resamples) },
    ...[0, 0.05, 0.1].map((over) => ({
      ...{ rows, trial: eceTrial(rows, over, resamples), wanted: over === 0 ? null : usual },
      what: `ECE, truly ${over}`,
      ...(over === 0 ? { note: 'the edge of what can be: 0 is in where chance explains it' } : {}),
    })),
  ]);
}

/** Every rate of verdicts that is checked. */
export function verdictLines(): Line[] {
  const { sample, few } = worlds;
  const atMost: Line['wanted'] = [0, 0.05];
  return [
    ...[2, 3, 5].flatMap((arms) => {
      const pairs = (arms * (arms - 1)) / 2;
      return [
        { ...few, seeds: 1, seed: 0 },
        { ...sample, seeds: 3 },
        { ...few, seeds: 3 },
      ].map((world) => ({
        ...{ rows: world.rows, wanted: atMost, trial: falseVerdictTrial(world, arms) },
        what: `none better, ${pairs} pairs, seeds: ${world.seeds}, ${world.accuracy * 100}% right`,
      }));
    }),
    ...(
      [
        [0.1, 0.2],
        [0.1, 0.4],
        [0.05, 0.15],
        [0.03, 0.1],
      ] as const
    ).map(([gap, discordant]) => ({
      ...{ rows: 'as asked', wanted: [0.77, 0.9] as const, trial: powerTrial(gap, discordant) },
      what: `better by ${gap * 100} points, ${discordant * 100}% of rows tell them apart`,
    })),
  ];
}
