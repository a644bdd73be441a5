import type { Slices, SliceTerm, System } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';

/** After correction, slices below it are called weak; as the search has it. */
export const alpha = 0.05;

/** A condition in words. @param datasetName of its id */
export function termWords(term: SliceTerm, datasetName: (id: string) => string): string {
  const w = i18n.t.compareSlices.condition;
  const f = i18n.format;
  switch (term.kind) {
    case 'gold':
      return w.gold(term.label);
    case 'length': {
      if (term.to === null) return w.from(f.number(term.from));
      return term.from === 0
        ? w.below(f.number(term.to))
        : w.between(f.number(term.from), f.number(term.to - 1));
    }
    case 'numbers': {
      if (term.to === null) return w.numbersFrom(f.number(term.from));
      return term.to === term.from + 1
        ? w.numbers(term.from, f.number(term.from))
        : w.numbersBetween(f.number(term.from), f.number(term.to - 1));
    }
    case 'word':
      return w.word(term.word);
    case 'column':
      return w.column(term.column, term.value);
    case 'dataset':
      return w.dataset(datasetName(term.datasetId));
    case 'flagged':
      return term.flagged ? w.flagged : w.notFlagged;
  }
}

/** Conditions that all hold, as the beginning of a sentence. */
export function conditionWords(conditions: readonly string[]): string {
  const w = i18n.t.compareSlices;
  const [first = '', ...others] = conditions;
  return w.where(others.reduce((text, condition) => w.and(text, condition), first));
}

/** What a group parts the rows by. */
export function groupWords({ by, name }: Slices['groups'][number]): string {
  const w = i18n.t.compareSlices.group;
  return by === 'column' ? w.column(name ?? '') : w[by];
}

/** What has to be known of a system wherever its figures stand; null where there is nothing. */
export function systemNote({ teacherKind, needsTeacher }: System): string | null {
  if (teacherKind === 'practice') return i18n.t.practice.badge;
  return needsTeacher ? i18n.t.studies.keepsTeacher : null;
}
