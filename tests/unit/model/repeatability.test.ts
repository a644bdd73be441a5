import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const script = fileURLToPath(new URL('./train-once.ts', import.meta.url));
const Printed = z.object({ losses: z.array(z.number()), weights: z.string() });
const steps = 12;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repeat-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The losses and the hash of the weights of one training in a fresh process. */
async function trainOnce(name: string, threads: number): Promise<z.infer<typeof Printed>> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    script,
    ...[join(folder, name), String(threads), String(steps)],
  ]);
  return Printed.parse(JSON.parse(stdout));
}

describe('the same seed', () => {
  it.each([1, 2])(
    'gives the same losses and weights, bit for bit, on %i threads',
    async (threads) => {
      const first = await trainOnce(`first-${threads}`, threads);
      const second = await trainOnce(`second-${threads}`, threads);
      expect(first.losses).toHaveLength(steps);
      expect(second).toEqual(first);
    },
  );
});
