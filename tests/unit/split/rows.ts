import { splitSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { SplitSettings } from '../../../electron/contract/entities.ts';
import { partNames } from '../../../electron/stages/split/divide.ts';
import type { DividableRow, Parts } from '../../../electron/stages/split/divide.ts';

export const settings: SplitSettings = {
  ...splitSettingsDefaults,
  ...{ kind: 'random', validation: 0.1, test: 0.2, seed: 7 },
  ...{ stratify: false, groupByMaskedText: false },
};

/** A row that stands alone unless `more` says otherwise. */
export const row = (id: number, more: Partial<DividableRow> = {}): DividableRow => ({
  ...{ id, gold: null, givenPart: null, group: id, time: null },
  ...more,
});

export const rows = (
  count: number,
  make: (id: number) => Partial<DividableRow> = () => ({}),
): DividableRow[] => Array.from({ length: count }, (_, index) => row(index + 1, make(index + 1)));

/** The parts as letters: `t` test, `v` validation, `.` train. */
export const letters = (parts: Parts): string =>
  Array.from(parts, (part) => '.vt'[part] ?? '?').join('');

export const partOf = (parts: Parts, index: number): string =>
  partNames[parts[index] ?? 0] ?? 'train';
