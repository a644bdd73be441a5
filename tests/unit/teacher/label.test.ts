import { describe, expect, it } from 'vitest';
import type { AnswerReading } from '../../../electron/contract/entities.ts';
import { classes, fruit, parse, phrases, rulesOf } from './reading.ts';

const tools = ['화분', '작업대', '우체통', '구름'];
const moods = ['긍정', '부정', '중립'];

describe('the label of a choice', () => {
  it.each([
    ['(c) green plum.', 'green plum'],
    ['(c)', 'green plum'],
    ['(C).', 'green plum'],
    ['C.', 'green plum'],
    ['c', 'green plum'],
    ['B) pear', 'pear'],
    ['B pear', 'pear'],
    ['pear\nas (a) is hard', 'pear'],
    ['**(b) pear**.', 'pear'],
    ['pear.', 'pear'],
    ['Pear', 'pear'],
    ['most likely (b) pear.', 'pear'],
    ['(b)\npear.', 'pear'],
    ['②', 'pear'],
    ['2', 'pear'],
    ['2) pear', 'pear'],
    ['(2) pear', 'pear'],
    // Text goes before letter; text that is no choice stays as it was written.
    ['(a) pear.', 'pear'],
    ['(a) Red apple.', 'Red apple'],
    ['(b) pear (c) green plum.', 'pear'],
    ['either (a) red apple or (b) pear.', 'either (a) red apple or (b) pear'],
  ])('%j is %j', (answer, label) => {
    expect(parse('multiple-choice', `So the answer is ${answer}`, { choices: fruit }).label).toBe(
      label,
    );
  });

  it.each(['one of these.', '(d)', 'A fruit.', '4', '④', '0', 'option', 'b fruit'])(
    '%j is none',
    (answer) => {
      expect(
        parse('multiple-choice', `So the answer is ${answer}`, { choices: fruit }).label,
      ).toBeNull();
    },
  );

  it.each([
    '정답은 (b) 작업대이다.',
    '정답은 (b)입니다.',
    '정답은 (b)로 보인다.',
    '정답은 （ｂ） 작업대。',
    '정답: ② 작업대',
    '정답은 ②번 작업대입니다.',
    '정답은 ②이다.',
    '정답은 2번입니다.',
    '정답은 B번 작업대입니다.',
    '정답은 ⓑ 작업대이다.',
    '답은 b입니다.',
    '따라서 답은 작업대입니다.',
    '따라서 답은 "작업대"이다.',
    '정답은 작업대가 맞다.',
  ])('%s', (text) => {
    expect(parse('multiple-choice', text, { choices: tools }).label).toBe('작업대');
  });

  it('is a choice that looks like a mark or an ending when it is one', () => {
    const choices = ['가', '나', '2', 'b'];
    const read = (answer: string) => parse('multiple-choice', `정답: ${answer}`, { choices }).label;
    expect(['(a) 가', '(b)나', '2', 'b', '②'].map(read)).toEqual(['가', '나', '2', 'b', '나']);
  });

  it('needs no known choices', () => {
    expect(parse('multiple-choice', 'So the answer is (b) pear.').label).toBe('pear');
    expect(parse('multiple-choice', 'So the answer is pear.').label).toBe('pear');
    expect(parse('multiple-choice', '정답은 (b) 작업대이다.').label).toBe('작업대');
    expect(parse('multiple-choice', 'So the answer is (b).').label).toBeNull();
    expect(parse('multiple-choice', '정답은 ②입니다.').label).toBeNull();
  });
});

describe('the label of a class', () => {
  it.each([
    ['Neutral.', 'neutral'],
    ['"contradiction".', 'contradiction'],
    ['entailment Premise: another', 'entailment'],
    ['that the two are neutral to each other', 'neutral'],
    ['not neutral but entailment', 'entailment'],
    ['neutral입니다.', 'neutral'],
    ['neutral, not entailment or contradiction', 'neutral'],
  ])('%j is %j', (answer, label) => {
    expect(parse('classification', `Answer: ${answer}`, { labels: classes }).label).toBe(label);
  });

  it.each([
    '긍정입니다.',
    "'긍정'이다.",
    '「긍정」이에요',
    '**긍정**입니다.',
    '긍정적이다.',
    '긍정으로 판단됩니다.',
    '부정이 아니라 긍정입니다.',
    '긍정　입니다。',
  ])('정답은 %s', (answer) => {
    expect(parse('classification', `정답은 ${answer}`, { labels: moods }).label).toBe('긍정');
  });

  it.each([
    'maybe',
    'not neutrality',
    'not neutral',
    'between neutral and entailment',
    'neutral or entailment',
    'neutral/contradiction',
  ])('%j is none', (answer) => {
    expect(parse('classification', `Answer: ${answer}`, { labels: classes }).label).toBeNull();
  });

  it.each(['긍정이나 부정', '긍정 또는 중립입니다', '긍정사회', '긍정이 아니다'])(
    '정답은 %s: none',
    (answer) => {
      expect(parse('classification', `정답은 ${answer}`, { labels: moods }).label).toBeNull();
    },
  );

  it('is the longer of two labels that begin alike', () => {
    const labels = ['true', 'true story'];
    expect(parse('classification', 'Answer: true story, I think', { labels }).label).toBe(
      'true story',
    );
  });

  it('is the first line where there is no label set', () => {
    expect(parse('classification', 'Answer: spam.\nI am sure.').label).toBe('spam');
    expect(parse('classification', '정답은 광고입니다.').label).toBe('광고');
  });
});

describe('the label of free text', () => {
  it('loses the copula of a sentence that the phrase began, and of no other', () => {
    expect(parse('text', '정답은 서울입니다.').label).toBe('서울');
    expect(parse('text', '정답: 고래는 포유류이다.').label).toBe('고래는 포유류이다');
    expect(parse('text', '정답은 입니다').label).toBe('입니다');
  });
});

/** Reads `The answer is …` one way, whatever the task. */
const reader =
  (read: AnswerReading, options: { choices?: string[]; labels?: string[] } = {}) =>
  (answer: string): string | null => {
    const rules = rulesOf([phrases('The answer is')], read);
    return parse('arithmetic', `The answer is ${answer}`, { rules, ...options }).label;
  };

describe('an expression', () => {
  it.each([
    ['( 11 * 15 ) - 16.', '( 11 * 15 ) - 16'],
    ['(11 * 15).', '11 * 15'],
    ['( 1 + 2 ) * ( 3 + 4 )', '( 1 + 2 ) * ( 3 + 4 )'],
    ['11 * 15 = 165.', '11 * 15'],
    ['11 * 15 = 165개입니다.', '11 * 15'],
    ['$165.', '165'],
    ['165 coins.', '165'],
    ['165개입니다.', '165'],
    ['2.5.', '2.5'],
    ['（１１＊１５）。', '11*15'],
    ['\\boxed{165}', '165'],
    ['$11 \\times 15$.', '11 × 15'],
    ['3 apples and 4 pears', '3 apples and 4 pears'],
    ['unknown.', 'unknown'],
  ])('%j is %j', (answer, label) => {
    expect(reader('expression')(answer)).toBe(label);
    expect(reader('task')(answer)).toBe(label);
  });

  it('reaches to the last parenthesis on the line where the rules ask for parentheses', () => {
    expect(parse('arithmetic', 'The answer is (12 - 2) - 7.').label).toBe('(12 - 2)');
    expect(parse('arithmetic', 'So. The answer is ((7.0 + 3.0) / 2.0).').label).toBe(
      '((7.0 + 3.0) / 2.0)',
    );
    expect(parse('arithmetic', 'The answer is ((7 + 3').label).toBeNull();
    expect(parse('arithmetic', 'The answer is 51.').label).toBe('51');
  });
});

describe('a number', () => {
  it.each([
    ['11 * 15 = 165 coins.', '165'],
    ['$1,200.50.', '1200.50'],
    ['1,200원입니다.', '1200'],
    ['35%.', '35'],
    ['-3 degrees', '-3'],
    ['−7.', '-7'],
    ['10-3', '3'],
    ['3/4 of it', '3/4'],
    ['.5', '.5'],
    ['1e3', '1e3'],
    ['1,234,567명', '1234567'],
    ['３５％', '35'],
    ['5cm^2', '5'],
    ['\\boxed{42}', '42'],
    ['3만 5천 200원', '35200'],
    ['5만 원', '50000'],
    ['1억 2억', '200000000'],
    ['-1.5만', '-15000'],
    ['3조각', '3'],
  ])('of %j is %j', (answer, label) => {
    expect(reader('number')(answer)).toBe(label);
  });

  it('is none in words', () => {
    expect(['none.', 'x2', ''].map(reader('number'))).toEqual([null, null, null]);
  });

  it('is read inside asked-for parentheses too', () => {
    const rules = rulesOf([phrases('The answer is (')], 'number');
    expect(parse('arithmetic', 'The answer is (3 + 4 = 7) 8.', { rules }).label).toBe('7');
  });
});

describe('a letter', () => {
  it('names its option, whatever text stands beside it', () => {
    const read = reader('letter', { choices: fruit });
    expect(['(b) red apple', 'b', 'B.', 'option B, surely', '②', '2번'].map(read)).toEqual(
      Array.from({ length: 6 }, () => 'pear'),
    );
    expect(['the pear', 'Z', '(z)', ''].map(read)).toEqual([null, null, null, null]);
  });

  it('is the label itself where there are no choices', () => {
    const ofSet = reader('letter', { labels: ['A', 'B'] });
    expect(['(b) pear', 'b', 'C'].map(ofSet)).toEqual(['B', 'B', null]);
    expect(reader('letter')('(B) pear')).toBe('B');
  });
});

describe('text', () => {
  it('is taken as it stands, whatever the task', () => {
    expect(reader('text', { choices: fruit, labels: classes })('(b) pear, not.')).toBe(
      '(b) pear, not',
    );
  });
});
