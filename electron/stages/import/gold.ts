import type { MappedRow, Project } from '../../contract/entities.ts';
import { resolveChoice } from '../../core/score.ts';
import { normaliseText } from '../../core/text.ts';

/** What rows are imported for. */
export type Target = Pick<Project, 'task' | 'labels'>;

/** A gold answer as a row has it: in the project's spelling, as a number of a choice, or wrong. */
export type Gold =
  { readonly label: string } | { readonly index: number } | { readonly problem: string };

/** Whether numbers of choices begin at 0 or at 1. */
export type IndexBase = 0 | 1;

/** What rows have shown of how they number choices. */
export interface IndexEvidence {
  /** A row names choice 0. */
  zero: boolean;
  /** A row names as many as there are: the last one, counted from 1. */
  past: boolean;
}

/** A file that names a choice 0 counts from 0; null where nothing tells. */
export const baseOf = ({ zero, past }: IndexEvidence): IndexBase | null =>
  zero ? 0 : past ? 1 : null;

/** `3`, or `3.0` as spreadsheets and data frames write it. */
const INDEX = /^(\d{1,4})(?:\.0+)?$/;
/** Labels whose spelling is remembered. */
const REMEMBERED = 10_000;

/** Reads gold labels for one project: mapped, then in the project's own spelling. */
export class GoldReader {
  readonly #target: Target;
  /** As the file writes a label -> as the project names it. */
  readonly #names: ReadonlyMap<string, string>;
  /** Normalised label -> the label as the project spells it. */
  readonly #labels: ReadonlyMap<string, string>;
  readonly #remembered = new Map<string, Gold>();

  constructor(target: Target, labelMap: Readonly<Record<string, string>>) {
    this.#target = target;
    this.#names = new Map(
      Object.entries(labelMap).map(([from, to]) => [from.trim(), to.trim()] as const),
    );
    this.#labels = new Map(target.labels.map((label) => [normaliseText(label), label]));
  }

  /** @param text trimmed, and not empty */
  read(text: string, choices: readonly string[] | null): Gold {
    const named = this.#names.get(text) ?? text;
    const { task } = this.#target;
    if (task === 'classification' && this.#labels.size > 0) return this.#classOf(named);
    if (task === 'multiple-choice' && choices !== null) return choiceOf(named, choices);
    return { label: named };
  }

  #classOf(text: string): Gold {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const label = this.#labels.get(normaliseText(text));
    const labels = quoted(this.#target.labels);
    const gold =
      label === undefined
        ? { problem: `The label “${short(text)}” is none of the project's: ${labels}.` }
        : { label };
    if (this.#remembered.size < REMEMBERED) this.#remembered.set(text, gold);
    return gold;
  }
}

function choiceOf(text: string, choices: readonly string[]): Gold {
  const label = resolveChoice(text, choices, 'normalised');
  if (label !== null) return { label };
  const index = INDEX.exec(text)?.[1];
  if (index !== undefined) return { index: Number(index) };
  return { problem: `The answer “${short(text)}” is not among the choices: ${quoted(choices)}.` };
}

/** The choice that a number means, or what is wrong with it. */
export function choiceAt(
  index: number,
  base: IndexBase,
  choices: MappedRow['choices'],
): Exclude<Gold, { index: number }> {
  const label = choices?.[index - base];
  if (label !== undefined) return { label };
  const count = choices?.length ?? 0;
  return { problem: `The answer ${index}, counted from ${base}, is none of the ${count} choices.` };
}

function quoted(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).map((text) => `“${short(text)}”`);
  return texts.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59).toWellFormed()}…` : text;
}
