import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../../electron/model/engines/tensorflow-library.ts';
import {
  resolveShape,
  tensorFlowPrimitives,
} from '../../../../electron/model/engines/tensorflow-primitives.ts';
import {
  describeTensorFlow,
  openTensorFlowEngine,
} from '../../../../electron/model/engines/tensorflow.ts';
import { emitGraph } from '../../../../electron/model/graph/emit.ts';
import { Graph, type Node, type Operation } from '../../../../electron/model/graph/graph.ts';
import {
  add,
  argmax,
  concat,
  matmul,
  multiply,
  relu,
  rmsNorm,
  scale,
} from '../../../../electron/model/graph/ops/index.ts';
import { disagreement } from '../graph/agreement.ts';
import { cases } from '../graph/cases.ts';
import { floats, noise, runOn } from '../graph/run.ts';

const { installed } = describeTensorFlow();
const titled = (what: string): string =>
  installed ? what : `${what} (skipped: TensorFlow’s library is absent; npm run tensorflow-cpu)`;

describe.skipIf(!installed)(titled('TensorFlow against float64'), () => {
  for (const [title, test] of Object.entries(cases)) {
    it(title, async () => {
      expect(await disagreement(await openTensorFlowEngine(), test)).toBeLessThan(2e-6);
    });
  }
});

describe.skipIf(!installed)(titled('TensorFlow’s primitives'), () => {
  const primitives = () => {
    const { tf } = loadTensorFlow();
    return { tf, on: tensorFlowPrimitives(tf.engine()) };
  };

  it('takes the first of equal largest elements, however many there are', async () => {
    const { tf, on } = primitives();
    const rows = tf.tidy(() => {
      const wide = new Float32Array(3 * 5_000).fill(1);
      wide[5_000 + 4_321] = 2;
      wide[5_000 + 4_999] = 2;
      wide[10_000] = 0;
      return Array.from(on.argmax(tf.tensor(wide, [3, 5_000])).dataSync());
    });
    expect(rows).toEqual([0, 4_321, 1]);
  });

  it('picks and gathers with equal indices', async () => {
    const { tf, on } = primitives();
    const rows = tf.tensor([0, 1, 2, 3, 4, 5], [3, 2], 'float32');
    const ids = tf.tensor([1, 1, 0], [3], 'int32');
    expect([...on.pick(rows, ids).dataSync()]).toEqual([1, 3, 4]);
    expect([...on.gather(rows, ids).dataSync()]).toEqual([2, 3, 2, 3, 0, 1]);
    const grid = on.gather(rows, tf.tensor([2, 2, 0, 2], [2, 1, 2], 'int32'));
    expect(grid.shape).toEqual([2, 1, 2, 2]);
    expect([...grid.dataSync()]).toEqual([4, 5, 4, 5, 0, 1, 4, 5]);
    tf.dispose([rows, ids, grid]);
  });

  it('steps from zero to one at the smallest number', async () => {
    const { tf, on } = primitives();
    const values = tf.tensor([0, 1e-37, 0.5, 3e38], [4], 'float32');
    expect([...on.step(values).dataSync()]).toEqual([0, 1, 1, 1]);
    values.dispose();
  });

  it('keeps softmax finite for large and for masked numbers', async () => {
    const { tf, on } = primitives();
    const lowest = -3.4028234663852886e38;
    const scores = tf.tensor([1e38, 1e38, 0, lowest, lowest, lowest], [2, 1, 3], 'float32');
    const [a, b, c, ...masked] = on.softmax(scores).dataSync();
    expect([a, b, c]).toEqual([0.5, 0.5, 0]);
    for (const share of masked) expect(share).toBeCloseTo(1 / 3, 6);
    scores.dispose();
  });

  it('resolves kept and remaining sizes from the actual shape', () => {
    expect(resolveShape([2, 3, 4], [0, -1])).toEqual([2, 12]);
    expect(resolveShape([2, 3, 4], [-1, 4])).toEqual([6, 4]);
    expect(resolveShape([5], [0, 1])).toEqual([5, 1]);
    expect(resolveShape([6], [2, 3])).toEqual([2, 3]);
    expect(resolveShape([2, 0, 4], [0, 0, 2, -1])).toEqual([2, 0, 2, 0]);
  });
});

describe.skipIf(!installed)(titled('A program of TensorFlow'), () => {
  const compiled = async (build: (input: (name: string) => Node) => Record<string, Node>) => {
    const graph = new Graph('small graph');
    const outputs = build((name) => graph.input(name, 'float32', ['n']));
    return (await openTensorFlowEngine()).compile(emitGraph(graph, outputs));
  };
  const sum = () => compiled((input) => ({ sum: add(input('a'), input('b')) }));
  const vector = (...values: number[]) => floats([values.length], values);

  it('writes into the tensor it is given, and sees changed contents of a fed one', async () => {
    const program = await sum();
    const memory = new Float32Array(10);
    const target = { type: 'float32', shape: [2], data: memory.subarray(4, 6) } as const;
    const a = vector(1, 2);
    const results = await program.run({ a, b: vector(10, 20) }, { sum: target });
    expect(results['sum']).toBe(target);
    expect([...memory]).toEqual([0, 0, 0, 0, 11, 22, 0, 0, 0, 0]);
    a.data[0] = 5;
    await program.run({ a, b: vector(10, 20) }, { sum: target });
    expect([...target.data]).toEqual([15, 22]);
  });

  it('leaves what it is fed alone, large arrays included', async () => {
    const program = await compiled((input) => {
      const a = input('a');
      const once = relu(scale(a, 2));
      return { out: multiply(add(once, a), scale(add(a, a), 0.5)) };
    });
    const a = noise([40_000], 1);
    const before = a.data.slice();
    const { out } = await program.run({ a }, { out: null });
    await program.run({ a }, { out: noise([40_000], 2) });
    expect(a.data).toEqual(before);
    const [x = Number.NaN] = before;
    expect(out?.data[0]).toBeCloseTo((2 * Math.max(x, 0) + x) * x, 5);
  });

  it('computes only what is fetched', async () => {
    const program = await compiled((input) => {
      const a = input('a');
      return { sum: add(a, input('b')), twice: add(a, a) };
    });
    const results = await program.run({ a: vector(3) }, { twice: null });
    expect(results).toEqual({ twice: vector(6) });
  });

  it('gives an output that is an input in memory of its own', async () => {
    const program = await compiled((input) => ({ same: input('a') }));
    const a = vector(1, 2);
    const { same } = await program.run({ a }, { same: null });
    a.data[0] = 9;
    expect(same).toEqual(vector(1, 2));
  });

  it('appends to nothing', async () => {
    const graph = new Graph('small graph');
    const past = graph.input('past', 'float32', [2, 1, 'past', 3]);
    const next = graph.input('next', 'float32', [2, 1, 1, 3]);
    const outputs = { grown: concat(past, next, 2, 'past + 1') };
    const feeds = {
      past: floats([2, 1, 0, 3], []),
      next: floats([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]),
    };
    const { grown } = await runOn(await openTensorFlowEngine(), graph, outputs, feeds);
    expect(grown).toEqual(feeds.next);
  });

  it('keeps no tensor, whether a run succeeds or fails midway', async () => {
    const { tf } = loadTensorFlow();
    const graph = new Graph('small graph');
    const x = graph.input('x', 'float32', ['n', 4]);
    const weight = graph.input('weight', 'float32', [4]);
    const ends = graph.input('ends', 'float32', ['n', 4]);
    const normal = rmsNorm(x, weight, 1e-6);
    const passed = graph.apply(passOn, [normal]);
    const product = matmul(add(add(passed, normal), ends), normal, { transposeB: true });
    const outputs = { best: argmax(product), kept: graph.auxiliary(normal, 'rms'), x };
    const program = await (await openTensorFlowEngine()).compile(emitGraph(graph, outputs));
    const fetches = { best: null, kept: null, x: null };
    const feeds = { x: noise([3, 4], 1), weight: noise([4], 2), ends: noise([3, 4], 3) };
    const before = tf.memory();
    for (let run = 0; run < 3; run++) await program.run(feeds, fetches);
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    const unequal = { ...feeds, ends: noise([2, 4], 3) };
    await expect(program.run(unequal, fetches)).rejects.toThrow('at add');
    const { x: rows, ends: addends } = feeds;
    await expect(program.run({ x: rows, ends: addends }, fetches)).rejects.toThrow(
      '“weight” was not given',
    );
    const narrow = { ...fetches, kept: floats([3], [0, 0, 0]) };
    await expect(program.run(feeds, narrow)).rejects.toThrow('“kept” is [3,1], not [3]');
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
  });

  it('frees each value after its last use', async () => {
    const { tf } = loadTensorFlow();
    const graph = new Graph('long chain');
    const x = graph.input('x', 'float32', ['n', 4]);
    const weight = graph.input('weight', 'float32', [4]);
    let alive = 0;
    const count: Operation = {
      ...passOn,
      compute: ({ input }) => {
        alive = tf.memory().numTensors;
        return input(0);
      },
    };
    let last = x;
    for (let link = 0; link < 50; link++) last = rmsNorm(last, weight, 1e-6);
    const outputs = { out: graph.apply(count, [last]) };
    const before = tf.memory().numTensors;
    const feeds = { x: noise([3, 4], 1), weight: noise([4], 2) };
    await runOn(await openTensorFlowEngine(), graph, outputs, feeds);
    // Two inputs and the end of the chain.
    expect(alive - before).toBe(3);
  });

  it('uploads what is fixed once, and frees it when it is disposed of', async () => {
    const { tf } = loadTensorFlow();
    const graph = new Graph('small graph');
    const a = graph.input('a', 'float32', [2]);
    const bias = graph.input('bias', 'float32', [2]);
    const fixed = { type: 'float32', shape: [2], data: Float32Array.of(10, 20) } as const;
    const before = tf.memory().numTensors;
    const emitted = emitGraph(graph, { sum: add(a, bias), bias }, { bias: fixed });
    const program = await (await openTensorFlowEngine()).compile(emitted);
    const fetches = { sum: null, bias: null };
    const first = await program.run({ a: vector(1, 2) }, fetches);
    expect(first).toEqual({ sum: vector(11, 22), bias: vector(10, 20) });
    fixed.data[0] = 99;
    expect(first['bias']).toEqual(vector(10, 20));
    const second = await program.run({ a: vector(3, 4), bias: fixed }, fetches);
    expect(second).toEqual({ sum: vector(13, 24), bias: vector(10, 20) });
    expect(tf.memory().numTensors).toBe(before + 1);
    await program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lets what waits in the event loop go first', async () => {
    const program = await sum();
    let heard = false;
    setImmediate(() => {
      heard = true;
    });
    await program.run({ a: vector(1), b: vector(2) }, { sum: null });
    expect(heard).toBe(true);
  });

  it('names graph, operation, place and reason when it cannot run', async () => {
    const graph = new Graph('small sum');
    const a = graph.input('a', 'float32', ['n']);
    const b = graph.input('b', 'float32', ['n']);
    const outputs = graph.scope('decoder', () => ({ sum: add(a, b) }));
    const program = await (await openTensorFlowEngine()).compile(emitGraph(graph, outputs));
    const failed = program.run({ a: vector(1, 2), b: vector(1, 2, 3) }, { sum: null });
    await expect(failed).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(
        /^TensorFlow failed in the small sum, at add of decoder: .+\.$/,
      ),
    });
    await expect(program.run({ a: vector(1) }, { sum: null })).rejects.toMatchObject({
      message: 'TensorFlow failed in the small sum: “b” was not given.',
    });
    await expect(program.run({ a: vector(1) }, { other: null })).rejects.toMatchObject({
      message: 'TensorFlow failed in the small sum: it has no output “other”.',
    });
  });

  it('says which library helps when it lacks an operation', async () => {
    const graph = new Graph('small graph');
    const a = graph.input('a', 'float32', []);
    const lacking: Operation = {
      name: 'modern',
      shape: () => [],
      compute: () => {
        throw new Error('Invalid TF_Status: 3\nMessage: Op type not registered ‘Modern’');
      },
    };
    const emitted = emitGraph(graph, { out: a });
    const nodes = { out: graph.apply(lacking, [a]) };
    const program = await (await openTensorFlowEngine()).compile({ ...emitted, nodes });
    await expect(program.run({ a: floats([], [1]) }, { out: null })).rejects.toMatchObject({
      message: 'TensorFlow failed in the small graph, at modern: Op type not registered ‘Modern’.',
      hint: expect.stringContaining('npm explore @tensorflow/tfjs-node-gpu -- npm run install'),
    });
  });

  it('leaves the arithmetic of JavaScript’s smallest numbers alone', async () => {
    await (await sum()).run({ a: vector(1), b: vector(2) }, { sum: null });
    const [smallest = 0] = Float64Array.of(Number.MIN_VALUE);
    expect(smallest * 3).toBe(1.5e-323);
  });

  it('keeps its threads for the whole process and says so', async () => {
    const { threads } = await openTensorFlowEngine();
    expect((await openTensorFlowEngine({ threads })).threads).toBe(threads);
    await expect(openTensorFlowEngine({ threads: threads + 1 })).rejects.toMatchObject({
      code: 'engine-failed',
      message: expect.stringContaining(`another number of threads (${threads}, not`),
    });
  });

  it.runIf(process.platform === 'linux')('starts as many threads as it is given', () => {
    expect(threadsOfProcess(4) - threadsOfProcess(1)).toBe(3);
  });

  it('describes the library as it is', async () => {
    const { version, gpu } = loadTensorFlow();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(describeTensorFlow()).toEqual({ installed: true, gpu, version });
  });
});

/** Hands its input on, as dropout does when nothing is dropped. */
const passOn: Operation = {
  name: 'passOn',
  shape: ([shape]) => shape ?? [],
  compute: ({ input }) => input(0),
};

/** Loads TensorFlow in a process of its own and counts the threads that carry the process's name. */
function threadsOfProcess(threads: number): number {
  const library = new URL(
    '../../../../electron/model/engines/tensorflow-library.ts',
    import.meta.url,
  );
  const script = `
    import { readFileSync, readdirSync } from 'node:fs';
    import { loadTensorFlow } from '${library.href}';
    const { tf } = loadTensorFlow(${threads});
    tf.matMul(tf.ones([8, 8]), tf.ones([8, 8])).dataSync();
    const name = readFileSync('/proc/self/comm', 'utf8');
    const tasks = readdirSync('/proc/self/task');
    const own = tasks.filter((id) => readFileSync('/proc/self/task/' + id + '/comm', 'utf8') === name);
    process.stdout.write(String(own.length));
  `;
  const parameters = ['--input-type=module', '--eval', script];
  const { stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  // TensorFlow's and Node's own remarks do not reach a person's terminal.
  expect(stderr).toBe('');
  return Number(stdout);
}
