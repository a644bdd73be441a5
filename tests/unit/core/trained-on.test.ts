import { describe, expect, it } from 'vitest';
import { TrainedOn, countSeen, hashInput, trainedOn } from '../../../electron/core/trained-on.ts';

describe('what a student was trained on', () => {
  it('is told in hashes: sorted, each once, and none can be read', () => {
    const said = TrainedOn.parse(trainedOn(['b', 'a', 'b']));
    // SHA-256 of “a” and “b”, first 64 bits.
    expect(said.inputs).toEqual(['3e23e8160039594a', 'ca978112ca1bbdca']);
    expect(JSON.stringify(trainedOn(['Ada has 3 pens.']))).not.toContain('Ada');
  });

  it('is found again among rows, each row that was seen counting', () => {
    const said = trainedOn(['Ada has 3 pens.', '한국어 🙂']);
    expect(countSeen(said, ['Ada has 3 pens.', 'Ada has 4 pens.', '한국어 🙂'])).toBe(2);
    expect(countSeen(said, ['Ada has 3 pens.', 'Ada has 3 pens.'])).toBe(2);
    expect(countSeen(trainedOn([]), ['x'])).toBe(0);
    expect(hashInput('x')).toMatch(/^[0-9a-f]{16}$/);
  });
});
