import type { SliceTerm, Slices } from '../../contract/entities.ts';
import { bitsWhere } from './row-bits.ts';
import type { RowBits } from './row-bits.ts';
import type { Coded, TextFeatures } from './slice-features.ts';
import { within } from './terms.ts';

/** A condition and the rows that meet it. */
export interface Condition {
  readonly term: SliceTerm;
  readonly rows: RowBits;
}

/** Conditions that part the rows, in a sensible order. */
export interface Group {
  readonly by: Slices['groups'][number]['by'];
  readonly name: string | null;
  readonly conditions: readonly Condition[];
}

/** What groups are made of, in columns. */
export interface GroupedRows {
  readonly length: number;
  readonly labels: readonly string[];
  readonly gold: Int32Array;
  readonly inputLengths: Int32Array;
  readonly numbers: Int32Array;
  readonly columns: TextFeatures['columns'];
  readonly datasets: Coded;
  /** Null where no teacher's answer was checked. */
  readonly flagged: readonly (boolean | null)[] | null;
}

/** Labels beyond which they are answers rather than classes. */
const mostClasses = 20;
/** Inputs with so many numbers, or more, are one group. */
const manyNumbers = 5;

/** The groups that need no search; those that would not part the rows are left out. */
export function groupsOf(rows: GroupedRows): Group[] {
  const { length } = rows;
  const codedGroup = (
    by: Group['by'],
    name: string | null,
    { values, codes }: Coded,
    termOf: (value: string) => SliceTerm,
  ): Group => ({
    ...{ by, name },
    conditions: values.map((value, place) => ({
      term: termOf(value),
      rows: bitsWhere(length, (row) => codes[row] === place),
    })),
  });
  const groups: Group[] = [
    codedGroup('gold', null, classesOf(rows), (label) => ({ kind: 'gold', label })),
    bandGroup('length', rows.inputLengths, quarters(rows.inputLengths)),
    bandGroup('numbers', rows.numbers, [0, 1, 2, 3, 4, manyNumbers]),
    codedGroup('dataset', null, rows.datasets, (datasetId) => ({ kind: 'dataset', datasetId })),
    ...[...rows.columns].map(([column, coded]) =>
      codedGroup('column', column, sorted(coded), (value) => ({ kind: 'column', column, value })),
    ),
    flaggedGroup(rows),
  ];
  return groups.map(withRows).filter(({ conditions }) => conditions.length > 1);
}

const withRows = (group: Group): Group => ({
  ...group,
  conditions: group.conditions.filter(({ rows }) => rows.some((word) => word !== 0)),
});

/** Gold labels where they are few, the commonest first; otherwise none. */
function classesOf({ labels, gold }: GroupedRows): Coded {
  const counts = new Map<number, number>();
  for (const label of gold) if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (counts.size > mostClasses) return { values: [], codes: gold };
  const order = [...counts].sort(([, a], [, b]) => b - a).map(([label]) => label);
  return {
    values: order.map((label) => labels[label] ?? ''),
    codes: gold.map((label) => order.indexOf(label)),
  };
}

/** Values by their text; numbers in it count as numbers. */
function sorted({ values, codes }: Coded): Coded {
  const order = values
    .map((_, place) => place)
    .sort((a, b) => (values[a] ?? '').localeCompare(values[b] ?? '', 'en', { numeric: true }));
  const places = new Map(order.map((place, rank) => [place, rank]));
  return {
    values: order.map((place) => values[place] ?? ''),
    codes: codes.map((code) => places.get(code) ?? -1),
  };
}

/** Lower ends of four bands with a quarter of the rows each; fewer where many rows are equal. */
export function quarters(values: Int32Array): number[] {
  const ascending = values.toSorted();
  const at = (share: number): number => ascending[Math.floor(share * ascending.length)] ?? 0;
  return [...new Set([0, at(0.25), at(0.5), at(0.75)])];
}

function bandGroup(kind: 'length' | 'numbers', values: Int32Array, ends: readonly number[]): Group {
  const conditions = ends.map((from, index) => {
    const band = { from, to: ends[index + 1] ?? null };
    return {
      term: { kind, ...band },
      rows: bitsWhere(values.length, (row) => within(values[row] ?? 0, band)),
    };
  });
  return { by: kind, name: null, conditions };
}

function flaggedGroup({ length, flagged }: GroupedRows): Group {
  const conditions = [true, false].map((value) => ({
    term: { kind: 'flagged' as const, flagged: value },
    rows: bitsWhere(length, (row) => flagged?.[row] === value),
  }));
  return { by: 'flagged', name: null, conditions };
}
