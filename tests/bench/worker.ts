/**
 * Trains on one random batch in a process of its own, so that its peak of memory is this work's
 * alone. Reads JSON lines from stdin as `t5_reference.py` does, and answers in the same form.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openChosen, type EngineChoice } from './options.ts';
import { shape, sizes } from './shapes.ts';
import { ShapeBench } from './training.ts';

const Task = z.object({
  engine: z.object({
    id: z.enum(['cpu', 'webgpu', 'cuda', 'tensorflow']),
    threads: z.number().optional(),
  }),
  of: z.object({
    size: z.enum(sizes),
    batch: z.number(),
    source: z.number(),
    target: z.number(),
    lengths: z.enum(['mixed', 'full', 'step-by-step']),
  }),
});
const Question = z.object({ steps: z.number() });

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const first = await lines.next();
const { engine: asked, of } = Task.parse(JSON.parse(first.done === true ? '' : first.value));
const { id, threads } = asked;
const choice: EngineChoice = threads === undefined ? { id } : { id, threads };
const engine = await openChosen(choice);
const { size, batch, source, target, lengths } = of;
const bench = await ShapeBench.create(engine, shape(size, batch, source, target, lengths));
answer({ name: 'Stepwise Studio', parameters: bench.model.parameterCount });
for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  const { steps } = Question.parse(JSON.parse(line.value));
  answer({ milliseconds: await bench.time(steps), peak: peakMemory() });
}
await bench.model.dispose();

/** The peak of this process's resident memory in bytes; null where the system does not tell. */
function peakMemory(): number | null {
  try {
    const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return peak === undefined ? null : Number(peak) * 1024;
  } catch {
    return null;
  }
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
