import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomRows } from '../t5/small.ts';
import { lists, smallGenerator, type SmallGenerator } from './support.ts';

describe('a stream of tokens', () => {
  let small: SmallGenerator;
  beforeAll(async () => {
    small = await smallGenerator(5);
  });
  afterAll(() => small.dispose());
  const [input = new Int32Array()] = randomRows([9], 61);

  it('grows into what greedy decoding writes', async () => {
    const steps: Int32Array[] = [];
    for await (const ids of small.generator.stream(input, { maxTokens: 12 })) steps.push(ids);
    const [whole = []] = lists(await small.generator.greedy([input], 12));
    expect(whole.length).toBeGreaterThan(2);
    expect(lists(steps)).toEqual(whole.map((_id, index) => whole.slice(0, index + 1)));
  });

  it('stops when it is told to, before the first token too', async () => {
    const abort = new AbortController();
    let steps = 0;
    for await (const ids of small.generator.stream(input, {
      maxTokens: 12,
      signal: abort.signal,
    })) {
      steps = ids.length;
      if (steps === 2) abort.abort();
    }
    expect(steps).toBe(2);
    for await (const ids of small.generator.stream(input, {
      maxTokens: 12,
      signal: abort.signal,
    })) {
      expect.fail(`wrote ${ids.length} tokens`);
    }
  });
});
