import { describe, expect, it } from 'vitest';
import { ParseRules, Task } from '../../../electron/contract/entities.ts';
import { StudioError } from '../../../electron/contract/errors.ts';
import { compileRules, defaultParseRules } from '../../../electron/teacher/parse.ts';
import { cut, fruit, json, lastLine, parse, pattern, phrases, rulesOf } from './reading.ts';

describe('the default rules', () => {
  it.each(Task.options)('of %s are rules, each time anew', (task) => {
    const rules = defaultParseRules(task);
    expect(ParseRules.parse(rules)).toEqual(rules);
    rules.stopSequences.length = 0;
    rules.rules.length = 0;
    expect(defaultParseRules(task).stopSequences).toContain('\nQ:');
    expect(defaultParseRules(task).rules).toHaveLength(1);
  });
});

describe('compiled rules', () => {
  it('stay as they are when they are compiled again', () => {
    const compiled = compileRules(defaultParseRules('text'));
    expect(compileRules(compiled)).toBe(compiled);
  });
});

describe('phrases', () => {
  it('count in their order, each at its last place, and never inside a word', () => {
    const rules = rulesOf([phrases('Ergo', 'Thus')]);
    const read = (text: string) => parse('text', text, { rules }).label;
    expect(read('Thus sun. ergo moon. ERGO star.')).toBe('star');
    expect(read('Cargo lumbergo. Thus sun.')).toBe('sun');
    expect(read('lumbergo')).toBeNull();
  });

  it('mean no pattern by their signs', () => {
    const rules = rulesOf([phrases('A.*(b)? [c]:')]);
    expect(parse('text', 'Axx b c: no. A.*(B)? [C]： sun', { rules }).label).toBe('sun');
    expect(parse('text', 'Axx b c: no.', { rules }).label).toBeNull();
  });
});

describe('a pattern', () => {
  const read = (source: string, text: string) => {
    const rules = rulesOf([pattern(source)], 'text');
    return cut('text', text, { rules });
  };

  it('takes the last match, in either case, with ^ and $ at every line', () => {
    expect(read('^final: (\\w+)$', 'Warm.\nFinal: moon\nfinal: sun\nThe end: star')).toEqual({
      rationale: 'Warm.\nFinal: moon',
      label: 'sun',
    });
  });

  it('prefers the named group, then the first, then the whole match', () => {
    expect(read('(\\w+) is (?P<answer>\\w+)', 'It is sun').label).toBe('sun');
    expect(read('(\\w+) is (?<answer>\\w+)', 'It is sun').label).toBe('sun');
    expect(read('is (\\w+) or (\\w+)', 'It is sun or moon').label).toBe('sun');
    expect(read('s[a-z]n', 'Warm: sun')).toEqual({ rationale: 'Warm:', label: 'sun' });
  });

  it('takes the rationale from its group, or what stands before the match', () => {
    const text = 'Well. It is warm => sun';
    const split = { rationale: 'It is warm', label: 'sun' };
    expect(read('(?P<rationale>It[^=]+)=> (?P<answer>\\w+)', text)).toEqual(split);
    expect(read('(?P<rationale>It[^=]+)=> (\\w+)', text)).toEqual(split);
    expect(read('=> (\\w+)', text)).toEqual({ rationale: 'Well. It is warm', label: 'sun' });
  });

  it('passes over matches without an answer', () => {
    expect(read('answer(?:: (\\w+))?', 'answer: sun, that is the answer').label).toBe('sun');
    expect(read('answer(?:: (\\w+))?', 'the answer').label).toBeNull();
    expect(read('x*', 'abc').label).toBeNull();
  });

  it('counts in UTF-16 code units, as the screen does', () => {
    const rules = rulesOf([pattern('정답[은:] *(\\S+)')], 'text');
    const text = '😀😀 가나다 정답: 해';
    const { answerAt } = parse('text', text, { rules });
    expect(text.slice(...(answerAt ?? [0, 0]))).toBe('해');
  });

  it.each(['(', 'a(?=b)', '(a)\\1', '[z-a]', 'a{1001}', '(?P<answer>a)(?P<answer>b)', '*'])(
    'is refused as %j, in the words of RE2',
    (source) => {
      const compile = () => compileRules(rulesOf([lastLine, pattern(source)]));
      expect(compile).toThrow(StudioError);
      expect(compile).toThrow(expect.objectContaining({ code: 'template-invalid' }));
      expect(compile).toThrow(/error parsing regexp: .+\.$/);
      expect(compile).toThrow(JSON.stringify(source));
    },
  );
});

describe('JSON', () => {
  const rules = rulesOf([json()]);
  const read = (text: string) => cut('multiple-choice', text, { rules, choices: fruit });
  const pear = { rationale: 'Soft.', label: 'pear' };

  it.each([
    '{"rationale": "Soft.", "answer": "pear"}',
    '{"rationale": "Soft.", "answer": "b"}',
    '{"rationale": "Soft.", "answer": "(b) pear"}',
    '{"rationale": "Soft.", "answer": "B."}',
    '{"rationale": "Soft.", "answer": 2}',
    '{"Rationale": "Soft.", "ANSWER": "pear",}',
    '```json\n{\n  "rationale": "Soft.",\n  "answer": "pear"\n}\n```\n',
    'Here it is: {"rationale": "Soft.", "answer": "pear"} I hope {"answer": "c"} helps.',
    'Soft.\n```json\n{"answer": "pear"}\n```',
    'Soft. {"answer": "pear"}',
    '{"rationale":"S\\u006ff\\u0074.","answer":"p\\u0065ar"}',
    '{"steps": [{"answer": "}"}, [1, "]"]], "ok": true, "n": null, "rationale": "Soft.", "answer": "pear"}',
    '{"answer": "red", "rationale": "Soft.", "answer": "pear"}',
    '{"answer": "pear", "rationale": "Soft.',
    '{"answer": "pear", "rationale": "Soft.", "note": {"a": [1',
    '{"note": "x"} {"rationale": "Soft.", "answer": "pear"}',
  ])('%s', (text) => {
    expect(read(text)).toEqual(pear);
  });

  it.each([
    '{"rationale": "Soft.", "answer": "pea',
    '{"rationale": "Soft.", "answer": 2',
    '{"answer": null}',
    '{"answer": ["pear"]}',
    '{"answer": {"text": "pear"}}',
    '{"answer": ""}',
    '{"answer" "pear"}',
    "{'answer': 'pear'}",
    '{answer: "pear"}',
    '{"text": "pear"}',
    '{"a": "\\',
    '{"answer": pear}',
    '{',
    '{}',
    '"answer": "pear"',
  ])('%s: none', (text) => {
    expect(read(text).label).toBeNull();
  });

  it('passes over the braces of TeX', () => {
    expect(read('\\frac{1}{2} of {x}: {"rationale": "Soft.", "answer": "pear"}')).toEqual(pear);
  });

  it('keeps line breaks that stand in a string, and unescapes the rest', () => {
    expect(read('{"rationale": "One,\n\\"two\\",\\n\\ud83d\\ude00.", "answer": "pear"}')).toEqual({
      rationale: 'One,\n"two",\n😀.',
      label: 'pear',
    });
    expect(read('{"answer": "pear", "rationale": "One\\n tw\\u00')).toEqual({
      rationale: 'One\n tw',
      label: 'pear',
    });
    expect(read('{"answer": "pear", "rationale": "C:\\\\"}').rationale).toBe('C:\\');
    expect(read('{"answer": "pear", "rationale": "C:\\\\u00').rationale).toBe('C:\\u00');
    expect(read('{"answer": "pear", "rationale": "\\( 3 \\)"}').rationale).toBe('\\( 3 \\)');
  });

  it('takes no rationale from the object where the rule names no field', () => {
    const without = rulesOf([json('label', '')]);
    const text = 'Soft. {"label": "pear", "rationale": "Hard.", "": "No."}';
    expect(cut('text', text, { rules: without })).toEqual({ rationale: 'Soft.', label: 'pear' });
  });

  it('reads numbers and truth as they are written', () => {
    const labels = ['true', 'false'];
    expect(parse('arithmetic', '{"answer": 12.50}', { rules }).label).toBe('12.50');
    expect(parse('text', '{"answer": -1e3 }', { rules }).label).toBe('-1e3');
    expect(parse('classification', '{"answer": true}', { rules, labels }).label).toBe('true');
  });
});

describe('the last line', () => {
  const rules = rulesOf([lastLine]);

  it.each([
    ['Warm.\nVery warm.\nsun', 'Warm.\nVery warm.'],
    ['Warm.\n\n**sun**\n\n', 'Warm.'],
    ['```\nWarm.\nsun\n```', '```\nWarm.'],
    ['Warm.\r\n sun. \r\n---\r\n', 'Warm.'],
    ['sun', null],
  ])('of %j', (text, rationale) => {
    expect(cut('text', text, { rules })).toEqual({ rationale, label: 'sun' });
  });

  it('is none without a letter or a digit', () => {
    expect(cut('text', '```\n---\n', { rules }).label).toBeNull();
  });
});
