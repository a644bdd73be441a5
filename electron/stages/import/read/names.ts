import { fault } from '../faults.ts';
import { counted } from './limits.ts';
import { MAX_COLUMNS } from './values.ts';

/** Characters in a column's name. */
const MAX_NAME = 1_000;
/** Characters of a text that is hardly a name, unless a column of numbers says so. */
const LONG_NAME = 200;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?%?$/;

/** Names that columns have and values hardly ever are. */
const KNOWN = new Set(
  (
    'id uid idx index guid key input question text sentence query prompt problem document review content ' +
    'label answer gold target class category choices options rationale explanation reason completion ' +
    'premise hypothesis context passage title body split part date time name ' +
    '질문 문제 문장 텍스트 본문 내용 제목 답 답변 정답 라벨 레이블 분류 보기 선택지 설명 해설 풀이 이유 번호 날짜'
  ).split(' '),
);

export const isKnownName = (cell: string): boolean => KNOWN.has(cell.trim().toLowerCase());
export const isNumber = (cell: string): boolean => NUMBER.test(cell);

/**
 * Whether the first row names the columns, guessed from the rows below it: yes where it holds a name
 * that is common, or a text above numbers; no where it holds numbers above numbers, a value that its
 * column holds again, or long texts. When nothing speaks for either, it does.
 *
 * @param rows the first rows, the one in question included
 */
export function looksLikeHeader(rows: readonly (readonly string[])[]): boolean {
  const first = rows[0]?.map((cell) => cell.trim()) ?? [];
  const below = rows.slice(1).filter((row) => row.some((cell, at) => cell.trim() !== first[at]));
  if (first.some(isKnownName)) return true;
  const columns = first.map((cell, at) => ({
    cell,
    values: below.map((row) => row[at]?.trim() ?? '').filter((value) => value !== ''),
  }));
  const numbers = columns.filter(({ values }) => values.length > 0 && values.every(isNumber));
  if (numbers.some(({ cell }) => cell !== '' && !NUMBER.test(cell))) return true;
  if (numbers.some(({ cell }) => isNumber(cell))) return false;
  if (columns.some(({ cell, values }) => cell !== '' && values.includes(cell))) return false;
  return !first.some((cell) => cell.length > LONG_NAME);
}

/**
 * The names a first row gives. A column without a name, as data-frame libraries write for the row
 * number, is called `column 1` by its place.
 *
 * @throws StudioError file-syntax
 */
export function columnNames(
  fields: readonly string[],
  fileName: string,
  line: number,
  unit: 'line' | 'row' = 'line',
): string[] {
  const refuse = (what: string) =>
    fault(
      'file-syntax',
      fileName,
      line,
      `The first row ${what}: it does not look like column names.`,
      'Give the file a first line with a short name for every column.',
      unit,
    );
  if (fields.length > MAX_COLUMNS) throw refuse(`has ${counted(fields.length)} values`);
  const longest = fields.reduce((most, field) => Math.max(most, field.length), 0);
  if (longest > MAX_NAME) throw refuse(`holds a text of ${counted(longest)} characters`);
  const names = fields.map((field, index) => field.toWellFormed().trim() || `column ${index + 1}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw fault(
    'file-syntax',
    fileName,
    line,
    `Two columns are called “${twice}”.`,
    'Give every column a name of its own, or say that the first row holds no names.',
    unit,
  );
}

/** Names by place, for a table without a row of names. @throws StudioError file-syntax */
export function numberedNames(
  count: number,
  fileName: string,
  line: number,
  unit: 'line' | 'row' = 'line',
): string[] {
  if (count <= MAX_COLUMNS) return Array.from({ length: count }, (_, at) => `column ${at + 1}`);
  throw fault(
    'file-syntax',
    fileName,
    line,
    `The first row has ${counted(count)} values; a table has at most ${counted(MAX_COLUMNS)} columns.`,
    'Check the delimiter, or choose a file with a few columns.',
    unit,
  );
}
