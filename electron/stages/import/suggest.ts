import type { ColumnMapping, Part, Task } from '../../contract/entities.ts';
import { mappingDefaults } from '../../contract/entities.ts';
import { evaluateExpression } from '../../core/expression.ts';
import { readChoices } from './choices.ts';
import type { SourceRecord } from './read/index.ts';
import { valueText } from './read/index.ts';

/** What is seen of a file when its columns are guessed. */
export interface Glance {
  readonly columns: readonly string[];
  /** The first rows. */
  readonly records: readonly SourceRecord[];
  /** Distinct values of the columns that have few. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** Rows that are looked at. */
export const SUGGEST_ROWS = 1_000;
/** A label set has at most so many labels, and each is used a few times. */
const MAX_LABELS = 30;

/** Names by role, as data sets use them; the first that is there wins. */
const names = {
  id: [
    'id',
    'uid',
    'idx',
    'guid',
    'example_id',
    'question_id',
    'qid',
    'pair_id',
    'pairid',
    'key',
    '번호',
    '아이디',
  ],
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
    'question.stem',
    'instruction',
    ...['질문', '문제', '문장', '텍스트', '본문', '내용', '리뷰'],
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
    'sentiment',
    ...['정답', '답', '답변', '라벨', '레이블', '분류', '감정'],
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
    ...['보기', '선택지'],
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
    ...['해설', '풀이', '설명', '근거', '이유'],
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
  part: ['split', 'part', 'partition', 'subset', 'set', 'fold'],
} as const;

/** Columns worth keeping with each row: to group by, to order by time, to look at. */
const worthKeeping = new Set([
  ...['group', 'group_id', 'cluster', 'topic', 'domain', 'genre', 'subject', 'category', 'type'],
  ...['source', 'author', 'user', 'user_id', 'speaker', 'document_id', 'doc_id', 'passage_id'],
  ...['date', 'time', 'timestamp', 'datetime', 'created_at', 'updated_at', 'published', 'year'],
  ...['language', 'lang', 'difficulty', 'level', 'grade'],
]);
const MOST_KEPT = 10;

/** What files call the parts of a split. */
const partNames: Readonly<Record<string, Part>> = {
  ...{ train: 'train', training: 'train', tr: 'train' },
  ...{ validation: 'validation', valid: 'validation', val: 'validation' },
  ...{ dev: 'validation', development: 'validation' },
  ...{ test: 'test', testing: 'test', heldout: 'test', 'held-out': 'test' },
};

/**
 * Numbers that published data sets use for labels, where the columns leave no doubt which data set
 * it is like: SNLI, MultiNLI and ANLI; Quora's question pairs; reviews.
 */
const numberedLabels: readonly {
  readonly columns: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}[] = [
  {
    columns: ['premise', 'hypothesis'],
    labels: { 0: 'entailment', 1: 'neutral', 2: 'contradiction' },
  },
  { columns: ['question1', 'question2'], labels: { 0: 'different', 1: 'duplicate' } },
  { columns: ['review'], labels: { 0: 'negative', 1: 'positive' } },
];

/** Columns that only together are the input. */
const together: readonly (readonly string[])[] = [
  ['premise', 'hypothesis'],
  ['sentence1', 'sentence2'],
  ['question1', 'question2'],
  ['body', 'question'],
  ['context', 'question'],
  ['passage', 'question'],
  ['story', 'question'],
  ['instruction', 'input'],
  ...[
    ['지문', '질문'],
    ['본문', '질문'],
  ],
];

/** One column per choice: `choice_a`, `option 1`, `A`, `ending0`, … */
const ONE_CHOICE =
  /^(?:(?:choice|option|opt|answer|ending|candidate|sol)[ _.-]?(?:[a-h]|\d)|[a-h])$/;

/** A first guess, from names and values, of what each column is for; every part of it can be changed. */
export function suggest(table: Glance): { mapping: ColumnMapping; task: Task } {
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

  const part = suggestPart(table, take);
  const keep = [...free]
    .filter(([name, column]) => worthKeeping.has(name) && column !== input)
    .map(([, column]) => column)
    .slice(0, MOST_KEPT);
  const roles = { id, input, template, label, choices, rationale, completion };
  const mapping = {
    ...{ ...mappingDefaults, ...roles, part, keep },
    labelMap: suggestLabelMap(table, label),
  };
  return { mapping, task: suggestTask(table, mapping) };
}

/** A column whose values are names of parts and nothing else. */
function suggestPart(
  table: Glance,
  take: (candidates: readonly string[]) => string | null,
): ColumnMapping['part'] {
  const name = names.part.find((candidate) => {
    const column = table.columns.find((each) => each.toLowerCase() === candidate);
    const values = column === undefined ? [] : (table.values[column] ?? []);
    return values.length > 0 && values.every((value) => partNamed(value) !== null);
  });
  const column = name === undefined ? null : take([name]);
  if (column === null) return null;
  const values = (table.values[column] ?? []).flatMap((value) => {
    const part = partNamed(value);
    return part === null ? [] : [[value, part] as const];
  });
  return { column, values: Object.fromEntries(values) };
}

/** The part of a split that a word in a file means; null where it means none. */
export function partNamed(value: string): Part | null {
  const name = value.toLowerCase();
  return Object.hasOwn(partNames, name) ? (partNames[name] ?? null) : null;
}

/** Names for numbered labels; none where it is not plain what the numbers mean. */
function suggestLabelMap(table: Glance, label: string | null): Record<string, string> {
  const values = label === null ? [] : (table.values[label] ?? []);
  const columns = new Set(table.columns.map((column) => column.toLowerCase()));
  const known = numberedLabels.find((set) => set.columns.every((column) => columns.has(column)));
  if (known === undefined || values.length === 0) return {};
  return values.every((value) => Object.hasOwn(known.labels, value)) ? { ...known.labels } : {};
}

function braced(column: string): string {
  return `{${column}}`;
}

function suggestChoices(
  table: Glance,
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

function holdsLists(table: Glance, position: number): boolean {
  const rows = table.records.slice(0, 20);
  return rows.some((record) => {
    const found = readChoices([({ values }) => values[position]], record);
    return 'choices' in found && found.choices.length >= 2;
  });
}

/** The column with the longest texts, for files whose names say nothing. */
function longest(table: Glance, columns: readonly string[]): string | null {
  const rows = table.records.slice(0, SUGGEST_ROWS);
  const lengths = columns.map((column) => {
    const position = table.columns.indexOf(column);
    return rows.reduce((sum, { values }) => sum + valueText(values[position]).length, 0);
  });
  return columns[lengths.indexOf(Math.max(...lengths))] ?? null;
}

function suggestTask(table: Glance, mapping: ColumnMapping): Task {
  if (mapping.choices.length > 0) return 'multiple-choice';
  if (mapping.label === null) return 'text';
  const position = table.columns.indexOf(mapping.label);
  const labels = table.records
    .slice(0, SUGGEST_ROWS)
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
