import { ParseRules } from '../../../../electron/contract/entities.ts';
import type { ParseRule, ParseTrial, ParseTrials } from '../../../../electron/contract/entities.ts';

export const ruleKinds = ['phrases', 'pattern', 'json', 'last-line'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** A rule of a kind as it is before anyone filled it in. */
export function freshRule(kind: RuleKind): ParseRule {
  switch (kind) {
    case 'phrases':
      return { kind, phrases: [] };
    case 'pattern':
      return { kind, pattern: '' };
    case 'json':
      return { kind, answer: 'answer', rationale: 'rationale' };
    case 'last-line':
      return { kind };
  }
}

/** Whether rules can be sent as they are. */
export const usable = (rules: ParseRules): boolean => ParseRules.safeParse(rules).success;

/** What a rule gives, as one sees it in a word: phrases in quotes, a pattern, the names of fields. */
export function gistOf(rule: ParseRule): string {
  switch (rule.kind) {
    case 'phrases':
      return rule.phrases.map((phrase) => `“${phrase}”`).join(', ');
    case 'pattern':
      return rule.pattern;
    case 'json':
      return rule.answer;
    case 'last-line':
      return '';
  }
}

/** A list with the thing at one place moved by one. */
export function moved<T>(list: readonly T[], place: number, by: -1 | 1): T[] {
  const thing = list[place];
  const to = place + by;
  if (thing === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.toSpliced(place, 1);
  return rest.toSpliced(to, 0, thing);
}

/** Whether a set of rules reads a completion otherwise than it is saved. */
export const isChanged = ({ before, after }: ParseTrial): boolean =>
  before.label !== after.label || before.rationale !== after.rationale;

export type TrialFilter = 'all' | 'changed' | 'unparsed';

/** The trials of a page that a filter leaves. */
export function filtered(trials: ParseTrials, filter: TrialFilter): readonly ParseTrial[] {
  if (filter === 'changed') return trials.rows.filter(isChanged);
  if (filter === 'unparsed') return trials.rows.filter(({ after }) => after.label === null);
  return trials.rows;
}

export interface Stretch {
  readonly text: string;
  readonly is: 'rationale' | 'answer' | null;
}

/**
 * A completion cut where rationale and answer begin and end. Where both claim a character, it is
 * the answer's.
 */
export function stretches(
  trial: Pick<ParseTrial, 'completion' | 'rationaleAt' | 'answerAt'>,
): Stretch[] {
  const { completion: text, rationaleAt, answerAt } = trial;
  const within = (at: readonly [number, number] | null, place: number): boolean =>
    at !== null && place >= at[0] && place < at[1];
  const cuts = [0, ...(rationaleAt ?? []), ...(answerAt ?? []), text.length]
    .filter((cut) => cut >= 0 && cut <= text.length)
    .sort((a, b) => a - b);
  return cuts.flatMap((from, index) => {
    const to = cuts[index + 1] ?? from;
    if (to === from) return [];
    const is = within(answerAt, from) ? 'answer' : within(rationaleAt, from) ? 'rationale' : null;
    return [{ text: text.slice(from, to), is }];
  });
}
