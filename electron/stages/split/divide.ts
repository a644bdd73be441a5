import type { Part, PartCounts, SplitSettings } from '../../contract/entities.ts';
import { Random } from '../../core/random.ts';

/** What dividing needs to know of an example. */
export interface DividableRow {
  id: number;
  gold: string | null;
  /** The input with its numbers masked: rows with equal keys tell the same story. */
  maskedText: string;
  givenPart: Part | null;
}

/**
 * Divides rows into train, validation and test.
 *
 * `random` shuffles with the seed and fills test, then validation, then train. With
 * `groupByMaskedText`, rows of one masked text move together; with `stratify`, each gold label is
 * divided on its own, so that every part has its share of each.
 *
 * `given` keeps the part each row came with. Rows that came without one are divided by the shares;
 * when no row was given as validation, that share is taken from the given training rows, because
 * the best checkpoint must be chosen by something other than test.
 *
 * Pure: equal rows and settings give equal parts.
 */
export function divide(rows: readonly DividableRow[], settings: SplitSettings): Map<number, Part> {
  const random = new Random(settings.seed);
  const members = new Map<number, Part>();
  if (settings.kind === 'random') {
    divideFree(rows, settings, random, members);
    return members;
  }
  const free = rows.filter((row) => row.givenPart === null);
  const given = rows.filter((row) => row.givenPart !== null);
  for (const row of given) if (row.givenPart) members.set(row.id, row.givenPart);
  divideFree(free, settings, random, members);
  const hasValidation = given.some((row) => row.givenPart === 'validation');
  if (!hasValidation && settings.validation > 0) {
    const train = given.filter((row) => row.givenPart === 'train');
    divideFree(train, { ...settings, test: 0 }, random, members);
  }
  return members;
}

/** How many rows each part has. */
export function countParts(members: ReadonlyMap<number, Part>): PartCounts {
  const counts: PartCounts = { train: 0, validation: 0, test: 0 };
  for (const part of members.values()) counts[part]++;
  return counts;
}

/** Rows of validation and test whose masked text also stands in train. */
export function countMaskedLeaks(
  rows: readonly DividableRow[],
  members: ReadonlyMap<number, Part>,
): number {
  const inTrain = new Set(
    rows.filter((row) => members.get(row.id) === 'train').map((row) => row.maskedText),
  );
  return rows.filter((row) => members.get(row.id) !== 'train' && inTrain.has(row.maskedText))
    .length;
}

function divideFree(
  rows: readonly DividableRow[],
  settings: SplitSettings,
  random: Random,
  members: Map<number, Part>,
): void {
  const strata = groupBy(rows, (row) => (settings.stratify ? (row.gold ?? '') : ''));
  for (const stratum of strata.values()) {
    const groups = [
      ...groupBy(stratum, (row) =>
        settings.groupByMaskedText ? row.maskedText : String(row.id),
      ).values(),
    ];
    const wanted = {
      test: Math.round(stratum.length * settings.test),
      validation: Math.round(stratum.length * settings.validation),
    };
    const filled = { test: 0, validation: 0 };
    for (const group of random.shuffle(groups)) {
      const part = (['test', 'validation'] as const).find(
        (name) => filled[name] + group.length <= wanted[name],
      );
      if (part) filled[part] += group.length;
      for (const row of group) members.set(row.id, part ?? 'train');
    }
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
