import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../../electron/core/random.ts';
import { Trie } from '../../../../electron/model/generate/trie.ts';
import { randomRows, smallConfig } from '../t5/small.ts';
import { smallGenerator, sum, type SmallGenerator } from './support.ts';

const { decoderStartTokenId: start, eosTokenId: end } = smallConfig;
const labelsOf = (...labels: number[][]): Int32Array[] => labels.map((ids) => Int32Array.from(ids));

describe('the trie of labels', () => {
  it('shares beginnings, puts every node before its children, and keeps branches together', () => {
    const trie = new Trie(labelsOf([7, 8, end], [3, end], [7, 2, end], [7, end]), start, end);
    expect(trie.nodes.map(({ token, parent, depth }) => [token, parent, depth])).toEqual([
      [start, -1, 0],
      [3, 0, 1],
      [end, 1, 2],
      [7, 0, 1],
      [end, 3, 2],
      [2, 3, 2],
      [end, 5, 3],
      [8, 3, 2],
      [end, 7, 3],
    ]);
    expect(trie.ends).toEqual([8, 2, 6, 4]);
    expect(trie.path(8)).toEqual([3, 7, 8]);
  });

  it('ends labels that do not end, and gives equal labels one end', () => {
    const trie = new Trie(labelsOf([5], [5, end], [], [end]), start, end);
    expect(trie.ends).toEqual([3, 3, 1, 1]);
    expect(new Trie([], start, end).nodes).toHaveLength(1);
  });
});

describe('probabilities of labels', () => {
  let small: SmallGenerator;
  beforeAll(async () => {
    small = await smallGenerator(10);
  });
  afterAll(() => small.dispose());
  const inputs = randomRows([7, 3, 11], 51);

  it('are those of the whole decoder, for labels that begin alike too', async () => {
    const labels = labelsOf(
      [7, 8, 9, end],
      [7, 8, end],
      [7, end],
      [12, 8, 9, end],
      [end],
      [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, end],
    );
    const scores = await small.generator.labelProbabilities(inputs, labels);
    for (const [row, { logProbabilities, probabilities }] of scores.entries()) {
      const rows = labels.map(() => inputs[row] ?? new Int32Array());
      const texts = labels.map((ids) => [...ids]);
      const expected = (await small.logProbabilities(rows, texts)).map(sum);
      const total = sum(expected.map(Math.exp));
      labels.forEach((_ids, label) => {
        const score = expected[label] ?? NaN;
        expect(Math.abs((logProbabilities[label] ?? NaN) - score)).toBeLessThan(1e-5);
        expect(probabilities[label]).toBeCloseTo(Math.exp(score) / total, 5);
      });
      expect(sum([...probabilities])).toBeCloseTo(1, 12);
    }
    expect(scores).toHaveLength(3);
  });

  it('give the label that greedy decoding among labels writes', async () => {
    const random = new Random(3);
    const labels = Array.from({ length: 60 }, () =>
      Int32Array.from([random.integer(2, 6), random.integer(2, 6), random.integer(2, 6), end]),
    );
    const scores = await small.generator.labelProbabilities(inputs, labels);
    for (const [row, { constrained }] of scores.entries()) {
      const input = inputs[row] ?? new Int32Array();
      let written: number[] = [];
      while (written.at(-1) !== end) {
        const begin = written.join();
        const going = labels.filter((ids) => [...ids.subarray(0, written.length)].join() === begin);
        const tokens = [...new Set(going.map((ids) => ids[written.length] ?? end))];
        const texts = tokens.map((token) => [...written, token]);
        const rows = texts.map(() => input);
        const scored = (await small.logProbabilities(rows, texts)).map(
          (parts) => parts.at(-1) ?? 0,
        );
        written = texts[scored.indexOf(Math.max(...scored))] ?? [end];
      }
      expect([...(labels[constrained ?? -1] ?? [])]).toEqual(written);
    }
  });

  it('come in parts where a set is large', async () => {
    const random = new Random(4);
    const token = (): number => random.integer(2, 39);
    const labels = Array.from({ length: 1_200 }, () =>
      Int32Array.from([token(), token(), token(), token(), end]),
    );
    const scores = await small.generator.labelProbabilities(inputs, labels);
    for (const [row, { logProbabilities, probabilities }] of scores.entries()) {
      const some = labels.flatMap((_ids, label) => (label % 60 === 0 ? [label] : []));
      const texts = some.map((label) => [...(labels[label] ?? [])]);
      const rows = some.map(() => inputs[row] ?? new Int32Array());
      const expected = (await small.logProbabilities(rows, texts)).map(sum);
      some.forEach((label, index) => {
        const difference = (logProbabilities[label] ?? NaN) - (expected[index] ?? NaN);
        expect(Math.abs(difference)).toBeLessThan(1e-5);
      });
      expect(probabilities).toHaveLength(1_200);
    }
  });

  it('count equal labels once, and know no labels and no inputs', async () => {
    const [scores] = await small.generator.labelProbabilities(
      inputs.slice(0, 1),
      labelsOf([4, end], [5, end], [4, end], [4]),
    );
    const [first = NaN, second = NaN, third, fourth] = scores?.probabilities ?? [];
    expect([third, fourth]).toEqual([first, first]);
    expect(first + second).toBeCloseTo(1, 12);
    const [none] = await small.generator.labelProbabilities(inputs.slice(0, 1), []);
    expect(none).toEqual({
      logProbabilities: new Float64Array(),
      probabilities: new Float64Array(),
      constrained: null,
    });
    expect(await small.generator.labelProbabilities([], labelsOf([4, end]))).toEqual([]);
  });
});
