import { describe, expect, it } from 'vitest';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { everyPack } from '../../../electron/teacher/packs/index.ts';
import { counterFrom, tokenCounter } from '../../../electron/teacher/tokens.ts';

const counter = await tokenCounter();
const whole = (text: string) => encode(text, { disallowedSpecial: new Set() }).length;

describe('counted tokens', () => {
  it('are those of o200k_base, as published', () => {
    expect(counter.countTokens('hello world')).toBe(2);
    expect(counter.countTokens('')).toBe(0);
    expect(counter.countTokens('antidisestablishmentarianism')).toBe(6);
  });

  it('are the same in blocks as in one piece', () => {
    const texts = everyPack.map(({ exemplars }) =>
      exemplars.map(({ input, rationale }) => `Q: ${input}\nA: ${rationale}`).join('\n\n'),
    );
    const odd = [
      '\n\n\n\na',
      'a\n\n\n1\n\n ',
      ' \n\n(a)\n\n가\n\n\tb',
      'x\r\n\r\ny',
      'a.\n\n/b',
      '\n\nA\n\nB',
    ];
    for (const text of [...texts, ...odd]) expect(counter.countTokens(text)).toBe(whole(text));
  });

  it('take control marks in a row as the text they are', () => {
    expect(counter.countTokens('<|endoftext|>')).toBe(whole('<|endoftext|>'));
    expect(counter.countTokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it('of a request hold its wrapping too', () => {
    const user = { role: 'user' as const, content: 'hello world' };
    expect(counter.countMessages([user])).toBe(3 + 4 + 2);
    expect(counter.countMessages([user, user])).toBe(3 + 2 * (4 + 2));
  });

  it('of words without end are counted in pieces, never far off', () => {
    const near = (text: string) => counter.countTokens(text) / whole(text);
    for (const text of [
      'a'.repeat(2_000),
      '가나'.repeat(500),
      '='.repeat(2_000),
      ' '.repeat(2_000),
    ]) {
      expect(near(text)).toBeGreaterThanOrEqual(1);
      expect(near(text)).toBeLessThan(2);
    }
  });

  it('of an endless word take linear work', () => {
    let longest = 0;
    const watched = counterFrom((text) => {
      longest = Math.max(longest, text.length);
      return text.length;
    });
    expect(watched.countTokens('가'.repeat(100_000))).toBe(100_000 + 500);
    expect(longest).toBeLessThanOrEqual(200);
  });
});

describe('blocks', () => {
  it('are encoded once, while they keep coming back', () => {
    const asked: string[] = [];
    const watched = counterFrom((text) => {
      asked.push(text);
      return text.length;
    });
    for (let i = 0; i < 3_000; i++) {
      expect(watched.countTokens(`exemplars\n\nrow ${i}`)).toBe(`exemplars\n\nrow ${i}`.length);
    }
    expect(asked.filter((text) => text === 'exemplars\n\n')).toHaveLength(1);
    expect(asked).toHaveLength(3_001);
  });
});
