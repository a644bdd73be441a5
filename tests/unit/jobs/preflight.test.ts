import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { PreflightBatch, PreflightTask, ToWorker } from '../../../electron/contract/worker.ts';
import type { WorkerExit, WorkerHost } from '../../../electron/jobs/host.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';
import { askPreflight } from '../../../electron/jobs/preflight.ts';
import { runSettings } from '../model/support.ts';
import { collectingLog } from './support.ts';

const rows = ['red', 'green', 'blue', 'grey'].map((word) => ({
  ...{ input: `What is ${word}?`, label: 'a colour', rationales: [] },
}));
const task: PreflightTask = {
  ...{ kind: 'preflight', settings: runSettings(), train: rows, validation: [] },
  ...{ studentFolder: null, tokenizerTexts: null, memoryLimit: 1e12, largest: null, timedSteps: 1 },
};
const batch: PreflightBatch = {
  ...{ kind: 'preflight', device: null, threads: 1, parameters: 1, trainable: 1 },
  batch: { wanted: 4, size: 1, accumulate: 4, tried: [{ rows: 1, bytes: 1, fits: true }] },
  ...{ neededBytes: 1, stepMilliseconds: 0, evaluationMilliseconds: 0 },
  cut: { rows: 0, inputs: 0, labels: 0, rationales: 0 },
};

/** A numeric process that tells one batch and ends so. */
function dying(exit: Partial<WorkerExit>, tells = true): WorkerHost {
  return {
    start() {
      let hear: (message: unknown) => void = () => undefined;
      let ended: (exit: WorkerExit) => void = () => undefined;
      const end = (how: Partial<WorkerExit>): void =>
        ended({ code: null, signal: null, lastWords: '', ...how });
      setImmediate(() => hear({ type: 'ready' }));
      return {
        post(message: ToWorker) {
          if (message.type !== 'start') return;
          if (tells) hear({ type: 'batch', seq: 1, batch });
          setImmediate(() => end(exit));
        },
        onMessage: (listener) => void (hear = listener),
        onExit: (listener) => void (ended = listener),
        kill: () => setImmediate(() => end({ code: 0 })),
      };
    },
  };
}

it('tries a training in a process of its own', { timeout: 60_000 }, async () => {
  const path = fileURLToPath(new URL('../../../electron/jobs/worker.ts', import.meta.url));
  const { log, lines } = collectingLog();
  const answer = await askPreflight({ host: nodeWorkerHost(path), log, task });
  expect(answer).toMatchObject({ outOfMemory: false, batch: { batch: { wanted: 4, size: 4 } } });
  expect(answer.batch?.stepMilliseconds).toBeGreaterThan(0);
  expect(answer.readySeconds).toBeGreaterThan(0);
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each<[string, Partial<WorkerExit>]>([
  ['the system', { signal: 'SIGKILL' }],
  ['its allocator', { code: 134, lastWords: 'std::bad_alloc' }],
])('takes a process that was ended by %s for want of memory as an answer', async (_by, exit) => {
  const { log, lines } = collectingLog();
  const told = await askPreflight({ host: dying(exit), log, task });
  expect(told).toMatchObject({ batch, outOfMemory: true });
  const nothing = await askPreflight({ host: dying(exit, false), log, task });
  expect(nothing).toEqual({ batch: null, outOfMemory: true, readySeconds: 0 });
  expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('passes every other end of the process on', async () => {
  const { log } = collectingLog();
  await expect(askPreflight({ host: dying({ code: 9 }), log, task })).rejects.toMatchObject({
    code: 'worker-died',
  });
});
