import { describe, expect, it } from 'vitest';
import { Secrets } from '../../../electron/ipc/redaction.ts';

const key = 'sk-x+Zq7L/93fWmT0bHkV=8u"Ny2';

function striking(...secrets: string[]): (text: string) => string {
  const known = new Secrets();
  for (const secret of secrets) known.add(secret);
  return (text) => known.strike(text);
}

describe('Secrets', () => {
  it('leaves text alone that has none of them', () => {
    const text = 'The answer is 4. See https://example.org/a?b=c, sk-, Zq7L/93.';
    expect(striking(key)(text)).toBe(text);
    expect(striking()(key)).toBe(key);
  });

  it.each([
    ['as it is', key],
    ['in JSON', JSON.stringify(key).slice(1, -1)],
    ['in an address', encodeURIComponent(key)],
    ['in Base64', Buffer.from(key).toString('base64')],
    ['in Base64 behind other bytes', Buffer.from(`Bearer ${key}`).toString('base64')],
    ['in Base64 behind a name', Buffer.from(`me:${key}`).toString('base64')],
    ['in the Base64 of addresses', Buffer.from(key).toString('base64url')],
    ['its first half', key.slice(0, key.length / 2)],
    ['its second half', key.slice(key.length / 2)],
  ])('strikes a secret out: %s', (_what, form) => {
    const clean = striking(key)(`before ${form} between ${form} after`);
    expect(clean).toContain('[key removed]');
    for (let at = 0; at + 12 <= form.length; at++) {
      expect(clean).not.toContain(form.slice(at, at + 12));
    }
    expect(clean).toMatch(/^before .* between .* after$/);
  });

  it('strikes several secrets out, also where one is the beginning of another', () => {
    const clean = striking(
      'first-secret-of-two',
      'first-secret-of-two-and-more',
      'other!',
    )('first-secret-of-two-and-more, first-secret-of-two, other!');
    expect(clean).not.toMatch(/secret|other/);
  });

  it('ends on text that repeats a piece of the secret', () => {
    expect(striking('aaaaaaaaaaaaaaaa')('a'.repeat(1_000))).not.toContain('aaaaaaaaaaaaaaaa');
  });

  it('does not take a few characters for a secret', () => {
    expect(striking('key')('the key is not here')).toBe('the key is not here');
  });
});
