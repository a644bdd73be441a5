import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A Python that can import Transformers and PyTorch. */
export interface TransformersPython {
  readonly python: string;
  readonly version: string;
}

/** `STEPWISE_PYTHON`, else `python3`; null where it cannot import Transformers. */
export function findTransformers(): TransformersPython | null {
  const python = process.env['STEPWISE_PYTHON'] ?? 'python3';
  const code = 'import torch, transformers; print(transformers.__version__)';
  const asked = spawnSync(python, ['-c', code], { encoding: 'utf8', timeout: 120_000 });
  return asked.status === 0 ? { python, version: asked.stdout.trim() } : null;
}

/** The title of a suite that asks Transformers. */
export const withTransformers = (what: string, found: TransformersPython | null): string =>
  found === null
    ? `${what} (skipped: no Python with transformers here; name one in STEPWISE_PYTHON)`
    : `${what} ${found.version}`;

const Answer = z.object({
  /** Of the weights, as they are read when nothing is asked for. */
  dtype: z.string(),
  /** What its tokenizer makes of the texts. */
  ids: z.array(z.array(z.number())),
  /** Greedy answers without start and end token, computed in float32. */
  greedy: z.array(z.array(z.number())),
  /** After the start token, of the first rows, computed in float32. */
  logits: z.array(z.array(z.number())),
});
export type TransformersAnswer = z.infer<typeof Answer>;

const script = fileURLToPath(new URL('./transformers_student.py', import.meta.url));

/** Lets Transformers read folders and answer texts with each, from local files alone. */
export async function askTransformers(
  { python }: TransformersPython,
  task: {
    readonly folders: readonly string[];
    readonly texts: readonly string[];
    readonly tokens: number;
  },
): Promise<TransformersAnswer[]> {
  const child = spawn(python, ['-B', '-W', 'ignore', script], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(JSON.stringify(task));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`Transformers failed:\n${err}`);
  return z.array(Answer).parse(JSON.parse(out));
}
