import { describe, expect, it } from 'vitest';
import { requestHash } from '../../../electron/stages/extract/request-hash.ts';
import type { AskedFor } from '../../../electron/stages/extract/request-hash.ts';

const asked: AskedFor = {
  server: 'https://api.example.org/v1',
  model: 'some-model',
  messages: [{ role: 'user', content: 'Q: 1 + 1?\nA:' }],
  ...{ temperature: 0.7, maxTokens: 256, stop: ['\nQ:'], seed: 4, schema: null, sample: 0 },
};
const name = (change: Partial<AskedFor> = {}): string =>
  Buffer.from(requestHash({ ...asked, ...change })).toString('hex');

describe('the name of a request', () => {
  it('is 16 bytes that depend on everything that decides the answer', () => {
    expect(requestHash(asked)).toHaveLength(16);
    const changes: Partial<AskedFor>[] = [
      { server: 'https://api.example.com/v1' },
      { server: null },
      { model: 'other-model' },
      { messages: [{ role: 'system', content: 'Q: 1 + 1?\nA:' }] },
      { messages: [{ role: 'user', content: 'Q: 1 + 2?\nA:' }] },
      { temperature: 0.8 },
      { maxTokens: 257 },
      { stop: ['\nQ:', '\n\n'] },
      { seed: null },
      { schema: { type: 'object' } },
      { sample: 1 },
    ];
    const names = [name(), ...changes.map(name)];
    expect(new Set(names).size).toBe(names.length);
    expect(name()).toBe(name({ server: 'https://api.example.org/v1/' }));
  });

  it('is one for all samples at temperature 0', () => {
    expect(name({ temperature: 0, sample: 3 })).toBe(name({ temperature: 0 }));
  });
});
