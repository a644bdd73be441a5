import { describe, expect, it } from 'vitest';
import { Graph, type Node } from '../../../../electron/model/graph/graph.ts';
import { gradients } from '../../../../electron/model/graph/gradient.ts';
import * as operations from '../../../../electron/model/graph/ops/index.ts';
import { cases, withoutDerivative } from './cases.ts';
import { compareGradients } from './run.ts';

const { gather, scale } = operations;

describe('reverse-mode differentiation against central differences in float64', () => {
  it('has a case for every differentiable operation', () => {
    const covered = new Set(Object.keys(cases).map((title) => title.split(',')[0]));
    const expected = Object.keys(operations).filter((name) => !withoutDerivative.includes(name));
    expect([...covered].sort()).toEqual(expected.sort());
  });

  for (const [title, test] of Object.entries(cases)) {
    it(title, () => {
      for (const [name, { analytic, numeric }] of compareGradients(test)) {
        const largest = Math.max(...numeric.map(Math.abs));
        expect(largest, name).toBeGreaterThan(0.05);
        numeric.forEach((value, index) => {
          const error = Math.abs(value - (analytic[index] ?? Number.NaN)) / largest;
          expect(error, `${name}[${index}]`).toBeLessThan(1e-7);
        });
      }
    });
  }
});

describe('what cannot be differentiated', () => {
  const table = (graph: Graph): Node => graph.input('table', 'float32', [4, 2]);

  it('names the operation without a derivative and where it is', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const y = graph.scope('encoder.block.0', () => operations.sum(x, [0], false));
    expect(() => gradients(y, y, [x])).toThrow('sum in test model, encoder.block.0: no derivative');
  });

  it('names a parameter that has no influence', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const unused = graph.input('unused', 'float32', [2]);
    const y = scale(x, 2);
    expect(() => gradients(y, y, [x, unused])).toThrow('does not depend on unused');
  });

  it('refuses rows of a computed table', () => {
    const graph = new Graph('test model');
    const x = table(graph);
    const y = gather(scale(x, 2), graph.input('ids', 'int32', [3]));
    expect(() => gradients(y, y, [x])).toThrow('rows are gathered from a computed table');
  });
});
