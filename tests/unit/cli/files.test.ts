import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPrice } from '../../../electron/cli/arguments.ts';
import { readJsonFile } from '../../../electron/cli/json-file.ts';
import { readTemplate } from '../../../electron/cli/template-file.ts';
import { ParseRules } from '../../../electron/contract/entities.ts';
import { temporaryFolder } from '../ipc/support.ts';

let place: { folder: string; remove: () => void };
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place.remove());

function written(value: unknown): string {
  const path = join(place.folder, 'file.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const template = {
  name: 'Mine',
  style: 'few-shot-cot',
  instruction: 'Think.',
  inputTemplate: 'Q: {input}\nA:',
  exemplars: [{ input: '1 + 1?', choices: null, rationale: 'One and one.', answer: '2' }],
  selection: { how: 'all', count: 1, seed: 0 },
  answerPhrase: 'So the answer is',
  parse: {
    stopSequences: ['Q:'],
    rules: [{ kind: 'phrases', phrases: ['So the answer is'] }],
    read: 'task',
  },
};

describe('any file', () => {
  it('is read with the mark that an editor or a shell puts before it', () => {
    const marked = `\ufeff${JSON.stringify(template)}`;
    expect(readTemplate(written(marked), 'mine').name).toBe('Mine');
    const path = join(place.folder, 'utf16.json');
    writeFileSync(path, marked, 'utf16le');
    expect(readTemplate(path, 'mine').name).toBe('Mine');
  });

  it.each([
    ['\0\u0001binary', 'file-binary'],
    ['', 'file-empty'],
    [' '.repeat(5 * 1024 ** 2), 'file-too-large'],
  ])('that is none of text is refused as what it is', (text, code) => {
    expect(() => readTemplate(written(text), 'mine')).toThrow(expect.objectContaining({ code }));
  });

  it('that lacks something says so in a few words', () => {
    expect(() => readTemplate(written({ ...template, name: undefined }), 'mine')).toThrow(
      expect.objectContaining({ hint: 'name: missing, expected string.' }),
    );
  });
});

describe('a template file', () => {
  it('becomes a template of the project, whichever it came from', () => {
    const saved = { ...template, id: 'x', projectId: 'other', version: 3, createdAt: 'then' };
    for (const value of [template, saved]) {
      expect(readTemplate(written(value), 'mine')).toEqual({ ...template, projectId: 'mine' });
    }
  });

  it.each([
    [{ ...template, style: 'few-shot' }, /style/],
    [
      { ...template, exemplars: [{ input: 'x' }] },
      /exemplars\.0\.choices.*exemplars\.0\.rationale/,
    ],
    [{ ...template, parse: { ...template.parse, rules: [] } }, /parse\.rules/],
    [{}, /and \d+ more/],
    [[], /the file/],
  ])('says what does not fit', (value, hint) => {
    expect(() => readTemplate(written(value), 'mine')).toThrow(
      expect.objectContaining({
        code: 'template-invalid',
        message: expect.stringContaining('file.json does not hold a prompt template'),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  it('has to be there, and JSON', () => {
    expect(() => readTemplate(join(place.folder, 'none.json'), 'p')).toThrow(
      expect.objectContaining({ code: 'file-unreadable' }),
    );
    expect(() => readTemplate(written('{ "name": '), 'p')).toThrow(
      expect.objectContaining({ code: 'file-syntax' }),
    );
  });
});

it('rules come from a file, too', () => {
  const read = (value: unknown) => readJsonFile(written(value), ParseRules, 'rules to parse with');
  expect(read(template.parse)).toEqual(template.parse);
  expect(() => read({ ...template.parse, rules: [{ kind: 'magic' }] })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('rules.0.kind') }),
  );
});

describe('a price', () => {
  it.each([
    ['0.15/0.60', { input: 0.15, output: 0.6 }],
    ['0/0', { input: 0, output: 0 }],
    [' 3 / 15 ', { input: 3, output: 15 }],
  ])('is two amounts: %s', (text, price) => {
    expect(readPrice(text)).toEqual(price);
  });

  it.each(['', '1', '1/', '/1', '1/2/3', '-1/2', 'a/b', '1/1e9'])('is not “%s”', (text) => {
    expect(() => readPrice(text)).toThrow(/--price takes two amounts/);
  });
});
