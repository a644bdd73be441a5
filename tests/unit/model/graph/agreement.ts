import type { Engine } from '../../../../electron/model/engines/engine.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { gradientGraph, runInFloat64, type GradientCase } from './run.ts';

/**
 * The largest difference between an engine's results (the value, and every part of its gradient)
 * and the float64 interpreter's, relative to the largest number of each result.
 */
export async function disagreement(engine: Engine, test: GradientCase): Promise<number> {
  const { graph, outputs, inputs } = gradientGraph(test);
  const expected = runInFloat64(outputs, inputs);
  const program = await engine.compile(emitGraph(graph, outputs));
  const fetches = Object.fromEntries(Object.keys(outputs).map((name) => [name, null]));
  const actual = await program.run(inputs, fetches);
  await program.dispose();
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) {
    const { data = [] } = actual[name] ?? {};
    if (data.length !== values.length) return Number.POSITIVE_INFINITY;
    const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
    values.forEach((value, index) => {
      const difference = Math.abs(value - (data[index] ?? Number.NaN)) / largest;
      // A value that is no number must not look like agreement.
      worst = Number.isFinite(difference) ? Math.max(worst, difference) : Number.POSITIVE_INFINITY;
    });
  }
  return worst;
}
