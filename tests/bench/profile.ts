import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, table } from './measure.ts';
import { chosenSizes, nameOf, openChosen, type Options } from './options.ts';
import { readProfile, type NodeTime } from './profiled.ts';
import { describe, usual, type Shape } from './shapes.ts';
import { ShapeBench } from './training.ts';

const lines = 25;

/** Where the time of our training step goes, by ONNX operator and by part of the model. */
export async function benchProfile(options: Options): Promise<string> {
  if (options.engine.id === 'tensorflow') {
    throw new Error('The profiler is ONNX Runtime’s: it does not see the engine tensorflow.');
  }
  const parts: string[] = [];
  for (const size of chosenSizes(options, ['tiny', 'small'])) {
    parts.push(await profile(options, usual(size, 'full')));
  }
  return parts.join('\n\n');
}

async function profile(options: Options, of: Shape): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stepwise-bench-'));
  try {
    const engine = await openChosen(options.engine, join(folder, 'profile'));
    const bench = await ShapeBench.create(engine, of);
    const [warmup, steps] = [2, options.steps ?? 5];
    await bench.parts(warmup);
    const times = await bench.parts(steps);
    await bench.model.dispose();
    const all = await readProfile(folder);
    // Every run has the same nodes: those of the first steps come first.
    const nodes = all.slice((all.length / (warmup + steps)) * warmup);
    const sum = nodes.reduce((total, node) => total + node.milliseconds, 0) / steps;
    const gradients = median(times.map((time) => time.gradients));
    const update = median(times.map((time) => time.update));
    const note = `${describe(of)}, on ${nameOf(engine)}, ${steps} steps with ONNX Runtime’s profiler on, which costs some time itself${engine.id === 'cpu' ? '' : '; for a GPU a node’s time is that of handing it over'}. Losses and gradients ${ms(gradients)}, of which ${ms(sum)} in the graph’s nodes; clipping and AdamW ${ms(update)}. Milliseconds of one step, and their share of the nodes’ time; GFLOP/s counts matrix products against all the time in the line.`;
    const section = (title: string, key: (node: NodeTime) => string): string =>
      ranking(title, nodes, steps, key);
    return [
      note,
      section('ONNX operator', (node) => node.op),
      section('part of the model', ({ name }) => partOf(name).part),
      section('part, operation, ONNX operator', ({ name, op }) => {
        const { part, operation } = partOf(name);
        return `${part}, ${operation}, ${op}`;
      }),
    ].join('\n\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The keys with the most time. */
function ranking(
  title: string,
  nodes: readonly NodeTime[],
  steps: number,
  key: (node: NodeTime) => string,
): string {
  const found = new Map<string, { time: number; count: number; operations: number }>();
  let total = 0;
  for (const node of nodes) {
    const known = found.get(key(node)) ?? { time: 0, count: 0, operations: 0 };
    known.time += node.milliseconds;
    known.count += 1;
    known.operations += node.operations;
    total += node.milliseconds;
    found.set(key(node), known);
  }
  const ranked = [...found].sort(([, a], [, b]) => b.time - a.time);
  const rows = ranked
    .slice(0, lines)
    .map(([name, { time, count, operations }]) => [
      name,
      String(count / steps),
      ms(time / steps),
      `${((100 * time) / total).toFixed(1)}%`,
      operations === 0 ? '' : (operations / time / 1e6).toFixed(0),
    ]);
  return table([title, 'nodes', 'time', 'share', 'GFLOP/s'], rows);
}

/**
 * Where a node was built, with the blocks of a stack together. Names are
 * `[gradient/]encoder.block.3.layer.0.SelfAttention/matmul/MatMul#v20`, with `fused` before or the
 * name of a fusion behind when the optimizer joined nodes.
 */
function partOf(name: string): { part: string; operation: string } {
  const path = (name.replace(/^fused /, '').split('#')[0] ?? name).split('/');
  if (path.length < 2) return { part: 'added by the optimizer', operation: 'none' };
  const direction = path[0] === 'gradient' ? 'gradient of ' : '';
  const scopes = path.slice(direction === '' ? 0 : 1, -2);
  const part = scopes.join('/').replace(/\.block\.\d+\.layer\.\d+\./g, ' ');
  return { part: `${direction}${part || 'the whole'}`, operation: path.at(-2) ?? 'none' };
}

const ms = (value: number): string => `${value.toFixed(2)} ms`;
