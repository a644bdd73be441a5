import type { Project, SplitPreview, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Store } from '../../store/store.ts';
import { countParts, divide } from './divide.ts';
import type { DividableRow, Division, Parts } from './divide.ts';
import { movableClusters } from './guard/links.ts';
import { readRows } from './rows.ts';
import type { SplitRowsRead } from './rows.ts';
import { effective } from './settings.ts';

export interface DividedProject extends Division {
  readonly project: Project;
  readonly read: SplitRowsRead;
}

/**
 * Divides the rows of a project.
 * @param guarded whether the leak guard is to compare the rows afterwards
 * @yields how much of the work is done, 0 to 1
 * @throws StudioError rows-missing, invalid-input
 */
export function* divideProject(
  store: Store,
  projectId: string,
  settings: SplitSettings,
  guarded: boolean,
): Generator<number, DividedProject> {
  const project = store.projects.get(projectId);
  const chosen = effective(settings, project);
  const reading = readRows(store, project, chosen, guarded || chosen.move !== null);
  const share = chosen.move === null ? 1 : 0.3;
  const read = yield* scaled(reading, 0, share);
  const groups = Int32Array.from(read.rows, (row) => row.group);
  const movable =
    chosen.move === null || read.alike === null
      ? null
      : yield* scaled(movableClusters(read.alike, chosen.move, groups), share, 1);
  return { project, read, ...divide(read.rows, chosen, movable) };
}

/** What one part of some work yields, as progress of the whole from `from` to `to`. */
export function* scaled<T>(
  work: Generator<number, T>,
  from: number,
  to: number,
): Generator<number, T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield from + (to - from) * step.value;
  }
}

/** What a division holds, as a person looks at it before it is frozen. */
export function previewOf({ project, read, parts }: DividedProject): SplitPreview {
  return {
    counts: countParts(parts),
    labels: project.task === 'classification' ? labelCounts(read.rows, parts) : [],
    maskedLeaks: countMaskedLeaks(read.masked, parts),
    groups: read.grouped ? groupSizes(read.rows) : null,
    without: read.without,
  };
}

/** Rows of validation and test whose masked text also stands in train. */
export function countMaskedLeaks(masked: Int32Array, parts: Parts): number {
  const inTrain = new Set(masked.filter((_, row) => parts[row] === 0));
  return masked.filter((text, row) => parts[row] !== 0 && inTrain.has(text)).length;
}

/**
 * Refuses a division that nothing could be learned from, or measured by.
 * @throws StudioError invalid-input
 */
export function refuseEmptyParts({ read, parts }: DividedProject, settings: SplitSettings): void {
  const counts = countParts(parts);
  for (const part of ['train', 'test'] as const) {
    if (counts[part] > 0) continue;
    throw new StudioError(
      'invalid-input',
      `This split would leave no row for ${part}.`,
      whatHelps(part, read, settings),
    );
  }
}

function whatHelps(
  part: 'train' | 'test',
  { rows, grouped }: SplitRowsRead,
  { kind, test, fold, move }: SplitSettings,
): string {
  const { count } = groupSizes(rows);
  const wanted = test > 0 || fold !== null;
  if (part === 'test' && wanted && grouped && count < rows.length) {
    return `Rows that stay together make ${count === 1 ? 'one group' : `${count} groups`}, too large for this share: raise it, or let such rows be divided (--no-group).`;
  }
  if (part === 'test' && wanted && move !== null) {
    return 'Moving clusters has emptied it: raise its share, or move fewer kinds of clusters.';
  }
  if (part === 'test' && kind === 'time') {
    return 'Too many rows are of the same time, or of none: choose another column, or raise the share of the test part.';
  }
  return part === 'test'
    ? 'Raise the share of the test part, or mark an imported file as test.'
    : 'Lower the shares of validation and test, or import more rows.';
}

function groupSizes(rows: readonly DividableRow[]): { count: number; largest: number } {
  const sizes = new Map<number, number>();
  for (const { group } of rows) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  let largest = 0;
  for (const size of sizes.values()) largest = Math.max(largest, size);
  return { count: sizes.size, largest };
}

function labelCounts(rows: readonly DividableRow[], parts: Parts): SplitPreview['labels'] {
  const byLabel = new Map<string, number[]>();
  rows.forEach(({ gold }, row) => {
    if (gold === null) return;
    const counted = byLabel.get(gold);
    if (counted) counted.push(parts[row] ?? 0);
    else byLabel.set(gold, [parts[row] ?? 0]);
  });
  return [...byLabel]
    .map(([label, counted]) => ({ label, counts: countParts(Uint8Array.from(counted)) }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
