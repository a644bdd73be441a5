import { describe, expect, it } from 'vitest';
import { isRecord, parseJson } from '../../../electron/core/json.ts';

describe('parseJson', () => {
  it('tells null from text that is no JSON', () => {
    expect(parseJson('null')).toBeNull();
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
    for (const text of ['', '<html>', '{"a":', 'undefined']) {
      expect(parseJson(text)).toBeUndefined();
    }
  });
});

describe('isRecord', () => {
  it('takes objects, and neither lists nor null nor plain values', () => {
    expect(isRecord({})).toBe(true);
    for (const value of [[], null, undefined, 'text', 1]) expect(isRecord(value)).toBe(false);
  });
});
