import type { Entry, Scoreboard } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import type { TextTable } from '../../../lib/table-text.ts';
import type { Named } from './names.ts';

type Cell = string | number | null;

/** The scoreboard for other programs: shares as numbers, every end of an interval in a cell. */
export function scoreTable(entries: readonly Entry[], name: Named): TextTable {
  const w = i18n.t.compareScores;
  const columns: [string, (entry: Entry) => Cell][] = [
    [w.who, ({ key }) => name(key)],
    [w.accuracy, ({ accuracy }) => accuracy?.value ?? null],
    [w.low, ({ accuracy }) => accuracy?.low ?? null],
    [w.high, ({ accuracy }) => accuracy?.high ?? null],
    [w.macroF1, ({ macroF1 }) => macroF1?.value ?? null],
    [`${w.macroF1} ${w.low}`, ({ macroF1 }) => macroF1?.low ?? null],
    [`${w.macroF1} ${w.high}`, ({ macroF1 }) => macroF1?.high ?? null],
    [w.unparsed, ({ unparsed }) => unparsed.accuracy],
    [w.p50, ({ speed }) => speed?.p50 ?? null],
    [w.p95, ({ speed }) => speed?.p95 ?? null],
    [w.throughput, ({ speed }) => speed?.throughput ?? null],
    [w.parameters, ({ parameters }) => parameters],
    [w.size, ({ fileBytes }) => fileBytes],
    [w.memory, ({ speed }) => speed?.memoryBytes ?? null],
  ];
  return tableOf(columns, entries);
}

/** Every pair for other programs; differences in points. */
export function pairTable({ verdicts: { pairs } }: Scoreboard, name: Named): TextTable {
  const w = i18n.t.compareScores;
  const inPoints = (share: number | undefined): Cell => (share === undefined ? null : 100 * share);
  return tableOf<(typeof pairs)[number]>(
    [
      [w.a, ({ a }) => name(a)],
      [w.b, ({ b }) => name(b)],
      [w.rowsCompared, ({ rows }) => rows],
      [w.difference, ({ difference }) => inPoints(difference.value)],
      [w.low, ({ difference }) => inPoints(difference.low)],
      [w.high, ({ difference }) => inPoints(difference.high)],
      [w.p, ({ p }) => p],
      [w.pCorrected, ({ pCorrected }) => pCorrected],
      [w.f1Difference, ({ macroF1 }) => inPoints(macroF1?.value)],
      [w.verdictHead, ({ verdict }) => w.verdicts[verdict]],
      [w.rowsNeeded, ({ rowsNeeded }) => rowsNeeded],
    ],
    pairs,
  );
}

/** What the rationales are like. */
export function rationaleTable(entries: readonly Entry[], name: Named): TextTable {
  const w = i18n.t.compareScores;
  return tableOf<Entry>(
    [
      [w.who, ({ key }) => name(key)],
      [w.count, ({ rationales }) => rationales?.rows ?? null],
      [w.words, ({ rationales }) => rationales?.words.value ?? null],
      [w.arithmetic, ({ rationales }) => rationales?.arithmeticHolds?.accuracy ?? null],
      [w.leadsTo, ({ rationales }) => rationales?.leadsToLabel?.accuracy ?? null],
      [`${w.rouge} (${w.rougeNote})`, ({ rationales }) => rationales?.rougeL?.value ?? null],
    ],
    entries,
  );
}

/** Scores of each class. */
export function classTable({ classes }: Entry): TextTable {
  const w = i18n.t.compareScores;
  return tableOf<Entry['classes'][number]>(
    [
      [w.class, ({ label }) => label],
      [w.precision, ({ precision }) => precision?.accuracy ?? null],
      [w.recall, ({ recall }) => recall?.accuracy ?? null],
      [w.f1, ({ f1 }) => f1?.value ?? null],
    ],
    classes,
  );
}

function tableOf<T>(
  columns: readonly (readonly [string, (of: T) => Cell])[],
  rows: readonly T[],
): TextTable {
  return {
    head: columns.map(([name]) => name),
    rows: rows.map((row) => columns.map(([, cell]) => cell(row))),
  };
}
