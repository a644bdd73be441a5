import { expect, it } from 'vitest';
import { busyBetween, busyProcessors } from '../../../electron/model/system-load.ts';

it('counts processors that were busy between two moments', () => {
  const before = { idle: 1_000, total: 4_000 };
  expect(busyBetween(before, { idle: 1_400, total: 4_800 }, 2)).toBe(1);
  expect(busyBetween(before, { idle: 1_800, total: 4_800 }, 8)).toBe(0);
  expect(busyBetween(before, { idle: 1_000, total: 4_800 }, 8)).toBe(8);
  // A clock that has not moved, or an idle time that was put right, says nothing.
  expect(busyBetween(before, before, 8)).toBe(0);
  expect(busyBetween(before, { idle: 2_000, total: 4_800 }, 8)).toBe(0);
});

it('looks at this machine', async () => {
  const busy = await busyProcessors(20);
  expect(busy).toBeGreaterThanOrEqual(0);
  expect(Number.isFinite(busy)).toBe(true);
});
