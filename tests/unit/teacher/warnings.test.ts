import { describe, expect, it } from 'vitest';
import { TemplateWarning } from '../../../electron/contract/teacher.ts';
import type { Capabilities, Exemplar, TemplateDraft } from '../../../electron/contract/teacher.ts';
import { normaliseText } from '../../../electron/core/text.ts';
import { everyPack, packTemplate } from '../../../electron/teacher/packs/index.ts';
import { suggestTemplate } from '../../../electron/teacher/prompt.ts';
import { warningsOf } from '../../../electron/teacher/warnings.ts';
import type { WarningContext } from '../../../electron/teacher/warnings.ts';

const labels = ['spam', 'ham'];
const exemplar = (parts: Partial<Exemplar> = {}): Exemplar => ({
  input: 'Win a car now!',
  choices: null,
  rationale: 'It promises a prize.',
  answer: 'spam',
  ...parts,
});
const template = (parts: Partial<TemplateDraft> = {}): TemplateDraft => ({
  ...suggestTemplate({ id: 'p', task: 'classification', labels }),
  exemplars: [exemplar()],
  ...parts,
});
const context = (parts: Partial<WarningContext> = {}): WarningContext => ({
  task: 'classification',
  labels,
  testRow: () => null,
  tokens: 100,
  maxTokens: 50,
  contextTokens: null,
  capabilities: null,
  ...parts,
});
const capable = (parts: Partial<Capabilities>): Capabilities => ({
  ...{ probedAt: '2026-01-01T00:00:00Z', model: 'small', models: null, milliseconds: 1 },
  ...{ systemRole: 'yes', temperature: 'yes', stop: 'yes', several: 'yes', seed: 'yes' },
  ...{
    logprobs: 'yes',
    usage: 'yes',
    jsonSchema: 'yes',
    batches: 'yes',
    lengthLimit: 'max_tokens',
  },
  ...parts,
});
const found = (parts: Partial<TemplateDraft>, given: Partial<WarningContext> = {}) => {
  const warnings = warningsOf(template(parts), context(given));
  for (const warning of warnings) expect(TemplateWarning.parse(warning)).toEqual(warning);
  return warnings.map(({ code, exemplar, detail }) => [code, exemplar, detail]);
};

describe('a template that is well', () => {
  it('has no warnings', () => {
    expect(found({})).toEqual([]);
  });

  it.each(everyPack.map((pack) => [`${pack.use}-${pack.language}`, pack] as const))(
    'comes from the pack %s, in every style',
    (id, { task, labels: own }) => {
      const given = { id: 'p', task, labels: [...own] };
      for (const style of ['few-shot-cot', 'zero-shot-cot', 'label-only', 'structured'] as const) {
        const drafted = { ...packTemplate(id, given), style };
        expect(warningsOf(drafted, context({ task, labels: own }))).toEqual([]);
      }
    },
  );

  it('is the suggested one for any label set', () => {
    const suggested = suggestTemplate({ id: 'p', task: 'classification', labels });
    expect(warningsOf(suggested, context())).toEqual([]);
  });
});

describe('an exemplar', () => {
  it('that is a row of a test part is named with that row', () => {
    const rows = new Map([[normaliseText('Win a CAR  now!'), 'row-7']]);
    const testRow = (input: string) => rows.get(input) ?? null;
    const exemplars = [exemplar({ input: 'Hello' }), exemplar()];
    expect(found({ exemplars }, { testRow })).toEqual([['exemplar-in-test', 1, 'row-7']]);
    expect(found({ exemplars, style: 'zero-shot-cot' }, { testRow })).toEqual([]);
  });

  it('whose answer is none of the labels is named with it', () => {
    expect(found({ exemplars: [exemplar({ answer: 'junk' })] })).toEqual([
      ['exemplar-label-unknown', 0, 'junk'],
    ]);
    expect(found({ exemplars: [exemplar({ answer: 'SPAM' })] }, { task: 'text' })).toEqual([]);
    expect(found({ exemplars: [exemplar({ answer: 'junk' })] }, { labels: [] })).toEqual([]);
  });

  it('of a pack with other labels is named with its label', () => {
    const exemplars = packTemplate('sentiment-en', {
      id: 'p',
      task: 'classification',
      labels,
    }).exemplars;
    const warnings = found({ exemplars });
    expect(warnings).toHaveLength(8);
    expect(warnings[0]).toEqual(['exemplar-label-unknown', 0, 'positive']);
  });

  it('may name its own classes', () => {
    const own = exemplar({ input: 'Classes: a, b.\nx', answer: 'b' });
    expect(found({ exemplars: [own] })).toEqual([]);
    expect(found({ exemplars: [{ ...own, answer: 'c' }] })).toEqual([
      ['exemplar-label-unknown', 0, 'c'],
    ]);
  });

  it('that lacks a part is named with the part, where the style shows it', () => {
    const exemplars = [
      exemplar({ input: ' ' }),
      exemplar({ rationale: '' }),
      exemplar({ answer: '' }),
    ];
    expect(found({ exemplars })).toEqual([
      ['exemplar-incomplete', 0, 'input'],
      ['exemplar-incomplete', 1, 'rationale'],
      ['exemplar-incomplete', 2, 'answer'],
    ]);
    expect(found({ exemplars: [exemplar({ rationale: '' })], style: 'label-only' })).toEqual([]);
  });

  it('that the rules do not read as its answer is named with what they read', () => {
    const rules = (phrase: string) => ({
      stopSequences: [],
      rules: [{ kind: 'phrases' as const, phrases: [phrase] }],
      read: 'task' as const,
    });
    expect(found({ parse: rules('Result:') })).toEqual([['exemplar-unread', 0, '']]);
    expect(found({ parse: rules('Result:'), answerPhrase: 'Result:' })).toEqual([]);
    const misread = exemplar({ rationale: 'It is so.\nQ: Which? So the answer is ham.' });
    expect(
      found({
        exemplars: [misread],
        parse: { ...rules('So the answer is'), stopSequences: [' So'] },
      }),
    ).toEqual([['exemplar-unread', 0, '']]);
  });

  it('is read in the style that it is shown in', () => {
    const phrasesOnly = {
      stopSequences: [],
      rules: [{ kind: 'phrases' as const, phrases: ['So the answer is'] }],
      read: 'task' as const,
    };
    expect(found({ style: 'structured', parse: phrasesOnly })).toEqual([
      ['exemplar-unread', 0, ''],
    ]);
    expect(found({ style: 'label-only', parse: phrasesOnly })).toEqual([]);
  });

  it('must answer with one of its choices', () => {
    const choices = ['rose', 'sky'];
    const given = { task: 'multiple-choice' as const, labels: [] };
    for (const answer of ['rose', '(a)', 'b', '(b) sky']) {
      expect(found({ exemplars: [exemplar({ choices, answer })] }, given)).toEqual([]);
    }
    expect(found({ exemplars: [exemplar({ choices, answer: 'tulip' })] }, given)).toEqual([
      ['exemplar-unread', 0, ''],
    ]);
  });

  it('must answer a word problem with an expression', () => {
    const given = { task: 'arithmetic' as const, labels: [] };
    expect(found({ exemplars: [exemplar({ answer: '( 1 + 2 ) * 3' })] }, given)).toEqual([]);
    expect(found({ exemplars: [exemplar({ answer: 'nine' })] }, given)).toEqual([
      ['exemplar-unread', 0, 'nine'],
    ]);
  });
});

describe('a prompt', () => {
  it('is too long where it and the longest answer exceed what the model takes', () => {
    expect(found({}, { contextTokens: 150 })).toEqual([]);
    const [warning] = warningsOf(template(), context({ contextTokens: 149 }));
    expect(warning).toMatchObject({ code: 'too-long', tokens: { needed: 150, allowed: 149 } });
    expect(found({}, { contextTokens: 10, tokens: null })).toEqual([]);
  });

  it('must show something of the row', () => {
    expect(found({ inputTemplate: 'Q: {{input}}' })).toEqual([['no-input', null, '']]);
    expect(found({ inputTemplate: '{choices}' })).toEqual([['no-input', null, '']]);
    expect(found({ inputTemplate: '{text}' })).toEqual([]);
    expect(
      found(
        { inputTemplate: '{choices}', exemplars: [exemplar({ choices: ['spam'] })] },
        { task: 'multiple-choice' },
      ),
    ).toEqual([]);
  });
});

describe('a style', () => {
  it('with worked examples needs some', () => {
    expect(found({ exemplars: [] })).toEqual([['no-exemplars', null, '']]);
    expect(found({ exemplars: [], style: 'zero-shot-cot' })).toEqual([]);
    expect(found({ exemplars: [], style: 'label-only' })).toEqual([]);
  });

  it('with a schema needs a server that follows one', () => {
    const style = 'structured';
    expect(found({ style }, { capabilities: capable({ jsonSchema: 'no' }) })).toEqual([
      ['structured-unsupported', null, 'small'],
    ]);
    expect(found({ style }, { capabilities: capable({ jsonSchema: 'unknown' }) })).toEqual([]);
    expect(found({}, { capabilities: capable({ jsonSchema: 'no' }) })).toEqual([]);
  });
});

describe('the rules', () => {
  it('name a pattern that is none, and say no more about what they read', () => {
    const pattern = (text: string) => ({
      stopSequences: [],
      rules: [{ kind: 'pattern' as const, pattern: text }],
      read: 'task' as const,
    });
    expect(found({ parse: pattern('answer is (.+') })).toEqual([
      ['pattern-invalid', null, 'answer is (.+'],
    ]);
    expect(found({ parse: pattern('answer is (\\w+)') })).toEqual([]);
  });

  it('name stop sequences that the server will not take', () => {
    const stopSequences = ['\nA', '\nB', '\nC', '\nD', '\nE', '\nF'];
    const parse = { ...template().parse, stopSequences };
    expect(found({ parse })).toEqual([['stops-cut', null, 'E · F']]);
    expect(
      found(
        { parse: { ...parse, stopSequences: ['\nA'] } },
        { capabilities: capable({ stop: 'no' }) },
      ),
    ).toEqual([['stops-cut', null, 'A']]);
  });
});
