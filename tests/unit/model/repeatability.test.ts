import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainInProcess } from './training-process.ts';

const steps = 12;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repeat-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the same seed', () => {
  it.each([1, 2])(
    'gives the same losses and weights, bit for bit, on %i threads',
    async (threads) => {
      const train = (name: string) =>
        trainInProcess({ folder: join(folder, name), threads, settings: { steps } });
      const first = await train(`first-${threads}`);
      const second = await train(`second-${threads}`);
      expect(first.losses.size).toBe(steps);
      expect(second).toEqual(first);
    },
  );
});
