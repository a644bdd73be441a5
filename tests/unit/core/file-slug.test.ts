import { describe, expect, it } from 'vitest';
import { fileSlug } from '../../../electron/core/text.ts';

describe('a name of a file', () => {
  it.each([
    ['Apples: "50%" / run 1', 'apples-50-run-1'],
    ['  한국어 감정 분류 ', '한국어-감정-분류'],
    ['../../etc', 'etc'],
    ['🙂', 'student'],
    ['CON', 'student-con'],
    ['lpt1', 'student-lpt1'],
    ['console', 'console'],
  ])('of %j is %j', (name, slug) => {
    expect(fileSlug(name, 'student')).toBe(slug);
  });

  it.each(['가', '𐐷', 'a'])('leaves room for what stands behind it: %s', (letter) => {
    const slug = fileSlug(letter.repeat(200), 'student');
    expect(slug).toMatch(new RegExp(`^${letter.toLowerCase()}+$`, 'u'));
    const longest = `${slug}-huggingface-bfloat16.part-4194304`;
    expect(Buffer.byteLength(longest)).toBeLessThanOrEqual(255);
  });

  it('is the same when it is made of itself', () => {
    const slug = fileSlug(`${'a'.repeat(79)} b`, 'student');
    expect(slug).toBe('a'.repeat(79));
    expect(fileSlug(slug, 'student')).toBe(slug);
  });
});
