import type { Part, PartCounts, SplitSettings } from '../../contract/entities.ts';
import { Random } from '../../core/random.ts';
import { pack } from './pack.ts';
import { cutByTime } from './time.ts';

/** What dividing needs to know of an example. */
export interface DividableRow {
  readonly id: number;
  readonly gold: string | null;
  readonly givenPart: Part | null;
  /** Rows with an equal number stay together: by template, by column, by both, or each alone. */
  readonly group: number;
  /** Null where the row has none, or where time does not matter. */
  readonly time: number | null;
}

/** For every row the number of its part in {@link partNames}. */
export type Parts = Uint8Array;
export const partNames = ['train', 'validation', 'test'] as const satisfies readonly Part[];
const [TRAIN, VALIDATION, TEST] = [0, 1, 2];

/** Clusters to move whole into one part. */
export interface Movable {
  /** For every row the number of its cluster. */
  readonly clusters: Int32Array;
  /** Clusters that belong into train, whatever their rows say: prompts show them. */
  readonly toTrain: ReadonlySet<number>;
}

export interface Division {
  readonly parts: Parts;
  /** Rows that moving clusters put elsewhere. */
  readonly moved: number;
}

/**
 * Divides rows into train, validation and test.
 *
 * - `random` draws rows, or groups of rows that stay together, from the seed. With `stratify`, every
 *   part gets its share of each gold label.
 * - `given` keeps the part each row came with. Rows that came without one are divided by the shares;
 *   when no row was given as validation, that share is taken from the given training rows, because
 *   the best checkpoint must be chosen by something other than test.
 * - `time` puts the newest rows into test, those before them into validation; rows without a time
 *   are for training.
 * - With `fold`, rows are drawn into that many folds; one of them is test, and the validation share is
 *   drawn from the others.
 *
 * Then `movable` clusters that stand in several parts (or folds) are moved to the one where most of
 * their rows are; where several have as many, train goes first, then validation.
 *
 * Pure: equal rows and settings give equal parts.
 */
export function divide(
  rows: readonly DividableRow[],
  settings: SplitSettings,
  movable: Movable | null = null,
): Division {
  if (settings.fold !== null) return divideByFold(rows, settings, settings.fold, movable);
  const parts = divideOnce(rows, settings);
  return { parts, moved: movable === null ? 0 : gather(parts, movable, TRAIN) };
}

/** How many rows each part has. */
export function countParts(parts: Parts): PartCounts {
  const counts: PartCounts = { train: 0, validation: 0, test: 0 };
  for (const part of parts) counts[partNames[part] ?? 'train']++;
  return counts;
}

function divideOnce(rows: readonly DividableRow[], settings: SplitSettings): Parts {
  const parts = new Uint8Array(rows.length);
  const all = rows.map((_, index) => index);
  const random = new Random(settings.seed);
  if (settings.kind === 'random') {
    draw({ rows, of: all, settings, parts, random });
  } else if (settings.kind === 'time') {
    cut(rows, settings, parts);
  } else {
    const givenPart = (index: number) => rows[index]?.givenPart ?? null;
    const given = all.filter((index) => givenPart(index) !== null);
    for (const index of given) parts[index] = partNames.indexOf(givenPart(index) ?? 'train');
    const free = all.filter((index) => givenPart(index) === null);
    draw({ rows, of: free, settings, parts, random });
    const hasValidation = given.some((index) => parts[index] === VALIDATION);
    if (!hasValidation && settings.validation > 0) {
      const train = given.filter((index) => parts[index] === TRAIN);
      draw({ rows, of: train, settings: { ...settings, test: 0 }, parts, random });
    }
  }
  return parts;
}

interface Drawing {
  readonly rows: readonly DividableRow[];
  /** The rows to divide. */
  readonly of: readonly number[];
  readonly settings: SplitSettings;
  readonly parts: Parts;
  readonly random: Random;
}

/** Splits of earlier versions are drawn as they were: the same settings, the same members. */
function draw(drawing: Drawing): void {
  const { maskNames, groupColumn, fold } = drawing.settings;
  if (maskNames || groupColumn !== null || fold !== null) drawPacked(drawing);
  else drawInTurn(drawing);
}

/** Shuffles the groups of every gold label and fills test, then validation, then train. */
function drawInTurn({ rows, of, settings, parts, random }: Drawing): void {
  for (const stratum of byKey(of, (index) => stratumOf(rows[index], settings)).values()) {
    const groups = [...byKey(stratum, (index) => rows[index]?.group ?? -1).values()];
    const wanted = [
      { part: TEST, rows: Math.round(stratum.length * settings.test), filled: 0 },
      { part: VALIDATION, rows: Math.round(stratum.length * settings.validation), filled: 0 },
    ];
    for (const group of random.shuffle(groups)) {
      const open = wanted.find((each) => each.filled + group.length <= each.rows);
      if (open) open.filled += group.length;
      for (const index of group) parts[index] = open?.part ?? TRAIN;
    }
  }
}

/** Draws groups whole, whatever labels their rows have, so that the parts come close to their shares of each. */
function drawPacked({ rows, of, settings, parts, random }: Drawing): void {
  const { validation, test } = settings;
  const { groups, labels, totals } = packable(rows, of, settings);
  const targets = [
    totals.map((total) => total - Math.round(total * validation) - Math.round(total * test)),
    totals.map((total) => Math.round(total * validation)),
    totals.map((total) => Math.round(total * test)),
  ];
  const bins = pack(groups, labels, targets, random);
  groups.forEach((group, at) => {
    for (const index of group) parts[index] = bins[at] ?? TRAIN;
  });
}

function packable(rows: readonly DividableRow[], of: readonly number[], settings: SplitSettings) {
  const groups = [...byKey(of, (index) => rows[index]?.group ?? -1).values()];
  const numbers = new Map<string, number>();
  const labels = new Int32Array(rows.length);
  const counted: number[] = [];
  for (const index of of) {
    const stratum = stratumOf(rows[index], settings);
    const number = numbers.get(stratum) ?? numbers.size;
    numbers.set(stratum, number);
    labels[index] = number;
    counted[number] = (counted[number] ?? 0) + 1;
  }
  return { groups, labels, totals: Float64Array.from(counted) };
}

const stratumOf = (row: DividableRow | undefined, { stratify }: SplitSettings): string =>
  stratify ? (row?.gold ?? '') : '';

function cut(rows: readonly DividableRow[], settings: SplitSettings, parts: Parts): void {
  const all = rows.map((_, index) => index);
  const groups = [...byKey(all, (index) => rows[index]?.group ?? -1).values()].map((members) => ({
    rows: members,
    time: members.reduce<number | null>((newest, index) => {
      const time = rows[index]?.time ?? null;
      return time === null || (newest !== null && newest >= time) ? newest : time;
    }, null),
  }));
  const cuts = cutByTime(groups, {
    validation: Math.round(rows.length * settings.validation),
    test: Math.round(rows.length * settings.test),
  });
  groups.forEach((group, at) => {
    for (const index of group.rows) parts[index] = cuts[at] ?? TRAIN;
  });
}

/** The fold of rows that are never test. */
const NO_FOLD = 255;

function divideByFold(
  rows: readonly DividableRow[],
  settings: SplitSettings,
  fold: NonNullable<SplitSettings['fold']>,
  movable: Movable | null,
): Division {
  const all = rows.map((_, index) => index);
  const { groups, labels, totals } = packable(rows, all, settings);
  const targets = Array.from({ length: fold.of }, () => totals.map((total) => total / fold.of));
  const bins = pack(groups, labels, targets, new Random(settings.seed));
  const folds = new Uint8Array(rows.length);
  groups.forEach((group, at) => {
    for (const index of group) folds[index] = bins[at] ?? 0;
  });
  const moved = movable === null ? 0 : gather(folds, movable, NO_FOLD);
  const parts = folds.map((each) => (each === fold.index ? TEST : TRAIN));
  // A fold of its own seed, so that the folds do not all choose alike.
  const random = new Random(settings.seed + fold.index + 1);
  // Clusters that were gathered stay together here too.
  const together = rows.map((row, index) => ({
    ...row,
    group: movable?.clusters[index] ?? row.group,
  }));
  const rest = all.filter((index) => parts[index] === TRAIN && folds[index] !== NO_FOLD);
  drawPacked({ rows: together, of: rest, settings: { ...settings, test: 0 }, parts, random });
  return { parts, moved };
}

/**
 * Moves every cluster whole to where most of its rows are; the lowest number where several have as
 * many. Clusters for train go to `train`.
 * @returns how many rows moved
 */
function gather(bins: Uint8Array, { clusters, toTrain }: Movable, train: number): number {
  let moved = 0;
  for (const [cluster, members] of byKey([...bins.keys()], (index) => clusters[index] ?? -1)) {
    const home = toTrain.has(cluster)
      ? train
      : mostCommon(members.map((index) => bins[index] ?? 0));
    for (const index of members) {
      if (bins[index] === home) continue;
      bins[index] = home;
      moved += 1;
    }
  }
  return moved;
}

function mostCommon(bins: readonly number[]): number {
  if (bins.length === 1) return bins[0] ?? 0;
  const counts: number[] = [];
  for (const bin of bins) counts[bin] = (counts[bin] ?? 0) + 1;
  const most = Math.max(...counts.map((count) => count ?? 0).filter((count) => count > 0));
  return counts.indexOf(most);
}

function byKey<K>(items: readonly number[], keyOf: (item: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
