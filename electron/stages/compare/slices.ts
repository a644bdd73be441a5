import type { Accuracy, Comparing, Slices } from '../../contract/entities.ts';
import {
  addRow,
  bitsWhere,
  countBoth,
  countRows,
  emptyBits,
} from '../../core/comparison/row-bits.ts';
import type { RowBits } from '../../core/comparison/row-bits.ts';
import type { AnswerSheet, SystemColumns } from '../../core/comparison/sheet.ts';
import { coded, textFeatures } from '../../core/comparison/slice-features.ts';
import { groupsOf } from '../../core/comparison/slice-groups.ts';
import type { Condition, GroupedRows } from '../../core/comparison/slice-groups.ts';
import { findWeakSlices } from '../../core/comparison/weak-slices.ts';
import type { Found, Scored } from '../../core/comparison/weak-slices.ts';
import { wilson } from '../../core/statistics.ts';
import type { Store } from '../../store/store.ts';
import { readSheet } from './sheet.ts';
import { termRowsOf } from './slice-rows.ts';

/** Rows below which a slice tells nothing: the margin of error of 20 rows is some 20 points. */
export const fewestRows = 20;
/** Words that the search tries, the commonest that are not in more than half of the rows. */
const wordsTried = 150;
/** Weak slices of one system that are answered, and further ones that might be chance. */
const limits = { fewest: fewestRows, shown: 12, byChance: 3 };

/**
 * How well each system does on groups of rows, and slices on which one of them is weak.
 * @throws StudioError not-found for a system of another project, or without complete answers on the part
 */
export function slicesOf(store: Store, comparing: Comparing): Omit<Slices, 'looks'> {
  const sheet = readSheet(store, comparing);
  const { rows, words } = featuresOf(store, comparing, sheet);
  const systems = scoredSystems(sheet);
  const groups = groupsOf(rows);
  const conditions = [...groups.flatMap((group) => group.conditions), ...words];
  const { found, tried } = findWeakSlices(conditions, systems, limits);
  return {
    groups: groups.map(({ by, name, conditions: slices }) => ({
      ...{ by, name },
      slices: slices.map(({ term, rows: slice }) => ({
        terms: [term],
        rows: countRows(slice),
        scores: scoresOn(slice, systems),
      })),
    })),
    weak: found.flatMap((slice) => {
      const system = comparing.systems[slice.system];
      return system === undefined ? [] : [{ ...weakSlice(slice, systems), system }];
    }),
    ...{ tried, fewestRows },
  };
}

function weakSlice(
  slice: Found,
  systems: readonly Scored[],
): Omit<Slices['weak'][number], 'system'> {
  return {
    terms: [...slice.terms],
    rows: slice.count,
    scores: scoresOn(slice.rows, systems),
    rest: wilson(slice.restRight, slice.restCounted),
    p: slice.p,
    pCorrected: slice.pCorrected,
  };
}

/** Null where none of the rows has a gold label and was asked. */
const scoresOn = (slice: RowBits, systems: readonly Scored[]): (Accuracy | null)[] =>
  systems.map(({ counted, right }) => {
    const rows = countBoth(slice, counted);
    return rows === 0 ? null : wilson(countBoth(slice, right), rows);
  });

function featuresOf(
  store: Store,
  comparing: Comparing,
  sheet: AnswerSheet,
): { rows: GroupedRows; words: Condition[] } {
  const { splitId, part } = comparing;
  const source = termRowsOf(store, comparing, sheet);
  const { length } = source;
  const texts = textFeatures(store.slices.texts(splitId, part), length, {
    fewest: fewestRows,
    most: Math.floor(length / 2),
    words: wordsTried,
  });
  const rows: GroupedRows = {
    ...{ length, labels: sheet.labels, gold: sheet.gold, inputLengths: sheet.inputLengths },
    ...{ numbers: texts.numbers, columns: texts.columns },
    datasets: coded(source.datasets(), length),
    flagged: [...source.flagged()],
  };
  const words = texts.words.map(({ word, rows: standing }): Condition => {
    const bits = emptyBits(length);
    for (const row of standing) addRow(bits, row);
    return { term: { kind: 'word', word }, rows: bits };
  });
  return { rows, words };
}

/** Systems that were asked the same rows share the set of them: it is counted once. */
function scoredSystems({ systems, exampleIds }: AnswerSheet): Scored[] {
  const known: RowBits[] = [];
  return systems.map(({ correct }: SystemColumns) => {
    const counted = bitsWhere(exampleIds.length, (row) => (correct[row] ?? -1) >= 0);
    const same = known.find((bits) => bits.every((word, place) => word === counted[place]));
    if (same === undefined) known.push(counted);
    return {
      counted: same ?? counted,
      right: bitsWhere(exampleIds.length, (row) => correct[row] === 1),
    };
  });
}
