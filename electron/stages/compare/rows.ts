import type {
  CompareFilter,
  CompareRow,
  RowCounts,
  SystemAnswer,
} from '../../contract/entities.ts';
import { filterRows } from '../../core/comparison/filter.ts';
import type { AnswerSheet, SystemColumns } from '../../core/comparison/sheet.ts';
import type { Page, Store, Window } from '../../store/store.ts';
import type { ReadSheet } from './sheet.ts';

/**
 * A page of the rows that a filter leaves. Labels are shown as each system wrote them.
 *
 * @param masks see `filterRows`
 * @throws StudioError invalid-input for a filter by a system that is not compared
 */
export function comparedRows(
  store: Store,
  { sheet, sources }: ReadSheet,
  filter: CompareFilter,
  masks: readonly Uint8Array[],
  { offset, limit }: Window,
): Page<CompareRow> {
  const found = filterRows(sheet, filter, masks);
  const shown = Array.from(found.subarray(offset, offset + limit), (place) => ({
    place,
    exampleId: sheet.exampleIds[place] ?? 0,
  }));
  const exampleIds = shown.map(({ exampleId }) => exampleId);
  const lines = new Map(
    store.answers.lines(exampleIds).map((line) => [line.exampleId, line] as const),
  );
  const written = sources.map((source) => store.answers.labels(source, exampleIds));
  const rows = shown.flatMap(({ place, exampleId }): CompareRow[] => {
    const line = lines.get(exampleId);
    if (line === undefined) return [];
    return [
      {
        ...line,
        noted: sheet.noted[place] === 1,
        answers: sheet.systems.map((system, index) =>
          answerAt(sheet, system, place, written[index]?.get(exampleId)),
        ),
      },
    ];
  });
  return { rows, total: found.length };
}

/** What a system said of a row. @param written as it wrote it, where that is known */
export function answerAt(
  { labels }: AnswerSheet,
  system: SystemColumns,
  place: number,
  written?: string,
): SystemAnswer {
  const number = system.label[place] ?? -1;
  const correct = system.correct[place] ?? -1;
  const confidence = system.confidence[place] ?? Number.NaN;
  return {
    label: number < 0 ? null : (written ?? labels[number] ?? null),
    correct: correct < 0 ? null : correct === 1,
    confidence: Number.isNaN(confidence) ? null : confidence,
    asked: system.asked[place] === 1,
  };
}

/** Gold labels that are offered to filter by. */
const mostGolds = 50;

/** What there is to filter by, over all rows: gold labels, and lengths that divide the rows in four. */
export function rowChoices({
  exampleIds,
  gold,
  labels,
  inputLengths,
}: AnswerSheet): Omit<RowCounts, 'counts'> {
  const counts = new Map<number, number>();
  for (const number of gold) if (number >= 0) counts.set(number, (counts.get(number) ?? 0) + 1);
  const golds = [...counts]
    .sort(([a, rowsA], [b, rowsB]) => rowsB - rowsA || a - b)
    .slice(0, mostGolds)
    .map(([number, rows]) => ({ label: labels[number] ?? '', rows }));
  return {
    rows: exampleIds.length,
    golds,
    goldLabels: counts.size,
    lengths: quartiles(inputLengths),
  };
}

/** Lengths at a quarter, a half and three quarters of the rows, rising, without repeats. */
function quartiles(lengths: Int32Array): number[] {
  const rising = lengths.slice().sort();
  const cuts = [0.25, 0.5, 0.75].map((share) => rising[Math.floor(share * rising.length)] ?? 0);
  return [...new Set(cuts)].filter((cut) => cut > (rising[0] ?? 0));
}
