import { describe, expect, it } from 'vitest';
import { UsageError, parseOptions } from '../../../electron/predictor/options.ts';

const parse = (...words: string[]) => parseOptions(words, '/here');

describe('the words of the command line', () => {
  it.each([
    [['a text'], 'texts'],
    [[], 'stdin'],
    [['--in', 'a.csv', '--out', 'b.csv'], 'file'],
    [['--serve'], 'serve'],
    [['--help', 'a text'], 'help'],
    [['--version'], 'version'],
  ])('%j means %s', (words, mode) => {
    expect(parse(...words).mode).toBe(mode);
  });

  it('has usual values', () => {
    expect(parse('a', 'b')).toMatchObject({
      texts: ['a', 'b'],
      batchSize: 32,
      port: 8080,
      threshold: null,
      folder: '/here',
      unchecked: false,
    });
  });

  it.each([
    [['--bogus'], 'bogus'],
    [['--serve', 'a text'], '--serve'],
    [['--in', 'a.csv', 'a text'], 'not both'],
    [['--in', 'a.csv'], 'belong together'],
    [['--out', 'a.csv'], 'belong together'],
    [['--threshold', '1.5', 'a'], 'from 0 to 1'],
    [['--threshold', ' ', 'a'], 'from 0 to 1'],
    [['--batch', '0', 'a'], 'from 1 to 1024'],
    [['--port', '1e3', '--serve'], 'from 0 to 65535'],
    [['--teacher-rationale', 'so', 'a', 'b'], 'one question'],
  ])('%j is refused', (words, said) => {
    expect(() => parse(...words)).toThrow(UsageError);
    expect(() => parse(...words)).toThrow(said);
  });

  it('takes a threshold of nothing and of everything', () => {
    expect(parse('--threshold', '0', 'a').threshold).toBe(0);
    expect(parse('--threshold', '1', 'a').threshold).toBe(1);
  });
});
