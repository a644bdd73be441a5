import type { SliceTerm, SystemKey } from '../../../../electron/contract/entities.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import type { ActivePart, Outcome, Pair } from './filters.ts';

/** How systems and data sets are called here. */
export interface Names {
  readonly system: (key: SystemKey) => string;
  readonly dataset: (datasetId: string) => string;
}

interface BandWords {
  readonly upTo: (last: string) => string;
  readonly from: (from: string) => string;
  readonly between: (from: string, last: string) => string;
  readonly exactly: (value: string) => string;
}

/** `to` is the first that is no longer in it. */
function bandWords(words: BandWords, from: number, to: number | null): string {
  const { number } = i18n.format;
  if (to === null) return words.from(number(from));
  if (from === to - 1) return words.exactly(number(from));
  return from === 0 ? words.upTo(number(to - 1)) : words.between(number(from), number(to - 1));
}

/** A condition on rows in words. */
export function termWords(term: SliceTerm, names: Names): string {
  const t = i18n.t.compareRows;
  switch (term.kind) {
    case 'gold':
      return t.parts.gold(term.label);
    case 'length':
      return bandWords(t.characters, term.from, term.to);
    case 'numbers':
      return bandWords(t.numbers, term.from, term.to);
    case 'word':
      return t.parts.word(term.word);
    case 'column':
      return t.parts.column(term.column, term.value);
    case 'dataset':
      return t.parts.dataset(names.dataset(term.datasetId));
    case 'flagged':
      return term.flagged ? t.flagged : t.notFlagged;
  }
}

/** A part of a filter in words. */
export function partWords(part: ActivePart, names: Names): string {
  const t = i18n.t.compareRows;
  switch (part.kind) {
    case 'text':
      return t.parts.text(part.text.trim());
    case 'disagree':
      return t.disagree;
    case 'noted':
      return t.noted;
    case 'right':
      return t.parts.right(names.system(part.system));
    case 'wrong':
      return t.parts.wrong(names.system(part.system));
    case 'unsure':
      return t.unsure(names.system(part.system), i18n.format.percent(part.below));
    case 'said':
      return part.label === null
        ? t.noAnswer(names.system(part.system))
        : t.parts.said(names.system(part.system), part.label);
    case 'term':
      return termWords(part.term, names);
  }
}

export const outcomeWords = (outcome: Outcome, { reference, other }: Pair, names: Names): string =>
  i18n.t.compareRows.outcomes[outcome](names.system(reference), names.system(other));
