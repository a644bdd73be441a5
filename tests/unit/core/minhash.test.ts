import { describe, expect, it } from 'vitest';
import {
  bandingFor,
  jaccard,
  recallAt,
  shingleLength,
  shingles,
  shingleSet,
  Signer,
} from '../../../electron/core/minhash.ts';
import { Random } from '../../../electron/core/random.ts';

describe('shingles', () => {
  it('are as many as a text has windows of their length', () => {
    expect(shingles('abcdefgh')).toHaveLength(8 - shingleLength + 1);
    expect(shingles('abc')).toHaveLength(1);
    expect(shingles('')).toHaveLength(0);
    expect(shingleSet('aaaaaaaaaa')).toHaveLength(1);
  });

  it('make equal sets similar by 1 and disjoint ones by 0', () => {
    const [a, b] = [shingleSet('the quick brown fox'), shingleSet('0123456789')];
    expect(jaccard(a, a)).toBe(1);
    expect(jaccard(a, b)).toBe(0);
    expect(jaccard(shingleSet(''), shingleSet(''))).toBe(1);
    expect(jaccard(shingleSet(''), a)).toBe(0);
  });

  it('share what two texts share: intersection over union', () => {
    // abcde, bcdef, cdefg and bcdef, cdefg, defgh.
    expect(jaccard(shingleSet('abcdefg'), shingleSet('bcdefgh'))).toBe(2 / 4);
    expect(jaccard(shingleSet('ab'), shingleSet('abcdefghijklmnop'), 0.8)).toBe(0);
  });
});

describe('bands', () => {
  it('find a pair at the threshold with a probability of 0.995 or more', () => {
    for (const threshold of [0.5, 0.6, 0.7, 0.8, 0.9, 1]) {
      const banding = bandingFor(threshold);
      expect(recallAt(threshold, banding)).toBeGreaterThanOrEqual(0.995);
      expect(banding.bands * banding.rows).toBeLessThanOrEqual(128);
    }
    expect(bandingFor(0.8)).toEqual({ rows: 6, bands: 21 });
    expect(recallAt(0.3, bandingFor(0.8))).toBeLessThan(0.02);
  });

  it('agree as often as the formula says', () => {
    const random = new Random(4);
    const letter = () => 'abcdefghijklmnopqrstuvwxyz'[random.integer(0, 25)] ?? '';
    const text = (length: number) => Array.from({ length }, letter).join('');
    const banding = { bands: 21, rows: 6 };
    const signer = new Signer(banding);
    const signed = (words: string) => {
      const hashes = new Uint32Array(banding.bands);
      signer.sign(words, hashes, 0);
      return hashes;
    };
    let [agreed, expected, bands] = [0, 0, 0];
    for (let pair = 0; pair < 400; pair++) {
      const common = text(random.integer(100, 300));
      const [a, b] = [common + text(40), common + text(40)];
      const [x, y] = [signed(a), signed(b)];
      bands += banding.bands;
      agreed += x.filter((hash, band) => hash === y[band]).length;
      expected += banding.bands * jaccard(shingleSet(a), shingleSet(b)) ** banding.rows;
    }
    expect(agreed / bands).toBeGreaterThan((expected / bands) * 0.9);
    expect(agreed / bands).toBeLessThan((expected / bands) * 1.1);
  });

  it('are the same for the same text, always', () => {
    const banding = bandingFor(0.8);
    const hashes = new Uint32Array(banding.bands);
    new Signer(banding).sign('the quick brown fox jumps over the lazy dog', hashes, 0);
    expect([...hashes.subarray(0, 3)]).toEqual([1240398345, 3477961802, 2850554726]);
  });
});
