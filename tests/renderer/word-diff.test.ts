import { describe, expect, it } from 'vitest';
import { Random } from '../../electron/core/random.ts';
import { wordDiff } from '../../renderer/lib/word-diff.ts';
import type { Piece } from '../../renderer/lib/word-diff.ts';

const text = (pieces: readonly Piece[]) => pieces.map((piece) => piece.text).join('');
const changed = (pieces: readonly Piece[]) =>
  pieces.filter((piece) => piece.changed).map((piece) => piece.text.trim());
const words = (pieces: readonly Piece[]) =>
  pieces
    .filter((piece) => !piece.changed)
    .flatMap((piece) => piece.text.split(/\s+/))
    .filter((word) => word !== '');

describe('the words that changed', () => {
  it('are marked where they stand', () => {
    const { before, after } = wordDiff('Ann has 3 red apples.', 'Ann has 4 apples now.');
    expect(changed(before)).toEqual(['3 red apples.']);
    expect(changed(after)).toEqual(['4 apples now.']);
    const insert = wordDiff('a b c', 'a b x c');
    expect(changed(insert.before)).toEqual([]);
    expect(changed(insert.after)).toEqual(['x']);
    const two = wordDiff('one two three four five', 'one 2 three 4 five');
    expect(changed(two.before)).toEqual(['two', 'four']);
    expect(changed(two.after)).toEqual(['2', '4']);
  });

  it('are all of them where nothing is shared, and none where everything is', () => {
    expect(wordDiff('', 'a b')).toEqual({ before: [], after: [{ text: 'a b', changed: true }] });
    expect(changed(wordDiff('same words', 'same words').after)).toEqual([]);
    const long = Array.from({ length: 2_000 }, (_, at) => `w${at}`).join(' ');
    const swapped = wordDiff(`${long} end`, `x ${long} end`);
    expect(changed(swapped.after)).toEqual(['x']);
  });

  it('leave each text as it was, and keep the same words of both', () => {
    const random = new Random(7);
    const draw = () =>
      Array.from({ length: random.integer(1, 30) }, () => random.pick(['a', 'b', 'c', 'd'])).join(
        random.pick([' ', ' ', '\n']),
      );
    for (let round = 0; round < 300; round += 1) {
      const [a, b] = [draw(), draw()];
      const { before, after } = wordDiff(a, b);
      expect(text(before)).toBe(a);
      expect(text(after)).toBe(b);
      expect(words(before)).toEqual(words(after));
    }
  });
});
