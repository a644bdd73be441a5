import type { CallOutput } from '../../contract/calls.ts';
import type { Part, Project, Split, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { composeInput, maskNumbers } from '../../core/text.ts';
import type { FullExample, Store } from '../../store/store.ts';
import { countMaskedLeaks, countParts, divide } from './divide.ts';
import type { DividableRow } from './divide.ts';

export const defaultSplitSettings: SplitSettings = {
  kind: 'random',
  validation: 0.1,
  test: 0.1,
  stratify: true,
  groupByMaskedText: true,
  seed: 1,
};

/**
 * What a split with these settings would hold, without saving it.
 * @throws StudioError rows-missing, invalid-input
 */
export function previewSplit(
  store: Store,
  projectId: string,
  settings: SplitSettings,
): CallOutput<'splits.preview'> {
  const project = store.projects.get(projectId);
  const rows = dividableRows(store, project);
  const members = divide(rows, effective(settings, project));
  return {
    counts: countParts(members),
    labels: project.task === 'classification' ? labelCounts(rows, members) : [],
    maskedLeaks: countMaskedLeaks(rows, members),
  };
}

/**
 * Saves a split, frozen: which example belongs to which part never changes again.
 * @throws StudioError rows-missing, invalid-input when train or test would be empty
 */
export function createSplit(
  store: Store,
  input: { projectId: string; name: string | null; settings: SplitSettings },
): Split {
  const project = store.projects.get(input.projectId);
  const rows = dividableRows(store, project);
  const members = divide(rows, effective(input.settings, project));
  const counts = countParts(members);
  for (const part of ['train', 'test'] as const) {
    if (counts[part] > 0) continue;
    throw new StudioError(
      'invalid-input',
      `This split would leave no row for ${part}.`,
      whatHelps(part, rows, input.settings),
    );
  }
  return store.splits.create({ ...input, members });
}

function whatHelps(
  part: 'train' | 'test',
  rows: readonly DividableRow[],
  { groupByMaskedText, test }: SplitSettings,
): string {
  const groups = new Set(rows.map((row) => row.maskedText)).size;
  if (part === 'test' && test > 0 && groupByMaskedText && groups < rows.length) {
    return `Rows that differ only in their numbers stay together, and they make ${groups === 1 ? 'one group' : `${groups} groups`}, too large for this share: raise it, or let such rows be divided (--no-group).`;
  }
  return part === 'test'
    ? 'Raise the share of the test part, or mark an imported file as test.'
    : 'Lower the shares of validation and test, or import more rows.';
}

/** What a person chose, with what can't apply switched off. @throws StudioError invalid-input */
function effective(settings: SplitSettings, project: Project): SplitSettings {
  if (settings.validation + settings.test >= 1) {
    throw new StudioError(
      'invalid-input',
      'The shares of validation and test leave nothing to train on.',
      'Let the two shares add up to less than 1, for example 0.1 and 0.1.',
    );
  }
  return { ...settings, stratify: settings.stratify && project.task === 'classification' };
}

function dividableRows(store: Store, project: Project): DividableRow[] {
  const rows = Array.from(store.data.examples(project.id), dividable);
  if (rows.length === 0) {
    throw new StudioError(
      'rows-missing',
      'There are no rows to divide yet.',
      'Import a file first, then come back to the split.',
    );
  }
  return rows;
}

function dividable(example: FullExample): DividableRow {
  return {
    id: example.id,
    gold: example.gold,
    maskedText: maskNumbers(composeInput(example.input, example.choices)),
    givenPart: example.givenPart,
  };
}

function labelCounts(rows: readonly DividableRow[], members: ReadonlyMap<number, Part>) {
  const byLabel = new Map<string, Map<number, Part>>();
  for (const row of rows) {
    const part = members.get(row.id);
    if (row.gold === null || part === undefined) continue;
    const counted = byLabel.get(row.gold) ?? new Map<number, Part>();
    byLabel.set(row.gold, counted.set(row.id, part));
  }
  return [...byLabel]
    .map(([label, counted]) => ({ label, counts: countParts(counted) }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}
