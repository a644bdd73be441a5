import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openEngine } from '../../electron/model/engines/preflight.ts';
import { TrainingBench, describe, rowLengths, tinyMixed } from './engine.ts';
import { median, milliseconds, spread, table } from './measure.ts';

const script = fileURLToPath(new URL('./t5_reference.py', import.meta.url));
const rounds = 9;
const steps = 20;

const Ready = z.object({ torch: z.string(), parameters: z.number() });
const Round = z.object({ milliseconds: z.array(z.number()) });

/**
 * The section `PyTorch` of the results: the same batch, model and optimizer here and there, in
 * rounds that follow each other directly, so that both meet the same state of the machine.
 *
 * @param python path of a Python that has torch
 */
export async function benchPyTorch(python: string): Promise<string> {
  const engine = await openEngine();
  const bench = await TrainingBench.create(engine, tinyMixed);
  const reference = spawn(python, ['-W', 'ignore', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: reference.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<unknown> => {
    reference.stdin.write(`${JSON.stringify(question)}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error('The PyTorch process ended early.');
    return JSON.parse(answer.value);
  };
  try {
    const { torch, parameters } = Ready.parse(
      await ask({ config: tinyMixed.config, rows: rowLengths(tinyMixed), threads: engine.threads }),
    );
    if (parameters !== bench.model.parameterCount) {
      throw new Error(`PyTorch’s model has ${parameters} parameters, ours has another number.`);
    }
    const here: number[] = [];
    const there: number[] = [];
    for (let round = 0; round < rounds; round++) {
      here.push(median(await bench.time(steps)));
      there.push(median(Round.parse(await ask({ steps })).milliseconds));
    }
    const ratios = here.map((value, round) => value / (there[round] ?? Number.NaN));
    const note = `One training step, ${describe(tinyMixed)}, ${parameters} parameters, float32, ${engine.threads} threads each: losses, gradients, clipping, AdamW. \`t5_reference.py\` writes the model as \`modeling_t5.py\` does, eager and padded to the longest row; here rows are packed, and padding is not computed outside attention. ${rounds} adjacent rounds of ${steps} steps; median of the rounds’ medians (lowest to highest).`;
    const rows = [
      ['Stepwise Studio on ONNX Runtime', spread(here, milliseconds)],
      [`PyTorch ${torch}`, spread(there, milliseconds)],
      ['ratio, within a round', spread(ratios, (ratio) => ratio.toFixed(2))],
    ];
    return `${note}\n\n${table(['', 'time'], rows)}`;
  } finally {
    reference.stdin.end();
    await bench.model.dispose();
  }
}
