import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../../electron/model/engines/engine.ts';
import { openEngine } from '../../../../electron/model/engines/preflight.ts';
import { scale } from '../../../../electron/model/graph/ops/index.ts';
import { disagreement } from './agreement.ts';
import { cases } from './cases.ts';
import { gradientGraph, noise, type GradientCase } from './run.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';

describe.each([1, 2, 4])('ONNX Runtime on %i threads against float64', (threads) => {
  for (const [title, test] of Object.entries(cases)) {
    it(title, async () => {
      const engine = await openEngine({ threads });
      expect(await disagreement(engine, test)).toBeLessThan(2e-6);
    });
  }
});

describe('the comparison itself', () => {
  it('sees an engine that computes something else', async () => {
    const scaledBy = (factor: number): GradientCase => ({
      inputs: { a: noise([2, 3], 1) },
      wanted: ['a'],
      build: (node) => scale(node('a'), factor),
    });
    const engine = await openEngine();
    const { graph, outputs } = gradientGraph(scaledBy(2.01));
    const wrong: Engine = { ...engine, compile: () => engine.compile(emitGraph(graph, outputs)) };
    expect(await disagreement(wrong, scaledBy(2))).toBeCloseTo(0.005, 5);
  });
});
