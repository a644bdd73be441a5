import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { EngineId, RunSettings } from '../../../electron/contract/entities.ts';

/** Starts `train-once.ts`, which trains in a process of its own that can really be killed. */

const script = fileURLToPath(new URL('./train-once.ts', import.meta.url));

export interface Asked {
  readonly folder: string;
  readonly engine?: EngineId;
  readonly threads?: number;
  readonly resume?: boolean;
  readonly rows?: number;
  readonly validation?: number;
  readonly settings?: Partial<RunSettings>;
}

const Line = z.union([
  z.strictObject({ step: z.number(), loss: z.number() }),
  z.strictObject({ ended: z.string().nullable(), weights: z.string() }),
]);

/** What a process printed before it ended. */
export interface Trained {
  /** By step. */
  readonly losses: ReadonlyMap<number, number>;
  /** Null when it was killed. */
  readonly end: { readonly ended: string | null; readonly weights: string } | null;
}

/**
 * @param env variables beside this process's own
 * @param killAt the step after whose line the process is killed, without a word
 * @throws Error with what it wrote when it failed by itself
 */
export async function trainInProcess(
  asked: Asked,
  { env = {}, killAt = Infinity }: { env?: Record<string, string>; killAt?: number } = {},
): Promise<Trained> {
  const child = spawn(process.execPath, [script, JSON.stringify(asked)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const losses = new Map<number, number>();
  let end: Trained['end'] = null;
  let killed = false;
  for await (const text of createInterface({ input: child.stdout })) {
    // A native library may begin with an empty line; a killed process may end within one.
    if (text === '' || (killed && !text.endsWith('}'))) continue;
    const line = Line.parse(JSON.parse(text));
    if ('ended' in line) end = line;
    else losses.set(line.step, line.loss);
    if (!killed && 'step' in line && line.step >= killAt) killed = child.kill('SIGKILL');
  }
  const code = await exited;
  if (code !== 0 && !killed) throw new Error(`The training process failed (${code}): ${complaint}`);
  return { losses, end };
}
