import { Random } from '../../../electron/core/random.ts';
import type { AnswerReading, ParseRule, Task } from '../../../electron/contract/entities.ts';
import {
  compileRules,
  defaultParseRules,
  parseCompletion,
} from '../../../electron/teacher/parse.ts';
import type { CompiledRules, ParsedCompletion } from '../../../electron/teacher/parse.ts';
import { classes, fruit, json, lastLine, pattern, phrases, rulesOf } from './reading.ts';

/** Fragments that rules, marks and endings are made of, and what is awkward beside them. */
const fragments = [
  ...[
    'So the answer is',
    'The answer is (',
    'Answer:',
    '**Answer**:',
    '정답은',
    '답 :',
    '따라서 답은',
  ],
  ...[
    '<think>',
    '</think>',
    '<thinking>',
    '```json',
    '```',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ':',
    ',',
  ],
  ...['{"answer": ', '"rationale": "', '"answer": "b"', '\\"', '\\u00e9', '\\ud83d', '\\', 'null'],
  ...['(a)', '（ｂ）', '②', '2번', 'b.', '(10)', '(', ')', '((', '))', '또는', ' or ', ' not '],
  ...[
    'neutral',
    'entailment',
    'contradiction',
    'pear',
    'red apple',
    '입니다',
    '이다.',
    '적',
    '로 ',
  ],
  ...['12', '1,200', '-3', '3만 5천', '11 * 15', ' = ', '$', '%', '.', '。', '\\boxed{', '\\times'],
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '　',
    '\u0000',
    '😀',
    '\ud83d',
    'é',
    'e\u0301',
    'İ',
    'ß',
  ],
  ...['\nQ:', '\n문제:', '#', '**', '__', '`', '-', '>', 'word', '말'],
] as const;

const rules: ParseRule[] = [
  phrases('So the answer is', 'The answer is (', 'Answer:', '정답은'),
  pattern('answer(?: is)?:? *(?P<answer>.*)$'),
  pattern('(?P<rationale>.+)\n+([^\n]+)$'),
  json(),
  lastLine,
];
const tasks: Task[] = ['text', 'classification', 'multiple-choice', 'arithmetic'];
const readings: AnswerReading[] = ['task', 'text', 'number', 'expression', 'letter'];

const compiled: { rules: CompiledRules; task: Task }[] = [
  ...tasks.map((task) => ({ rules: compileRules(defaultParseRules(task)), task })),
  ...tasks.flatMap((task) =>
    readings.map((read) => ({ rules: compileRules(rulesOf(rules, read, ['\nQ:'])), task })),
  ),
  ...rules.flatMap((rule) =>
    readings.map((read) => ({
      rules: compileRules(rulesOf([rule], read)),
      task: 'multiple-choice' as const,
    })),
  ),
];

export interface FuzzCase {
  text: string;
  task: Task;
  read: ParsedCompletion;
}

/** Random completions, each read by the next set of rules. */
export function* fuzzed(seed: number, count: number): Generator<FuzzCase> {
  const random = new Random(seed);
  for (let number = 0; number < count; number++) {
    const text = Array.from({ length: random.integer(0, 24) }, () => random.pick(fragments)).join(
      random.pick(['', ' ']),
    );
    const { rules: set, task } = compiled[number % compiled.length] ?? random.pick(compiled);
    const known = number % 3 > 0;
    const options = { labels: known ? classes : [], choices: known ? fruit : null };
    yield { text, task, read: parseCompletion(text, set, task, options) };
  }
}
