import { rules } from './rules.ts';
import type { ReadingRule } from './rules.ts';

/** What the practice teacher makes of a problem when it makes no mistake. */
export interface Solution {
  /** Two to four sentences, without the answer phrase. */
  readonly rationale: string;
  /** Expression, tokens separated by spaces: `( 11 * 15 ) - 16`. */
  readonly answer: string;
}

/** Reads one problem of the sample project; null when no rule fits it. */
export function readProblem(text: string): Solution | null {
  for (const rule of rules) {
    const slots = read(rule, text);
    if (slots !== null) {
      return { rationale: fill(rule.rationale, slots), answer: fill(rule.answer, slots) };
    }
  }
  return null;
}

type Slots = ReadonlyMap<string, string>;

/** The words and numbers that the rule's clues find, or null when one of them is missing. */
function read(rule: ReadingRule, text: string): Slots | null {
  const slots = new Map<string, string>();
  for (const clue of rule.clues) {
    const found = resolve(clue, slots).exec(text);
    if (found === null) return null;
    for (const [slot, value] of Object.entries(found.groups ?? {})) slots.set(slot, value);
  }
  return slots;
}

/** A clue may name what an earlier clue found: `{good}` in its source stands for that word. */
function resolve(clue: RegExp, slots: Slots): RegExp {
  return clue.source.includes('{') ? new RegExp(fill(clue.source, slots)) : clue;
}

/** Puts the values in the template's `{slots}`. */
function fill(template: string, slots: Slots): string {
  return template.replace(/\{(\w+)\}/g, (whole, slot: string) => slots.get(slot) ?? whole);
}
