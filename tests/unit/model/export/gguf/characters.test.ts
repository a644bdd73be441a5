import { describe, expect, it } from 'vitest';
import {
  compileCharacters,
  usualCharacters,
} from '../../../../../electron/model/export/gguf/characters.ts';

const usual = usualCharacters();
const compiled = Buffer.from(compileCharacters(usual));

/** The longest sequence at the beginning of a text that the map replaces, read as llama.cpp reads it. */
function lookUp(text: string): { readonly bytes: number; readonly becomes: string } | null {
  const trieBytes = compiled.readUInt32LE(0);
  const unit = (place: number): number => compiled.readUInt32LE(4 + 4 * place);
  const offset = (place: number): number => (unit(place) >>> 10) << ((unit(place) & 0x200) >>> 6);
  let found: { bytes: number; becomes: string } | null = null;
  let place = offset(0);
  for (const [at, byte] of Buffer.from(text).entries()) {
    place ^= byte;
    if (place * 4 >= trieBytes || (unit(place) & 0x8000_00ff) >>> 0 !== byte) break;
    const ends = (unit(place) & 0x100) !== 0;
    place ^= offset(place);
    if (!ends) continue;
    const start = 4 + trieBytes + (unit(place) & 0x7fff_ffff);
    const becomes = compiled.toString('utf8', start, compiled.indexOf(0, start));
    found = { bytes: at + 1, becomes };
  }
  return found;
}

describe('a map of characters', () => {
  it('replaces every sequence that it was made of, whole', () => {
    const wrong = [...usual].filter(([from, to]) => {
      const found = lookUp(from);
      return found?.becomes !== to || found.bytes !== Buffer.byteLength(from);
    });
    expect(wrong).toEqual([]);
  });

  it('replaces no other character', () => {
    const replaced: string[] = [];
    for (let code = 1; code <= 0x1ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (!usual.has(character) && lookUp(character) !== null) replaced.push(character);
    }
    expect(replaced).toEqual([]);
  });

  it('turns white space into spaces and composes letters', () => {
    expect(lookUp('\n')?.becomes).toBe(' ');
    expect(lookUp('\u3000x')?.becomes).toBe(' ');
    expect(lookUp('e\u0301tude')).toEqual({ bytes: 3, becomes: 'é' });
    expect(lookUp('\u1112\u1161\u11ab')?.becomes).toBe('한');
    expect(lookUp('\ud558\u11ab')?.becomes).toBe('한');
    expect(lookUp('plain')).toBeNull();
  });
});
