import type { ColumnMapping, Task } from '../../contract/entities.ts';
import { evaluateExpression } from '../../core/expression.ts';
import { readChoices } from './choices.ts';
import type { Table } from './table.ts';
import { valueText } from './table.ts';

/** Rows that are looked at. */
const SAMPLE = 1_000;
/** A label set has at most so many labels, and each is used a few times. */
const MAX_LABELS = 30;

/** Names by role, as data sets use them; the first that is there wins. */
const names = {
  id: ['id', 'uid', 'idx', 'guid', 'example_id', 'question_id', 'qid', 'pair_id', 'pairid', 'key'],
  input: [
    'input',
    'question',
    'text',
    'sentence',
    'query',
    'prompt',
    'problem',
    'document',
    'review',
    'content',
    'x',
  ],
  label: [
    'label',
    'answer',
    'gold',
    'gold_label',
    'target',
    'answerkey',
    'answer_key',
    'class',
    'category',
    'equation',
    'y',
  ],
  choices: [
    'choices',
    'options',
    'candidates',
    'answers',
    'endings',
    'choices.text',
    'options.text',
    'question.choices',
  ],
  rationale: [
    'rationale',
    'explanation',
    'reason',
    'reasoning',
    'chain_of_thought',
    'cot',
    'explanation_1',
    'abstractive_explanation',
  ],
  completion: [
    'teacher_completion',
    'completion',
    'response',
    'output',
    'generation',
    'teacher_output',
    'llm_output',
  ],
} as const;

/** Columns that only together are the input. */
const together: readonly (readonly string[])[] = [
  ['premise', 'hypothesis'],
  ['sentence1', 'sentence2'],
  ['question1', 'question2'],
  ['body', 'question'],
  ['context', 'question'],
  ['passage', 'question'],
  ['story', 'question'],
];

/** One column per choice: `choice_a`, `option 1`, `A`, `ending0`, … */
const ONE_CHOICE =
  /^(?:(?:choice|option|opt|answer|ending|candidate|sol)[ _.-]?(?:[a-h]|\d)|[a-h])$/;

/** A first guess, from names and values, of what each column is for; every part of it can be changed. */
export function suggest(table: Table): { mapping: ColumnMapping; task: Task } {
  const free = new Map(table.columns.map((column) => [column.toLowerCase(), column] as const));
  const take = (candidates: readonly string[]): string | null => {
    const name = candidates.find((candidate) => free.has(candidate));
    const column = name === undefined ? null : (free.get(name) ?? null);
    if (name !== undefined) free.delete(name);
    return column;
  };

  const id = take(names.id);
  const completion = take(names.completion);
  const rationale = take(names.rationale);
  const choices = suggestChoices(table, take);
  const pair = together.find((columns) => columns.every((column) => free.has(column)));
  const template =
    pair === undefined ? null : pair.map((column) => braced(take([column]) ?? column)).join('\n');
  const label = take(names.label);
  const input =
    template === null ? (take(names.input) ?? longest(table, [...free.values()])) : null;

  const mapping = { id, input, template, label, choices, rationale, completion };
  return { mapping, task: suggestTask(table, mapping) };
}

function braced(column: string): string {
  return `{${column}}`;
}

function suggestChoices(
  table: Table,
  take: (candidates: readonly string[]) => string | null,
): string[] {
  const list = names.choices.find((name) => {
    const position = table.columns.findIndex((column) => column.toLowerCase() === name);
    return position >= 0 && holdsLists(table, position);
  });
  const column = list === undefined ? null : take([list]);
  if (column !== null) return [column];
  const single = table.columns.filter((name) => ONE_CHOICE.test(name.toLowerCase()));
  return single.length >= 2 ? single.flatMap((name) => take([name.toLowerCase()]) ?? []) : [];
}

function holdsLists(table: Table, position: number): boolean {
  const rows = table.records.slice(0, 20);
  return rows.some((record) => {
    const found = readChoices([({ values }) => values[position]], record);
    return 'choices' in found && found.choices.length >= 2;
  });
}

/** The column with the longest texts, for files whose names say nothing. */
function longest(table: Table, columns: readonly string[]): string | null {
  const rows = table.records.slice(0, SAMPLE);
  const lengths = columns.map((column) => {
    const position = table.columns.indexOf(column);
    return rows.reduce((sum, { values }) => sum + valueText(values[position]).length, 0);
  });
  return columns[lengths.indexOf(Math.max(...lengths))] ?? null;
}

function suggestTask(table: Table, mapping: ColumnMapping): Task {
  if (mapping.choices.length > 0) return 'multiple-choice';
  if (mapping.label === null) return 'text';
  const position = table.columns.indexOf(mapping.label);
  const labels = table.records
    .slice(0, SAMPLE)
    .map(({ values }) => valueText(values[position]).trim())
    .filter((label) => label !== '');
  if (labels.length === 0) return 'text';

  const distinct = new Set(labels).size;
  const values = labels.filter((label) => evaluateExpression(label) !== null).length;
  const calculates = labels.some((label) => /\d\s*[-+*/×÷]\s*[\d(]/.test(label));
  const repeated = distinct <= MAX_LABELS && distinct * 3 <= labels.length;
  if (values >= 0.9 * labels.length && (calculates || !repeated)) return 'arithmetic';
  return repeated ? 'classification' : 'text';
}
