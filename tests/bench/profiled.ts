import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** The files in which ONNX Runtime's profiler writes down how long every node of a graph takes. */

/** Shapes as the profiler writes them: one `{ "float": [8, 16] }` a tensor. */
const Shapes = z.array(z.record(z.string(), z.array(z.number())));

const Events = z.array(
  z.object({
    cat: z.string(),
    name: z.string(),
    dur: z.number().optional(),
    args: z
      .object({
        op_name: z.string().optional(),
        input_type_shape: Shapes.optional(),
        output_type_shape: Shapes.optional(),
      })
      .optional(),
  }),
);
type Event = z.infer<typeof Events>[number];

/** One execution of one node. */
export interface NodeTime {
  /** ONNX operator, for example `MatMul`. */
  readonly op: string;
  /** The node's name, which begins with where in the model it was built. */
  readonly name: string;
  readonly milliseconds: number;
  /** Multiplications and additions of a matrix product; 0 for anything else. */
  readonly operations: number;
}

/** Every node's time in every run, in their order. @param folder that has one profile and nothing else */
export async function readProfile(folder: string): Promise<NodeTime[]> {
  const [file, ...more] = await readdir(folder);
  if (file === undefined || more.length > 0) {
    throw new Error(`There should be one profile, and there are ${file ? more.length + 1 : 0}.`);
  }
  const events = Events.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  return events.filter(({ cat, name }) => cat === 'Node' && name.endsWith(ended)).map(nodeTime);
}

const ended = '_kernel_time';
const products: ReadonlySet<string> = new Set(['Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul']);

function nodeTime({ name, dur, args }: Event): NodeTime {
  const op = args?.op_name ?? 'unknown';
  const first = shapeOf(args?.input_type_shape);
  const columns = shapeOf(args?.output_type_shape).at(-1) ?? 0;
  return {
    op,
    name: name.slice(0, -ended.length),
    milliseconds: (dur ?? 0) / 1_000,
    // Every number of the first operand, however it lies, meets every column of the result.
    operations: products.has(op) ? 2 * columns * first.reduce((size, axis) => size * axis, 1) : 0,
  };
}

/** The shape of the first of some tensors. */
function shapeOf(shapes: z.infer<typeof Shapes> | undefined): readonly number[] {
  return Object.values(shapes?.[0] ?? {})[0] ?? [];
}
