import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isCorrect } from '../../../electron/core/score.ts';
import {
  compileRules,
  defaultParseRules,
  parseCompletion,
  tryRules,
} from '../../../electron/teacher/parse.ts';
import { classes, cut, fruit, json, lastLine, parse, phrases, rulesOf } from './reading.ts';

describe('the cut between rationale and label', () => {
  it('drops what the model invents after its answer', () => {
    const text = 'It is warm. So the answer is sun.\n\nQ: And now?\nA: So the answer is moon.';
    expect(cut('text', text)).toEqual({ rationale: 'It is warm.', label: 'sun' });
  });

  it('keeps a blank line inside the rationale', () => {
    expect(cut('text', 'First.\n\nSecond. So the answer is sun.')).toEqual({
      rationale: 'First.\n\nSecond.',
      label: 'sun',
    });
  });

  it('drops what follows the answer after a blank line', () => {
    expect(parse('text', 'Warm. Answer: the sun\nand moon.\n\nNote: I am sure.').label).toBe(
      'the sun\nand moon',
    );
  });

  it.each([
    ['SO THE ANSWER IS sun', null],
    ['Warm. Therefore, the answer is sun.', 'Warm.'],
    ['Warm. Answer: sun', 'Warm.'],
    ['Warm.\n\n**Answer:** sun', 'Warm.'],
    ['Warm.\n\n**Answer**: sun', 'Warm.'],
    ['Warm.\n## Answer: sun', 'Warm.'],
    ['Warm. The final answer is: sun.', 'Warm.'],
    ['\n  Warm.\r\nSo the answer is sun.', 'Warm.'],
    ['The answer is moon, one may think. The answer is sun.', 'The answer is moon, one may think.'],
  ])('finds the answer of %j', (text, rationale) => {
    expect(cut('text', text)).toEqual({ rationale, label: 'sun' });
  });

  it.each([
    '따뜻하다. 따라서 정답은 해입니다.',
    '따뜻하다. 그러므로 답은 "해"이다.',
    '따뜻하다. 답은 해입니다.',
    '따뜻하다. 정답: 해',
    '따뜻하다. 정답 : 해.',
    '따뜻하다.\n**정답**：해。',
    '따뜻하다. 정답은 해.\n\n질문: 달은? 정답은 달.',
  ])('finds the answer of %j', (text) => {
    expect(cut('text', text)).toEqual({ rationale: '따뜻하다.', label: '해' });
  });

  it.each(['', '   ', 'No marker at all.', 'So the answer is', 'So the answer is .', '정답은 '])(
    'finds none in %j',
    (text) => {
      expect(parse('text', text).label).toBeNull();
      expect(parse('classification', text, { labels: classes }).label).toBeNull();
      expect(parse('multiple-choice', text, { choices: fruit }).label).toBeNull();
      expect(parse('arithmetic', text).label).toBeNull();
    },
  );

  it('follows phrases that a person wrote, taken literally', () => {
    const rules = rulesOf([phrases('(final)', 'Ergo')], 'task', ['###']);
    expect(cut('text', 'Warm. Ergo moon. (FINAL) sun ### So', { rules })).toEqual({
      rationale: 'Warm. Ergo moon.',
      label: 'sun',
    });
  });
});

describe('thinking aloud', () => {
  it.each([
    [
      '<think>Moon? So the answer is moon.</think>\nIt is warm. So the answer is sun.',
      'It is warm.',
      'sun',
    ],
    ['<think>\nIt is warm.\n</think>\n\nSo the answer is sun.', 'It is warm.', 'sun'],
    // The opening tag stood in the prompt.
    ['It is warm.</think>So the answer is sun.', 'It is warm.', 'sun'],
    ['<thinking>Hm.</thinking>Warm. Answer: sun', 'Warm.', 'sun'],
    ['<think></think>Answer: sun', null, 'sun'],
    // No answer is taken out of the thinking itself.
    ['<think>It is warm. So the answer is moon.', 'It is warm. So the answer is moon.', null],
    [
      '<think>It is warm. So the answer is moon.</think>\n',
      'It is warm. So the answer is moon.',
      null,
    ],
  ])('%j', (text, rationale, label) => {
    expect(cut('text', text)).toEqual({ rationale, label });
  });
});

describe('the rules in their order', () => {
  const rules = rulesOf([json(), phrases('Answer:'), lastLine]);

  it('end with the first that finds an answer that can be read', () => {
    const labels = ['sun', 'moon'];
    const read = (text: string) => {
      const { label, rule } = parse('classification', text, { rules, labels });
      return [label, rule];
    };
    expect(read('{"answer": "sun"}\nAnswer: moon')).toEqual(['sun', 0]);
    expect(read('{"answer": "rain"}\nAnswer: moon')).toEqual(['moon', 1]);
    expect(read('Answer: rain\nmoon')).toEqual(['moon', 2]);
    expect(read('Answer: rain')).toEqual([null, null]);
  });

  it('are tried each alone', () => {
    const text = 'Answer: moon\n{"answer": "sun"}\nstar';
    expect(tryRules(text, rules, 'text', { labels: [], choices: null })).toEqual([
      'sun',
      'moon\n{"answer": "sun"}\nstar',
      'star',
    ]);
    expect(tryRules('', rules, 'text', { labels: [], choices: null })).toEqual([null, null, null]);
  });

  it('leave the rationale of the first that found anything when none can be read', () => {
    expect(cut('classification', 'Warm. Answer: rain\nCold.', { rules, labels: ['sun'] })).toEqual({
      rationale: 'Warm.',
      label: null,
    });
  });
});

describe('where they stand', () => {
  const at = (text: string, span: readonly [number, number] | null) =>
    span === null ? null : text.slice(...span);

  it.each([
    ['  Warm.\r\nVery warm.\r\nSo the answer is sun.\r\n', 'Warm.\r\nVery warm.', 'sun'],
    ['<think>No.</think>\nWarm. Answer: **sun**.', 'Warm.', 'sun'],
    ['<think>\r\nWarm.</think>Answer: sun', 'Warm.', 'sun'],
    ['sun. Answer: sun', 'sun.', 'sun'],
    ['😀 따뜻하다. 정답은 해입니다.', '😀 따뜻하다.', '해'],
  ])('%j', (text, rationale, answer) => {
    const read = parse('text', text);
    expect(at(text, read.rationaleAt)).toBe(rationale);
    expect(at(text, read.answerAt)).toBe(answer);
  });

  it('is what the label was read from where that is worded differently', () => {
    const letter = 'Juicy. So the answer is (B).';
    expect(at(letter, parse('multiple-choice', letter, { choices: fruit }).answerAt)).toBe('(B)');
    const opened = 'Answer: neutrality? NEUTRAL, I say';
    expect(at(opened, parse('classification', opened, { labels: classes }).answerAt)).toBe(
      'NEUTRAL',
    );
    const number = 'Answer: about $1,200.';
    const rules = rulesOf([phrases('Answer:')], 'number');
    expect(at(number, parse('arithmetic', number, { rules }).answerAt)).toBe('1,200');
  });

  it('is nowhere for text that stands there in other characters', () => {
    const rules = rulesOf([json()]);
    const read = parse('text', '{"rationale": "so \\"warm\\"", "answer": "s\\u0075n"}', { rules });
    expect(read).toMatchObject({ rationale: 'so "warm"', label: 'sun' });
    expect([read.rationaleAt, read.answerAt]).toEqual([null, null]);
  });
});

const data = new URL('../../../../shared/data/', import.meta.url);
const Row = z.object({
  teacher_completion: z.string(),
  label: z.string().optional(),
  answer: z.string().optional(),
  choices: z.array(z.string()).optional(),
});

describe.skipIf(!existsSync(data))(
  'on the published completions (../shared/data, if present)',
  () => {
    const parts = [
      ['svamp', 'test', 'arithmetic', { rows: 200, correct: 148, unparsed: 2 }],
      ['svamp', 'train', 'arithmetic', { rows: 800, correct: 588, unparsed: 13 }],
      ['cqa', 'test', 'multiple-choice', { rows: 1_221, correct: 943, unparsed: 0 }],
      ['cqa', 'train', 'multiple-choice', { rows: 9_741, correct: 7_234, unparsed: 3 }],
    ] as const;

    it.each(parts)("%s %s has the paper's figures", (set, part, task, figures) => {
      const lines = readFileSync(new URL(`${set}/${part}.jsonl`, data), 'utf8')
        .trim()
        .split('\n');
      const rows = lines.map((line) => Row.parse(JSON.parse(line)));
      const rules = compileRules(defaultParseRules(task));
      const counted = { rows: rows.length, correct: 0, unparsed: 0 };
      const began = performance.now();
      for (const { teacher_completion: text, choices = null, label, answer } of rows) {
        const read = parseCompletion(text, rules, task, { labels: [], choices });
        if (read.label === null) counted.unparsed++;
        if (isCorrect(task, read.label, answer ?? label ?? '', choices)) counted.correct++;
        // Every word of the two stands in the completion, and is found there.
        if (read.rationale !== null) {
          expect(text.slice(...(read.rationaleAt ?? [0, 0]))).toBe(read.rationale);
        }
        if (read.label !== null) {
          expect(text.slice(...(read.answerAt ?? [0, 0]))).toBe(read.label);
        }
      }
      const milliseconds = Math.round(performance.now() - began);
      console.log(
        `${set} ${part}: ${JSON.stringify(counted)}, read and checked in ${milliseconds} ms`,
      );
      expect(counted).toEqual(figures);
    });

    it('reads all of them well under a second (printed)', () => {
      const texts = parts.flatMap(([set, part, task]) => {
        const rules = compileRules(defaultParseRules(task));
        const lines = readFileSync(new URL(`${set}/${part}.jsonl`, data), 'utf8').trim();
        return lines.split('\n').map((line) => {
          const { teacher_completion: text, choices = null } = Row.parse(JSON.parse(line));
          return () => parseCompletion(text, rules, task, { labels: [], choices });
        });
      });
      const began = performance.now();
      const unparsed = texts.filter((read) => read().label === null).length;
      console.log(
        `${texts.length} completions in ${Math.round(performance.now() - began)} ms, ${unparsed} without an answer`,
      );
      expect([texts.length, unparsed]).toEqual([11_962, 18]);
    });
  },
);
