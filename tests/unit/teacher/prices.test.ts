import { describe, expect, it } from 'vitest';
import { PriceEntry } from '../../../electron/contract/teacher.ts';
import { builtInPrices, costOf, priceOf } from '../../../electron/teacher/prices.ts';
import type { PricedTeacher } from '../../../electron/teacher/prices.ts';

const teacher = (parts: Partial<PricedTeacher>): PricedTeacher => ({
  kind: 'openai-compatible',
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  model: 'gpt-4o-mini',
  ...parts,
});
const entered = (model: string, input: number): PriceEntry => ({
  model,
  price: { input, output: 2 * input, batchShare: 0.5 },
  origin: 'entered',
  asOf: '2026-01-01',
});
const inputPrice = (parts: Partial<PricedTeacher>, entries: PriceEntry[] = []) =>
  priceOf(teacher(parts), entries)?.price.input ?? null;

describe('the built-in table', () => {
  it('names each model once, with a date and half price for batches', () => {
    expect(new Set(builtInPrices.map(({ model }) => model)).size).toBe(builtInPrices.length);
    for (const entry of builtInPrices) {
      expect(PriceEntry.parse(entry)).toEqual(entry);
      expect(entry).toMatchObject({ origin: 'built-in', price: { batchShare: 0.5 } });
      expect(entry.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(entry.price.output).toBeGreaterThan(entry.price.input);
    }
  });

  it('holds for models of OpenAI and their dated snapshots, not for others of their family', () => {
    expect(inputPrice({ model: 'gpt-4o' })).toBe(2.5);
    expect(inputPrice({ model: 'gpt-4o-2024-08-06' })).toBe(2.5);
    expect(inputPrice({ model: 'gpt-4o-2024-05-13' })).toBe(5);
    expect(inputPrice({ model: 'gpt-4o-mini-2024-07-18' })).toBe(0.15);
    expect(inputPrice({ model: 'gpt-4o-audio-preview' })).toBeNull();
    expect(inputPrice({ model: 'gpt-5-pro' })).toBeNull();
    expect(inputPrice({ model: '' })).toBeNull();
  });

  it('does not hold for models of the same name elsewhere', () => {
    expect(
      inputPrice({ provider: 'azure', baseUrl: 'https://x.openai.azure.com/openai/v1' }),
    ).toBeNull();
    expect(inputPrice({ provider: 'other', baseUrl: 'https://models.example/v1' })).toBeNull();
  });
});

describe('a price that was entered', () => {
  it('goes before the built-in one', () => {
    expect(inputPrice({}, [entered('gpt-4o-mini', 9)])).toBe(9);
  });

  it('may hold for any ending: the exact name first, then the longest beginning', () => {
    const entries = [
      entered('*', 1),
      entered('llama-*', 2),
      entered('llama-3*', 3),
      entered('llama-3.1', 4),
    ];
    const other = { provider: 'other', baseUrl: 'https://models.example/v1' } as const;
    expect(inputPrice({ ...other, model: 'llama-3.1' }, entries)).toBe(4);
    expect(inputPrice({ ...other, model: 'llama-3.2' }, entries)).toBe(3);
    expect(inputPrice({ ...other, model: 'llama-2' }, entries)).toBe(2);
    expect(inputPrice({ ...other, model: 'qwen' }, entries)).toBe(1);
    expect(inputPrice({ ...other, model: 'llama' }, [entered('llama-*', 2)])).toBeNull();
  });

  it('holds on this machine too, where a server may pass requests on', () => {
    expect(inputPrice({ baseUrl: 'http://localhost:4000/v1' }, [entered('gpt-4o-mini', 9)])).toBe(
      9,
    );
  });
});

describe('what costs nothing', () => {
  it.each([
    'http://localhost:1234/v1',
    'http://127.0.0.1:8080/v1',
    'http://127.1.2.3/v1',
    'http://[::1]:80/v1',
  ])('is a server on this machine (%s)', (baseUrl) => {
    expect(priceOf(teacher({ baseUrl, provider: 'ollama' }), [])?.price).toMatchObject({
      input: 0,
      output: 0,
    });
  });

  it.each([
    'http://localhost.example.com/v1',
    'http://127.example.com/v1',
    'http://192.168.0.7/v1',
    'nonsense',
  ])('is not one that only looks so (%s)', (baseUrl) => {
    expect(priceOf(teacher({ baseUrl, provider: 'other' }), [])).toBeNull();
  });

  it('is the practice teacher, whatever was entered, and the recorded one', () => {
    const everything = [entered('*', 5)];
    expect(inputPrice({ kind: 'practice', baseUrl: null, model: 'practice' }, everything)).toBe(0);
    expect(inputPrice({ kind: 'recorded', baseUrl: null, model: '' }, everything)).toBe(0);
    const free = priceOf(teacher({ kind: 'recorded', baseUrl: null, model: '' }), []);
    expect(PriceEntry.parse(free)).toEqual(free);
  });
});

describe('the cost', () => {
  const price = { input: 2, output: 8, batchShare: 0.5 };

  it('is for a million tokens', () => {
    expect(costOf(price, 1_000_000, 0)).toBe(2);
    expect(costOf(price, 0, 1_000_000)).toBe(8);
    expect(costOf(price, 500_000, 250_000)).toBe(3);
    expect(costOf(price, 500_000, 250_000, true)).toBe(1.5);
  });
});
