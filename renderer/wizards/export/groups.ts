import type { ExportRecord, Run } from '../../../electron/contract/entities.ts';
import { inOrder } from './purposes.ts';

/** Exports of one checkpoint that were made one after another. */
export interface ExportGroup {
  readonly key: string;
  /** Null once the run is gone. */
  readonly run: Run | null;
  /** In the order of their purposes, the newest first of one format; at least one. */
  readonly records: readonly ExportRecord[];
}

/** Exports of a project, oldest first, as groups: the newest first. */
export function exportGroups(
  records: readonly ExportRecord[],
  runs: readonly Run[],
): ExportGroup[] {
  const groups: ExportRecord[][] = [];
  for (const record of records.toReversed()) {
    const last = groups.at(-1);
    const isSame = last?.[0]?.runId === record.runId && last[0].step === record.step;
    if (last !== undefined && isSame) last.push(record);
    else groups.push([record]);
  }
  return groups.map((group) => ({
    key: group.at(-1)?.id ?? '',
    run: runs.find(({ id }) => id === group[0]?.runId) ?? null,
    records: inOrder([...new Set(group.map(({ format }) => format))]).flatMap((format) =>
      group.filter((each) => each.format === format),
    ),
  }));
}
