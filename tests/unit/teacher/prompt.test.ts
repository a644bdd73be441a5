import { describe, expect, it } from 'vitest';
import { Task } from '../../../electron/contract/entities.ts';
import type { Exemplar, PromptStyle, TemplateDraft } from '../../../electron/contract/teacher.ts';
import {
  composePrompt,
  exemplarCompletion,
  fillInput,
  placeholdersOf,
  suggestTemplate,
} from '../../../electron/teacher/prompt.ts';
import type { PromptRow } from '../../../electron/teacher/prompt.ts';

const labels = ['spam', 'ham'];
const project = { labels };
const suggest = (task: Task, language: 'en' | 'ko' = 'en') =>
  suggestTemplate({ id: 'p', task, labels }, language);

/** The prompt with all exemplars. */
const compose = (template: TemplateDraft, row: PromptRow, of = project) =>
  composePrompt(template, of, row, () => template.exemplars.map((_, position) => position));
const textOf = (template: TemplateDraft, row: PromptRow) =>
  compose(template, row).messages.map(({ content }) => content);

const row: PromptRow = { input: 'What is it?', choices: null };
const choiceRow: PromptRow = { input: 'What is it?', choices: ['one', 'two'] };

const exemplar = (parts: Partial<Exemplar>): Exemplar => ({
  input: 'Why?',
  choices: null,
  rationale: 'Because it is so.',
  answer: 'yes',
  ...parts,
});
const template = (parts: Partial<TemplateDraft>): TemplateDraft => ({
  ...suggest('text'),
  instruction: '',
  exemplars: [exemplar({})],
  ...parts,
});

describe.each(Task.options)('the built-in prompt for %s', (task) => {
  it('shows instruction, exemplars and the row, and stops where the teacher goes on', () => {
    const suggested = suggest(task);
    const given = task === 'multiple-choice' ? choiceRow : row;
    const { messages, shown, schema } = compose(suggested, given);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    const content = messages[1]?.content ?? '';
    const choices = given.choices === null ? '' : '\nAnswer Choices:\n(a) one\n(b) two';
    expect(content.endsWith(`\n\nQ: What is it?${choices}\nA:`)).toBe(true);
    expect(content.match(/^Q: /gm)).toHaveLength(9);
    expect(content.match(/ So the answer is .+\.$/gm)).toHaveLength(8);
    expect(shown).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(schema).toBeNull();
  });

  it('is all Korean for Korean rows', () => {
    const [instruction = '', content = ''] = textOf(suggest(task, 'ko'), choiceRow);
    expect(instruction).toMatch(/마지막에 문구 "정답:"에 이어 .+ 쓰시오\.$/);
    expect(content.match(/^문제: /gm)).toHaveLength(9);
    expect(content.match(/ 정답: .+[^.]$/gm)).toHaveLength(8);
    expect(content.endsWith('\n답변:')).toBe(true);
    const words = `${instruction}\n${content}`.replaceAll(
      /What is it\?|Answer Choices:|one|two|spam|ham/g,
      '',
    );
    expect(words.match(/[A-Za-z]{2,}/g)).toBeNull();
  });

  it.each(['en', 'ko'] as const)('asks for its answer in every style (%s)', (language) => {
    const asked = (style: PromptStyle) =>
      textOf({ ...suggest(task, language), style }, choiceRow)[0];
    expect(asked('zero-shot-cot')).toBe(asked('few-shot-cot'));
    expect(asked('label-only')).toMatch(/Do not explain|설명 없이/);
    expect(asked('structured')).toContain('"rationale"');
    expect(asked('structured')).not.toMatch(/So the answer is|정답:/);
  });
});

describe('the instruction', () => {
  it('names the label set, and nothing in it stays open', () => {
    const [instruction] = textOf(suggest('classification'), row);
    expect(instruction).toContain('spam, ham');
    expect(instruction).not.toMatch(/[{}]/);
  });

  it('asks for a letter and a text where a row has choices', () => {
    const mine = template({ instruction: '{format}' });
    expect(textOf(mine, choiceRow)[0]).toContain('the letter and the text of one choice');
    expect(textOf(mine, row)[0]).toContain('and the answer.');
  });

  it('is no message of its own when a person empties it', () => {
    const { messages } = compose(template({ instruction: ' ' }), row);
    expect(messages.map(({ role }) => role)).toEqual(['user']);
  });

  it('keeps braces that are no placeholder, and takes doubled ones literally', () => {
    const mine = template({ instruction: 'Write {"a": 1}, {other} or {{labels}}: {labels}.' });
    expect(textOf(mine, row)[0]).toBe('Write {"a": 1}, {other} or {labels}: spam, ham.');
  });
});

describe('the input template', () => {
  it('puts in the text, the choices, or both', () => {
    expect(fillInput('{input}', choiceRow)).toBe('What is it?\nAnswer Choices:\n(a) one\n(b) two');
    expect(fillInput('{text} -> {choices}', choiceRow)).toBe('What is it? -> (a) one\n(b) two');
    expect(fillInput('{text}{choices}', row)).toBe('What is it?');
  });

  it('leaves braces and dollar signs of a row alone', () => {
    const odd = { input: '{choices} {{x}} costs $& or $1', choices: ['{text}'] };
    expect(fillInput('{{{text}}} {choices}', odd)).toBe(
      '{{choices} {{x}} costs $& or $1} (a) {text}',
    );
  });

  it('says which placeholders it uses', () => {
    expect([...placeholdersOf('{text} {{input}} {constructor} {choices}')]).toEqual([
      'text',
      'choices',
    ]);
  });
});

describe('an exemplar', () => {
  const phrase = 'So the answer is';
  const written = (style: PromptStyle, parts: Partial<Exemplar>, answerPhrase = phrase) =>
    exemplarCompletion({ style, answerPhrase }, exemplar(parts));

  it('is reasoning, phrase and answer', () => {
    expect(written('few-shot-cot', {})).toBe('Because it is so. So the answer is yes.');
    expect(written('few-shot-cot', { answer: 'a.m.' })).toBe(
      'Because it is so. So the answer is a.m.',
    );
    expect(written('few-shot-cot', { rationale: ' ' })).toBe('So the answer is yes.');
    expect(written('few-shot-cot', {}, '정답:')).toBe('Because it is so. 정답: yes');
  });

  it('is the answer alone where labels are all that is wanted', () => {
    expect(written('label-only', {})).toBe('So the answer is yes.');
  });

  it('is JSON where answers are structured', () => {
    expect(JSON.parse(written('structured', { rationale: 'It says "yes".' }))).toEqual({
      rationale: 'It says "yes".',
      answer: 'yes',
    });
  });

  it.each(['two', '(b)', 'b', '(b) two', 'TWO'])(
    'names its choice by letter and text (%s)',
    (answer) => {
      const parts = { choices: ['one', 'two'], answer };
      expect(written('few-shot-cot', parts)).toBe('Because it is so. So the answer is (b) two.');
      expect(written('structured', parts)).toContain('"answer":"(b)"');
    },
  );

  it('stands after its question with one space, or none after a line break', () => {
    expect(textOf(template({}), row)[0]).toMatch(/^Q: Why\?\nA: Because/);
    expect(textOf(template({ inputTemplate: '{input}\n' }), row)[0]).toMatch(/^Why\?\nBecause/);
  });
});

describe('what is shown', () => {
  const two = template({
    exemplars: [exemplar({ input: 'First?' }), exemplar({ input: 'Second?' })],
  });

  it('is what was selected, in that order', () => {
    const { messages, shown } = composePrompt(two, project, row, () => [1, 0, 7]);
    expect(shown).toEqual([1, 0, 7]);
    expect(messages[0]?.content).toMatch(/Second\?[^]*First\?[^]*What is it\?/);
  });

  it('is no exemplar without examples, whatever there are', () => {
    const { messages, shown } = compose({ ...two, style: 'zero-shot-cot' }, row);
    expect(shown).toEqual([]);
    expect(messages.at(-1)?.content).toBe('Q: What is it?\nA:');
  });
});

describe('the schema of a structured answer', () => {
  const answerOf = (given: PromptRow, of = project) =>
    compose(template({ style: 'structured' }), given, of).schema;

  it('has the reasoning first, and the labels as what may be answered', () => {
    expect(answerOf(row)).toEqual({
      type: 'object',
      properties: {
        rationale: { type: 'string' },
        answer: { type: 'string', enum: ['spam', 'ham'] },
      },
      required: ['rationale', 'answer'],
      additionalProperties: false,
    });
    expect(JSON.stringify(answerOf(row))).toMatch(/rationale.*answer/);
  });

  it('is the same for all rows with as many choices', () => {
    const other = { input: 'x', choices: ['three', 'four'] };
    expect(answerOf(choiceRow)).toMatchObject({ properties: { answer: { enum: ['(a)', '(b)'] } } });
    expect(answerOf(other)).toEqual(answerOf(choiceRow));
  });

  it('leaves the answer open where there are more labels than a schema may list', () => {
    const many = { labels: Array.from({ length: 251 }, (_, i) => `label ${i}`) };
    expect(JSON.stringify(answerOf(row, many))).not.toContain('enum');
    const fewer = { labels: many.labels.slice(1) };
    expect(answerOf(row, fewer)).toMatchObject({ properties: { answer: { enum: fewer.labels } } });
  });

  it('leaves the answer open where nothing is known of it', () => {
    expect(answerOf(row, { labels: [] })).toMatchObject({
      properties: { answer: { type: 'string' } },
    });
    expect(JSON.stringify(answerOf(row, { labels: [] }))).not.toContain('enum');
    expect(JSON.stringify(answerOf({ input: 'x', choices: [] }, { labels: [] }))).not.toContain(
      'enum',
    );
  });
});
