import { z } from 'zod';
import type { Columns } from './options.ts';
import type { Answer, AskedStudent, Question } from './student.ts';

/**
 * Longer texts are refused: a student reads a few hundred tokens, and the rest is cut off unseen. The
 * app, which tries a folder on rows of its project, cuts them off itself.
 */
export const LONGEST_TEXT = 20_000;
export const MOST_CHOICES = 26;

/** A row of a file or of standard input: its values by column, and where it stood. */
export interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether it was written in JSON, and is answered so. */
  readonly json: boolean;
  /** What is wrong with the row as it was written; such a row is kept and not answered. */
  readonly problem: string | null;
}

const INPUT_NAMES = ['input', 'text', 'question'];
const CHOICE_NAMES = ['choices', 'options'];
const RATIONALE_NAMES = ['teacherRationale', 'teacher_rationale'];

export interface ChosenColumns {
  readonly input: string;
  readonly choices: string | null;
  readonly rationale: string | null;
}

/**
 * Which columns are read: those that were named, else those with the usual names.
 * @returns a sentence where there is none to read
 */
export function chooseColumns(
  named: Columns,
  there: readonly string[],
  { manifest }: Pick<AskedStudent, 'manifest'>,
): ChosenColumns | string {
  const missing = Object.values(named).find((name) => name !== null && !there.includes(name));
  const all = there.map((name) => `“${name}”`).join(', ');
  if (missing !== undefined) return `There is no column “${missing}”. There are: ${all}.`;
  const usual = (names: readonly string[]): string | null =>
    names.find((name) => there.includes(name)) ?? null;
  const input = named.input ?? usual(INPUT_NAMES);
  if (input === null) {
    return `Say with --column which column holds the question. There are: ${all}.`;
  }
  const { task, rationaleMark } = manifest;
  return {
    input,
    choices: named.choices ?? (task === 'multiple-choice' ? usual(CHOICE_NAMES) : null),
    rationale: named.rationale ?? (rationaleMark === null ? null : usual(RATIONALE_NAMES)),
  };
}

/** The question of a row, or what is wrong with it. */
export function questionOf(
  row: Row,
  columns: ChosenColumns,
  longest = LONGEST_TEXT,
): Question | string {
  if (row.problem !== null) return row.problem;
  const input = textOf(row.values[columns.input]);
  if (input === null) return `“${columns.input}” holds no text.`;
  const choices = columns.choices === null ? null : choicesOf(row.values[columns.choices]);
  if (typeof choices === 'string') return choices;
  const rationale = columns.rationale === null ? null : textOf(row.values[columns.rationale]);
  const teacherRationale = rationale === '' ? null : rationale;
  return checked({ input, choices, teacherRationale }, longest);
}

/** A question that can be asked, or what is wrong with it. */
export function checked(question: Question, most = LONGEST_TEXT): Question | string {
  const { input, choices, teacherRationale } = question;
  if (input.trim() === '') return 'The question is empty.';
  const texts = [input, ...(choices ?? []), teacherRationale ?? ''];
  const longest = Math.max(...texts.map((text) => text.length));
  if (longest > most) {
    return `The text is ${longest} characters long, and ${most} are the most.`;
  }
  if (choices !== null && choices.length > MOST_CHOICES) {
    return `There are ${choices.length} choices, and ${MOST_CHOICES} are the most.`;
  }
  if (choices?.some((choice) => choice.trim() === '')) return 'A choice is empty.';
  return question;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

const Choices = z.array(z.union([z.string(), z.number().transform(String)]));

/** A list, the JSON of one, or texts parted by `|`; null where there are none. */
function choicesOf(value: unknown): string[] | null | string {
  if (value === null || value === undefined || value === '') return null;
  let list: unknown = value;
  if (typeof value === 'string') {
    if (!value.trim().startsWith('[')) return value.split('|').map((choice) => choice.trim());
    try {
      list = JSON.parse(value);
    } catch {
      list = null;
    }
  }
  const parsed = Choices.safeParse(list);
  if (!parsed.success) return 'The choices are no list of texts.';
  return parsed.data.length === 0 ? null : parsed.data;
}

export interface Shown {
  readonly rationale: boolean;
  readonly tokens: boolean;
}

/** An answer as it is written in JSON. */
export interface AnswerRecord {
  readonly label: string;
  readonly confidence: number;
  readonly rationale?: string | null;
  readonly ask?: 'teacher';
  readonly ids?: readonly number[];
  readonly rationaleIds?: readonly number[] | null;
}

export function recordOf(answer: Answer, { rationale, tokens }: Shown): AnswerRecord {
  return {
    label: answer.label,
    confidence: answer.confidence,
    ...(rationale ? { rationale: answer.rationale } : {}),
    ...(answer.asksTeacher ? { ask: 'teacher' } : {}),
    ...(tokens
      ? {
          ids: [...answer.ids],
          rationaleIds: answer.rationaleIds === null ? null : [...answer.rationaleIds],
        }
      : {}),
  };
}
