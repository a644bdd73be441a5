import { setImmediate } from 'node:timers/promises';
import type { EmittedGraph } from '../graph/emit.ts';
import type { Engine } from './engine.ts';
import { trackCount } from './live.ts';
import { loadTensorFlow, missingKernelHint } from './tensorflow-library.ts';
import { tensorFlowPrimitives, type TensorFlowEngine } from './tensorflow-primitives.ts';
import { TensorFlowProgram, type Residents } from './tensorflow-program.ts';

export { describeTensorFlow, type TensorFlowDescription } from './tensorflow-library.ts';

/**
 * TensorFlow through its package for Node, executing a graph operation by operation, on an NVIDIA
 * GPU or with its CPU library on the processor. `threads` counts on the processor only and holds
 * for the whole process.
 *
 * @throws StudioError `engine-failed`, see `loadTensorFlow`.
 */
export async function openTensorFlowEngine(options: { threads?: number } = {}): Promise<Engine> {
  const library = loadTensorFlow(options.threads);
  const engine: TensorFlowEngine = library.tf.engine();
  trackCount(() => engine.memory().numTensors);
  const device = {
    name: 'TensorFlow',
    engine,
    primitives: tensorFlowPrimitives(engine),
    pause: () => setImmediate(),
    residents: (graph: EmittedGraph) => uploadConstants(graph, engine),
    hint: (reason: string) =>
      /not registered|No OpKernel/i.test(reason) ? missingKernelHint(library) : null,
  };
  return {
    id: 'tensorflow',
    threads: library.threads,
    compile: (graph) => Promise.resolve(new TensorFlowProgram(graph, device)),
  };
}

/**
 * What was fixed when the graph was emitted, uploaded once. Everything else is uploaded anew,
 * parameters in training too: they change in place, and nothing tells when they did not.
 */
function uploadConstants({ constants }: EmittedGraph, engine: TensorFlowEngine): Residents {
  const uploaded = new Map(
    // A copy of their own: TensorFlow's CPU library computes in the very memory of JavaScript's array.
    [...constants].map(([name, { data, shape, type }]) => [
      name,
      engine.makeTensor(data.slice(), [...shape], type),
    ]),
  );
  return {
    find: (name) => uploaded.get(name) ?? null,
    dispose: () => {
      for (const constant of uploaded.values()) constant.dispose();
    },
  };
}
