import type { Task } from '../../contract/entities.ts';
import { evaluateExpression } from '../expression.ts';
import { isCorrect, resolveChoice } from '../score.ts';
import { foldWhitespace } from '../text.ts';

/**
 * Numbers labels 0, 1, … in the order in which they first appear. Labels that score as the same answer
 * (`isCorrect`) have the same number: by value in arithmetic, by option where there are choices, else by
 * their text with white space folded.
 */
export class LabelNumbers {
  readonly #task: Task;
  /** By texts as they came: labels are few and are repeated. */
  readonly #numbers = new Map<string, number>();
  readonly #byForm = new Map<string, number>();
  readonly #byValue = new Map<string, number[]>();
  readonly #texts: string[] = [];

  constructor(task: Task) {
    this.#task = task;
  }

  /** The first text of each number; of a choice that of the option. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** @param choices of the row, which say what option a label names */
  of(label: string, choices: readonly string[] | null): number {
    const text = this.#task === 'multiple-choice' ? optionOf(label, choices ?? []) : label;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#find(text);
    this.#numbers.set(text, number);
    return number;
  }

  #find(text: string): number {
    const value = this.#task === 'arithmetic' ? evaluateExpression(text) : null;
    if (value !== null) return this.#findValue(text, value);
    const form = foldWhitespace(text);
    const known = this.#byForm.get(form);
    if (known !== undefined) return known;
    const number = this.#add(text);
    this.#byForm.set(form, number);
    return number;
  }

  /** Values that are close share a key, or have keys of which one is the other's neighbour. */
  #findValue(text: string, value: number): number {
    const keys = neighbouringKeys(value);
    for (const key of keys) {
      for (const number of this.#byValue.get(key) ?? []) {
        if (isCorrect('arithmetic', text, this.#texts[number] ?? '', null)) return number;
      }
    }
    const number = this.#add(text);
    const own = coarse(value);
    this.#byValue.set(own, [...(this.#byValue.get(own) ?? []), number]);
    return number;
  }

  #add(text: string): number {
    return this.#texts.push(text) - 1;
  }
}

/** Most labels are written as their option is, which takes no reading. */
const optionOf = (label: string, choices: readonly string[]): string =>
  choices.includes(label) ? label : (resolveChoice(label, choices) ?? label);

/** Wider than the scores' tolerance of 1e-6, so that what scores as equal is at most one key away. */
const reach = 2e-6;

const coarse = (value: number): string =>
  Math.abs(value) < 1 ? value.toFixed(4) : value.toPrecision(5);

function neighbouringKeys(value: number): Set<string> {
  const slack = reach * Math.max(1, Math.abs(value));
  return new Set([coarse(value), coarse(value - slack), coarse(value + slack)]);
}
