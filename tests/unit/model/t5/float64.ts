import type { Engine, Feeds } from '../../../../electron/model/engines/engine.ts';
import type { EmittedGraph } from '../../../../electron/model/graph/emit.ts';
import { interpret, tensor } from '../../../../electron/model/graph/interpreter.ts';

/** A model's training step in float64, from what the engine was given. */

/** An engine that remembers what its programs were last fed. */
export class RecordingEngine implements Engine {
  readonly id: Engine['id'];
  readonly threads: number;
  readonly #engine: Engine;
  #last: { graph: EmittedGraph; feeds: Feeds } | null = null;

  constructor(engine: Engine) {
    this.id = engine.id;
    this.threads = engine.threads;
    this.#engine = engine;
  }

  async compile(graph: EmittedGraph): ReturnType<Engine['compile']> {
    const program = await this.#engine.compile(graph);
    return {
      ...program,
      run: (feeds, fetches) => {
        this.#last = { graph, feeds };
        return program.run(feeds, fetches);
      },
      dispose: () => program.dispose(),
    };
  }

  /**
   * The last run once more in float64: every output by name. Rows of a table's gradient are added to
   * its dense part, if it has one, and come as `gradient:<name>` too.
   */
  inFloat64(): Record<string, Float64Array> {
    if (this.#last === null) throw new Error('nothing was run');
    const { graph, feeds } = this.#last;
    const inputs = Object.fromEntries(
      Object.entries(feeds).map(([name, { shape, data }]) => [name, tensor(shape, data)]),
    );
    const results = interpret(graph.nodes, inputs);
    const values = Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, data.slice()]),
    );
    for (const { parameter, rows, ids } of sparseOutputs(graph)) {
      const size = inputs[parameter]?.data.length ?? 0;
      const sum = (values[`gradient:${parameter}`] ??= new Float64Array(size));
      const width = inputs[parameter]?.shape[1] ?? 1;
      (inputs[ids]?.data ?? new Float64Array()).forEach((id, row) => {
        for (let column = 0; column < width; column++) {
          const at = id * width + column;
          sum[at] = (sum[at] ?? 0) + (results[rows]?.data[row * width + column] ?? Number.NaN);
        }
      });
    }
    return values;
  }
}

interface Sparse {
  readonly parameter: string;
  readonly rows: string;
  readonly ids: string;
}

function sparseOutputs(graph: EmittedGraph): readonly Sparse[] {
  return 'sparse' in graph && Array.isArray(graph.sparse) ? graph.sparse : [];
}
