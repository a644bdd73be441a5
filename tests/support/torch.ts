import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A Python that can import PyTorch 2 or newer. */
export interface TorchPython {
  readonly python: string;
  readonly torch: string;
}

/** `STEPWISE_PYTHON`, else `python3`; null where it cannot import PyTorch 2. */
export function findTorch(): TorchPython | null {
  const python = process.env['STEPWISE_PYTHON'] ?? 'python3';
  const asked = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const torch = asked.status === 0 ? asked.stdout.trim() : '';
  return Number.parseInt(torch, 10) >= 2 ? { python, torch } : null;
}

/** The title of a suite that trains with PyTorch. */
export const withTorch = (what: string, found: TorchPython | null): string =>
  found === null
    ? `${what} (skipped: no Python with PyTorch 2 here; name one in STEPWISE_PYTHON)`
    : `${what}, with PyTorch ${found.torch}`;

/** What a script did. */
export interface ScriptRun {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface ScriptOptions {
  /** More than one: under `torchrun`. Default 1. */
  readonly processes?: number;
  /** Killed without a word as soon as its output has this in it. */
  readonly killAt?: string;
  /** Asked to end (SIGTERM) as soon as its output has this in it. */
  readonly endAt?: string;
  /** Bytes that a file of it can have at most. */
  readonly fileLimit?: number;
}

/** Runs `train.py` of a bundle on the processor, a thread for each process. */
export async function runTraining(
  { python }: TorchPython,
  bundle: string,
  options: readonly string[],
  { processes = 1, killAt, endAt, fileLimit }: ScriptOptions = {},
): Promise<ScriptRun> {
  const script = ['train.py', '--device', 'cpu', ...options];
  const launcher = ['-m', 'torch.distributed.run', '--standalone', `--nproc_per_node=${processes}`];
  const args = processes > 1 ? [...launcher, ...script] : script;
  const [command, ...rest]: [string, ...string[]] =
    fileLimit === undefined
      ? [python, ...args]
      : ['sh', '-c', `ulimit -f ${Math.floor(fileLimit / 512)}; exec "$@"`, 'sh', python, ...args];
  const child = spawn(command, rest, {
    cwd: bundle,
    env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (killAt !== undefined && out.includes(killAt)) child.kill('SIGKILL');
    if (endAt !== undefined && out.includes(endAt)) child.kill('SIGTERM');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}
