import { describe, expect, it } from 'vitest';
import type { TemplateDraft } from '../../../electron/contract/teacher.ts';
import {
  ExemplarPack,
  Language,
  PromptStyle,
  TemplateDraft as Draft,
} from '../../../electron/contract/teacher.ts';
import { evaluateExpression } from '../../../electron/core/expression.ts';
import { normaliseText } from '../../../electron/core/text.ts';
import { everyPack, packTemplate, packs } from '../../../electron/teacher/packs/index.ts';
import { namesOwnClasses } from '../../../electron/teacher/packs/pack.ts';
import type { Pack } from '../../../electron/teacher/packs/pack.ts';
import { parseCompletion } from '../../../electron/teacher/parse.ts';
import { exemplarCompletion, suggestTemplate } from '../../../electron/teacher/prompt.ts';
import { TextVectors } from '../../../electron/teacher/vectors.ts';

const named = everyPack.map((pack) => ({ id: `${pack.use}-${pack.language}`, pack }));
const styles = PromptStyle.options.filter((style) => style !== 'zero-shot-cot');
const templateOf = ({ use, language, task, labels }: Pack): TemplateDraft =>
  packTemplate(`${use}-${language}`, { id: 'p', task, labels: [...labels] });

describe('the packs', () => {
  it('cover every use in both languages', () => {
    const uses = ExemplarPack.shape.use.options;
    const wanted = uses.flatMap((use) => Language.options.map((language) => `${use}-${language}`));
    expect(packs.map(({ id }) => id).sort()).toEqual(wanted.sort());
    for (const pack of packs) expect(ExemplarPack.parse(pack)).toEqual(pack);
  });

  it('have labels that correspond in both languages', () => {
    const pairs = everyPack
      .filter(({ language }) => language === 'en')
      .flatMap(({ use, labels }) => {
        const korean = everyPack.find((pack) => pack.use === use && pack.language === 'ko');
        expect(korean?.labels).toHaveLength(labels.length);
        return labels.map((label, index) => `${label} ${korean?.labels[index] ?? ''}`);
      });
    expect(pairs).toEqual([
      ...['entailment 함의', 'neutral 중립', 'contradiction 모순'],
      ...['positive 긍정', 'negative 부정', 'neutral 중립'],
      ...['order 주문', 'delivery 배송', 'refund 환불', 'opening hours 영업시간'],
      ...['sports 스포츠', 'business 경제', 'science 과학', 'arts 문화'],
    ]);
  });

  it('are refused by a name that none has', () => {
    expect(() => packTemplate('nothing-en', { id: 'p', task: 'text', labels: [] })).toThrow(
      'There is no exemplar pack "nothing-en".',
    );
  });
});

describe.each(named)('the pack $id', ({ pack }) => {
  const template = templateOf(pack);

  it('is a template that can be saved, with no more stop sequences than servers take', () => {
    expect(Draft.parse(template)).toEqual(template);
    expect(template.exemplars).toHaveLength(8);
    expect(template.parse.stopSequences.length).toBeLessThanOrEqual(4);
  });

  it.each(styles)('is read by its own rules as exactly its own answers (%s)', (style) => {
    for (const exemplar of template.exemplars) {
      const { choices, rationale, answer } = exemplar;
      const completion = exemplarCompletion({ ...template, style }, exemplar);
      const labels = namesOwnClasses(exemplar) ? [answer] : [...pack.labels];
      const read = parseCompletion(completion, template.parse, pack.task, { labels, choices });
      expect(read.label).toBe(answer.replace(/^\([a-z]\) /, ''));
      expect(read.rationale).toBe(style === 'label-only' ? null : rationale);
    }
  });

  it('would not be cut by its own stop sequences', () => {
    for (const { rationale } of template.exemplars) {
      for (const stop of template.parse.stopSequences) expect(`\n${rationale}`).not.toContain(stop);
    }
  });

  it('has short rationales of one to three sentences that do not say the answer phrase', () => {
    for (const { rationale } of template.exemplars) {
      expect(rationale.match(/[.?!](?=\s|$)/g)?.length).toBeLessThanOrEqual(3);
      expect(rationale).toMatch(/^\S.*\.$/s);
      expect(rationale).not.toContain(template.answerPhrase);
    }
  });

  it('is written in its language', () => {
    for (const { input, rationale } of template.exemplars) {
      expect(/\p{Script=Hangul}/u.test(input)).toBe(pack.language === 'ko');
      expect(/\p{Script=Hangul}/u.test(rationale)).toBe(pack.language === 'ko');
    }
  });

  it('has no two exemplars alike', () => {
    const inputs = template.exemplars.map(({ input }) => input);
    expect(new Set(inputs.map(normaliseText)).size).toBe(8);
    expect(new Set(template.exemplars.map(({ rationale }) => rationale)).size).toBe(8);
    const texts = new TextVectors(inputs);
    inputs.forEach((input, position) => {
      const others = texts.similarities(input).filter((_, other) => other !== position);
      expect(Math.max(...others)).toBeLessThan(0.5);
    });
  });

  it('uses its labels equally often', () => {
    const counts = pack.labels.map(
      (label) => template.exemplars.filter(({ answer }) => answer === label).length,
    );
    if (pack.labels.length > 0) {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    } else if (pack.task === 'classification') {
      expect(template.exemplars.every(namesOwnClasses)).toBe(true);
    }
  });
});

describe.each(named.filter(({ pack }) => pack.task === 'arithmetic'))('$id', ({ pack }) => {
  it('answers with expressions of the problem’s numbers, of a sensible value', () => {
    for (const { input, answer } of pack.exemplars) {
      const value = evaluateExpression(answer);
      expect(Number.isInteger(value) && Number(value) > 0).toBe(true);
      expect(value).not.toBe(Number(answer));
      const given = input.match(/\d+/g) ?? [];
      for (const number of answer.match(/\d+/g) ?? []) expect(given).toContain(number);
    }
  });
});

describe.each(named.filter(({ pack }) => pack.task === 'multiple-choice'))('$id', ({ pack }) => {
  it('answers with one of its choices under its letter, the right one in all places', () => {
    const letters = pack.exemplars.map(({ choices = [], answer }) => {
      const [, letter = '', text = ''] = /^\(([a-z])\) (.+)$/.exec(answer) ?? [];
      expect(choices[letter.charCodeAt(0) - 97]).toBe(text);
      expect(new Set(choices).size).toBe(choices.length);
      return letter;
    });
    expect([...new Set(letters)].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (const letter of letters) {
      expect(letters.filter((other) => other === letter).length).toBeLessThanOrEqual(2);
    }
  });
});

describe.each(named.filter(({ pack }) => pack.use === 'reading'))('$id', ({ pack }) => {
  it('answers with words of the passage, not of the question', () => {
    for (const { input, answer } of pack.exemplars) {
      const [passage = '', question = ''] = input.split('\n');
      expect(passage).toContain(answer);
      expect(question).not.toContain(answer);
    }
  });
});

describe('a pack in a project', () => {
  const answers = ({ exemplars }: TemplateDraft) =>
    [...new Set(exemplars.map(({ answer }) => answer))].sort();

  it('answers with the project’s labels, spelled otherwise or in the other language', () => {
    const project = {
      id: 'p',
      task: 'classification' as const,
      labels: ['Contradiction', 'ENTAILMENT', 'neutral'],
    };
    expect(answers(packTemplate('entailment-en', project))).toEqual(project.labels);
    expect(answers(packTemplate('entailment-ko', project))).toEqual(project.labels);
  });

  it.each([
    ['sentiment-en', ['negative', 'positive']],
    ['sentiment-ko', ['negative', 'positive']],
    ['sentiment-ko', ['긍정', '부정']],
    ['sentiment-en', ['긍정', '부정']],
  ])('%s leaves out exemplars of labels that the project %j lacks', (id, labels) => {
    const template = packTemplate(id, { id: 'p', task: 'classification', labels });
    expect(answers(template)).toEqual(labels);
    expect(template.exemplars.length).toBeGreaterThanOrEqual(4);
  });

  it('keeps its own labels where those of the project are others', () => {
    const project = { id: 'p', task: 'classification' as const, labels: ['positive', 'angry'] };
    expect(answers(packTemplate('sentiment-en', project))).toEqual([
      'negative',
      'neutral',
      'positive',
    ]);
  });

  it('is suggested where its labels are the project’s', () => {
    const suggested = (labels: string[], language: 'en' | 'ko') =>
      suggestTemplate({ id: 'p', task: 'classification', labels }, language).name;
    expect(suggested(['neutral', 'contradiction', 'entailment'], 'en')).toBe('Entailment');
    expect(suggested(['neutral', 'contradiction', 'entailment'], 'ko')).toBe('함의 판단');
    expect(suggested(['부정', '긍정', '중립'], 'ko')).toBe('감정');
    expect(suggested(['spam', 'ham'], 'ko')).toBe('여러 가지 분류');
    expect(suggested(['positive', 'negative'], 'en')).toBe('Sentiment');
    expect(suggested(['negative', 'positive'], 'ko')).toBe('감정');
    expect(suggested(['긍정', '부정'], 'ko')).toBe('감정');
    expect(suggested(['positive', 'mixed'], 'en')).toBe('Classes of any kind');
    expect(suggested(['neutral'], 'en')).toBe('Classes of any kind');
  });

  it('asks for its own labels where the project has none', () => {
    const project = { id: 'p', task: 'classification' as const, labels: [] };
    expect(packTemplate('sentiment-en', project).instruction).toContain(
      'positive, negative, neutral',
    );
    expect(packTemplate('classification-en', project).instruction).not.toContain('{labels}');
    expect(packTemplate('classification-ko', project).instruction).not.toContain('{labels}');
  });
});
