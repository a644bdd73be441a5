import { systemKey, systemOf } from '../../contract/entities.ts';
import type { Comparing } from '../../contract/entities.ts';
import type { AnswerSheet } from '../../core/comparison/sheet.ts';
import type { TermRows } from '../../core/comparison/terms.ts';
import type { Store } from '../../store/store.ts';

/** What the conditions of slices read of the rows of a sheet; every read is a scan of the part. */
export function termRowsOf(store: Store, comparing: Comparing, sheet: AnswerSheet): TermRows {
  const { splitId, part } = comparing;
  return {
    length: sheet.exampleIds.length,
    labels: sheet.labels,
    gold: sheet.gold,
    inputLengths: sheet.inputLengths,
    *inputs() {
      for (const { input } of store.slices.texts(splitId, part)) yield input;
    },
    *column(name) {
      for (const { meta } of store.slices.texts(splitId, part)) yield valueOf(meta, name);
    },
    datasets: () => store.answers.rows(splitId, part).map(({ datasetId }) => datasetId),
    flagged() {
      const extractionId = flaggingExtraction(store, comparing);
      const known = new Map<number, boolean>();
      if (extractionId !== null) {
        for (const { exampleId, flagged } of store.slices.flagged(extractionId, splitId, part)) {
          known.set(exampleId, flagged);
        }
      }
      return Array.from(sheet.exampleIds, (exampleId) => known.get(exampleId) ?? null);
    },
  };
}

/** Of a kept column; null where the row has none. */
export const valueOf = (
  meta: Readonly<Record<string, string>> | null,
  column: string,
): string | null => (meta !== null && Object.hasOwn(meta, column) ? (meta[column] ?? null) : null);

/**
 * Changes whenever the flags that are meant do, or whose they are. Cheap: it goes through no rows,
 * where {@link flaggingExtraction} may have to.
 */
export function flagsStamp({ answers, extractions }: Store, comparing: Comparing): string {
  const { projectId, splitId, part, systems } = comparing;
  const teacher = systems.find((key) => systemOf(key).kind === 'teacher');
  const keys =
    teacher === undefined
      ? extractions.list(projectId).map(({ id }) => systemKey.teacher(id))
      : [teacher];
  const flags = keys.map((key) => answers.flagStamp(systemOf(key).id));
  return JSON.stringify([answers.stamp(splitId, part, keys), flags]);
}

/**
 * Whose flags are meant: those of the first teacher that is compared, else of the newest extraction
 * that answered rows of the part. Null where there is none.
 */
export function flaggingExtraction(store: Store, comparing: Comparing): string | null {
  for (const key of comparing.systems) {
    const { kind, id } = systemOf(key);
    if (kind === 'teacher') return id;
  }
  const [newest] = store.answers.extractions(comparing.splitId, comparing.part);
  return newest?.extractionId ?? null;
}
