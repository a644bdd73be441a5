import { describe, expect, it } from 'vitest';
import {
  numberFor,
  readMapping,
  readNames,
  readPairs,
  wordFor,
  writeMapping,
} from '../../../electron/cli/arguments.ts';
import { mappingDefaults } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';

describe('numbers', () => {
  const steps = numberFor('--steps', '300', { min: 1, max: 1_000, whole: true });
  const rate = numberFor('--rate', '0.1', { min: 0, max: 1, above: true });

  it.each([
    ['1', 1],
    ['1000', 1_000],
    [' 20 ', 20],
    ['1e2', 100],
  ])('inside their range are taken: %s', (text, value) => {
    expect(steps(text)).toBe(value);
  });

  it.each(['0', '1001', '-1', '1.5', '', ' ', 'x', '1 2', 'NaN', 'Infinity', '0x'])(
    'outside it are refused: “%s”',
    (text) => {
      expect(() => steps(text)).toThrow(StudioError);
      expect(() => steps(text)).toThrow(/--steps takes a whole number of at least 1/);
    },
  );

  it('may have to be above their lower bound', () => {
    expect(rate('0.001')).toBe(0.001);
    expect(() => rate('0')).toThrow(/above 0/);
  });
});

it('words are one of a list', () => {
  const kind = wordFor('--kind', ['random', 'given']);
  expect(kind('given')).toBe('given');
  expect(() => kind('Given')).toThrow(/random, given/);
});

describe('a mapping', () => {
  const none = {
    id: null,
    input: null,
    template: null,
    label: null,
    choices: [],
    rationale: null,
    completion: null,
    ...mappingDefaults,
  };

  it('names a column for each role', () => {
    expect(readMapping('id=n, input=q,label=a,completion=c', null, [])).toEqual({
      ...none,
      id: 'n',
      input: 'q',
      label: 'a',
      completion: 'c',
    });
  });

  it('joins columns of choices, unless the plus is part of a name', () => {
    expect(readMapping('input=q,choices=a+b+c', null, ['q', 'a', 'b', 'c']).choices).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(readMapping('input=q,choices=a,choices=b', null, []).choices).toEqual(['a', 'b']);
    expect(readMapping('input=q,choices=a+b', null, ['q', 'a+b']).choices).toEqual(['a+b']);
  });

  it('takes commas and equal signs inside a name', () => {
    expect(readMapping('input=name, first,label=a=b', null, [])).toMatchObject({
      input: 'name, first',
      label: 'a=b',
    });
  });

  it('may build its input from a template', () => {
    expect(readMapping('label=a', '{q} {c}', [])).toEqual({
      ...none,
      label: 'a',
      template: '{q} {c}',
    });
  });

  it.each(['input', 'question=q', 'input=', '=q', '', 'label=a'])('is refused: “%s”', (text) => {
    expect(() => readMapping(text, null, [])).toThrow(StudioError);
  });

  it('gives a role one column', () => {
    expect(() => readMapping('input=q,input=r', null, [])).toThrow(/“q” and “r”/);
  });

  it('is written as it would be typed', () => {
    const text = 'id=n,input=q,label=a,choices=x+y,rationale=r,completion=c';
    expect(writeMapping(readMapping(text, null, []))).toBe(`--map ${text}`);
    expect(writeMapping(readMapping('label=a', '{q}', []))).toBe("--map label=a --template '{q}'");
    const more = {
      labelMap: { 0: 'no', 1: 'yes' },
      part: { column: 's', values: { tr: 'train' } },
      keep: ['day', 'topic'],
    } as const;
    expect(
      writeMapping({ ...readMapping('input=q', null, []), ...more, keep: [...more.keep] }),
    ).toBe(
      "--map input=q --labels '0=no,1=yes' --part-column 's' --parts 'tr=train' --keep 'day,topic'",
    );
  });
});

describe('lists', () => {
  it('of pairs are refused where one is none', () => {
    const read = readPairs('--labels', '0=no,1=yes');
    expect(read('0=no, 1 = yes')).toEqual([
      ['0', 'no'],
      ['1', 'yes'],
    ]);
    for (const text of ['', '0', '0=', '=no', '0=a=b', '0=no,']) {
      expect(() => read(text)).toThrow(/--labels takes pairs/);
    }
  });

  it('of names leave out what is empty', () => {
    expect(readNames(' a, b c,,')).toEqual(['a', 'b c']);
  });
});
