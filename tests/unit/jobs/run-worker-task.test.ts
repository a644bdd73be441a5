import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../electron/contract/errors.ts';
import type { PredictTask, ToWorker, WorkerBatch } from '../../../electron/contract/worker.ts';
import { windowSize } from '../../../electron/jobs/batch-window.ts';
import { workerEnvironment } from '../../../electron/jobs/host.ts';
import type { WorkerHost, WorkerProcess } from '../../../electron/jobs/host.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';
import { deathOf, runWorkerTask } from '../../../electron/jobs/run-worker-task.ts';
import { collectingLog } from './support.ts';

const host = nodeWorkerHost(
  fileURLToPath(new URL('../../fixtures/scripted-worker.ts', import.meta.url)),
);

const taskOf = (folder: string, inputs: string[] = ['a', 'b', 'c']): PredictTask => ({
  kind: 'predict',
  folder,
  inputs,
  labelPrefix: '',
  rationalePrefix: null,
  answerMark: null,
  maxInputTokens: 8,
  maxLabelTokens: 8,
  maxRationaleTokens: 8,
  batchSize: 1,
});

const labelOf = (batch: WorkerBatch): string =>
  batch.kind === 'predict' ? (batch.answers[0]?.label ?? '') : '';

/** Runs a script of the worker to its end; `during` sees each label as it is committed. */
async function play(
  script: string,
  options: {
    inputs?: string[];
    signal?: AbortSignal;
    further?: readonly AbortSignal[];
    during?: (label: string) => void;
    grace?: number;
    on?: WorkerHost;
  } = {},
) {
  const labels: string[] = [];
  const { log, lines } = collectingLog();
  let error: unknown = null;
  try {
    await runWorkerTask({
      host: options.on ?? host,
      task: taskOf(script, options.inputs),
      onBatch: (batch) => {
        options.during?.(labelOf(batch));
        labels.push(labelOf(batch));
      },
      signal: options.signal ?? new AbortController().signal,
      furtherSignals: options.further ?? [],
      log,
      ...(options.grace === undefined ? {} : { graceMilliseconds: options.grace }),
    });
  } catch (caught) {
    error = caught;
  }
  return { labels, error, code: error instanceof StudioError ? error.code : null, lines };
}

/** A host whose processes are watched and may be tampered with. */
function watchedHost(wrap: (process: WorkerProcess) => WorkerProcess): WorkerHost {
  return { start: () => wrap(host.start()) };
}

describe('runWorkerTask', () => {
  it('commits every batch in order and resolves when the child is done', async () => {
    const { labels, error } = await play('answer');
    expect(error).toBeNull();
    expect(labels).toEqual(['A', 'B', 'C']);
  });

  it('drops batches that it has committed before', async () => {
    expect((await play('repeat')).labels).toEqual(['batch 1', 'batch 2']);
  });

  it('refuses a batch that comes out of order', async () => {
    const { labels, code } = await play('skip');
    expect(labels).toEqual(['first']);
    expect(code).toBe('internal');
  });

  it('refuses a message of the wrong shape and commits nothing of it', async () => {
    const { labels, code } = await play('garbage');
    expect(labels).toEqual([]);
    expect(code).toBe('internal');
  });

  it("passes the child's own error on as it is", async () => {
    const { error } = await play('fail');
    expect(error).toMatchObject({
      code: 'training-diverged',
      hint: 'Use a lower learning rate.',
    });
  });

  it('ends with the error of a commit that fails, and acknowledges nothing of it', async () => {
    const posted: ToWorker[] = [];
    const { error } = await play('answer', {
      on: watchedHost((process) => ({
        ...process,
        post: (message) => {
          posted.push(message);
          process.post(message);
        },
      })),
      during: (label) => {
        if (label === 'B') throw new StudioError('disk-full', 'The disk is full.', 'Make room.');
      },
    });
    expect(error).toMatchObject({ code: 'disk-full' });
    expect(posted.filter((message) => message.type === 'acknowledge')).toEqual([
      { type: 'acknowledge', seq: 1 },
    ]);
  });

  it('commits nothing more after a commit has failed, though messages are still on the way', async () => {
    let attempts = 0;
    const { labels, error } = await play('answer', {
      // The same first batch comes twice, the second time after the failure.
      on: watchedHost((process) => ({
        ...process,
        onMessage: (listener) => {
          process.onMessage((message) => {
            listener(message);
            listener(message);
          });
        },
      })),
      during: () => {
        attempts += 1;
        if (attempts === 1) throw new StudioError('disk-full', 'The disk is full.', 'Make room.');
      },
    });
    expect(error).toMatchObject({ code: 'disk-full' });
    expect(labels).toEqual([]);
  });

  it('reports a child that ends without a word, and keeps its last words in the log', async () => {
    const { error, code, lines } = await play('die');
    expect(code).toBe('worker-died');
    expect(String(error)).toContain('exit code 3');
    expect(JSON.stringify(lines)).toContain('Illegal instruction in kernel 7');
  });

  it('tells running out of memory from other deaths, and advises a smaller batch', async () => {
    const { error, code } = await play('starve');
    expect(code).toBe('worker-died');
    expect(error).toMatchObject({
      message: expect.stringContaining('memory'),
      hint: expect.stringContaining('smaller batch'),
    });
  });

  it('reports a child that is killed from outside', async () => {
    const { labels, error, code } = await play('hang', {
      during: (pid) => process.kill(Number(pid), 'SIGKILL'),
    });
    expect(labels).toHaveLength(1);
    expect(code).toBe('worker-died');
    expect(error).toMatchObject({ message: expect.stringContaining('memory') });
  });

  it('reports a process that cannot be started at all', async () => {
    const { code } = await play('answer', { on: nodeWorkerHost('/nowhere/worker.ts') });
    expect(code).toBe('worker-died');
  });

  it.each([
    ['pause', 'stopped to pause'],
    ['cancel', 'stopped to cancel'],
    ['shutdown', 'stopped to pause'],
    ['finish', 'stopped to finish'],
  ])('forwards %s and commits what the child saves on it', async (reason, last) => {
    const controller = new AbortController();
    const { labels, error } = await play('wait', {
      signal: controller.signal,
      during: (label) => {
        if (label === 'working') controller.abort(reason);
      },
    });
    expect(error).toBeNull();
    expect(labels).toEqual(['working', last]);
  });

  it('kills a child that does not stop in time, and counts that as stopped', async () => {
    const controller = new AbortController();
    let pid = 0;
    const { error, lines } = await play('hang', {
      signal: controller.signal,
      grace: 50,
      during: (label) => {
        pid = Number(label);
        controller.abort('cancel');
      },
    });
    expect(error).toBeNull();
    expect(lines.map((line) => line.message)).toContain(
      'numeric process did not stop in time and was ended',
    );
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it('starts no process for a job that was stopped before', async () => {
    let started = 0;
    const counting = watchedHost((process) => {
      started += 1;
      return process;
    });
    const { error } = await play('answer', { on: counting, signal: AbortSignal.abort('pause') });
    expect(error).toBeNull();
    expect(started).toBe(0);
  });

  it('starts a child that is only to be finished, and tells it so at once', async () => {
    const finish = AbortSignal.abort('finish');
    const { labels, error } = await play('wait', { signal: finish });
    expect(error).toBeNull();
    expect(labels).toEqual(['working', 'stopped to finish']);
    expect((await play('wait', { further: [finish] })).labels).toEqual(labels);
    const paused = { signal: finish, further: [AbortSignal.abort('shutdown')] };
    expect((await play('wait', paused)).labels).toEqual([]);
  });

  it.each([
    ['pause', 'stopped to pause'],
    ['cancel', 'stopped to cancel'],
    ['shutdown', 'stopped to pause'],
  ])('does not hurry a finish, but passes on a %s that overrules it', async (reason, last) => {
    const [first, child, overruling] = [0, 1, 2].map(() => new AbortController());
    const { labels, error, lines } = await play('finishing', {
      signal: first?.signal ?? AbortSignal.abort(),
      further: [child, overruling].flatMap((each) => (each ? [each.signal] : [])),
      grace: 5_000,
      during: (label) => {
        if (label === 'working') child?.abort('finish');
        if (label !== 'stopped to finish') return;
        // Nothing new for the child; then something that is.
        first?.abort('finish');
        overruling?.abort(reason);
      },
    });
    expect(error).toBeNull();
    expect(labels).toEqual(['working', 'stopped to finish', last]);
    expect(lines).toEqual([]);
  });

  it('reports a child that dies while it finishes: there may be nothing to keep', async () => {
    const controller = new AbortController();
    const { code } = await play('breaking', {
      signal: controller.signal,
      during: () => controller.abort('finish'),
    });
    expect(code).toBe('worker-died');
    const paused = new AbortController();
    const stopped = { signal: paused.signal, during: () => paused.abort('pause') };
    expect((await play('breaking', stopped)).error).toBeNull();
  });

  it('holds the child back while batches are not acknowledged', async () => {
    const held: ToWorker[] = [];
    const batches = 3 * windowSize;
    const { labels } = await play('flood', {
      inputs: Array.from({ length: batches }, (_, index) => `row ${index}`),
      // Acknowledgements are kept until a whole window has come, then all are let through.
      on: watchedHost((process) => ({
        ...process,
        post: (message) => {
          if (message.type !== 'acknowledge') return process.post(message);
          held.push(message);
          if (held.length % windowSize === 0) held.slice(-windowSize).forEach(process.post);
        },
      })),
    });
    expect(labels).toHaveLength(batches);
    labels.forEach((label, index) => {
      expect(index - Number.parseInt(label)).toBeLessThan(windowSize);
    });
    expect(labels[windowSize - 1]).toBe('0 acknowledged');
  });
});

describe('deathOf', () => {
  it('names the signal or the exit code', () => {
    const death = (code: number | null, signal: string | null) =>
      deathOf({ code, signal, lastWords: '' }).message;
    expect(death(null, 'SIGSEGV')).toContain('SIGSEGV');
    expect(death(7, null)).toContain('exit code 7');
    expect(death(null, null)).toContain('did not start');
    expect(death(137, null)).toContain('memory');
  });
});

describe('workerEnvironment', () => {
  it('keeps API keys and flags of the parent from the child', () => {
    expect(
      workerEnvironment({
        PATH: '/bin',
        STEPWISE_API_KEY: 'secret',
        OPENAI_API_KEY: 'secret',
        NODE_OPTIONS: '--inspect',
        EMPTY: undefined,
      }),
    ).toMatchObject({ PATH: '/bin' });
    const names = Object.keys(workerEnvironment({ OPENAI_API_KEY: 'secret', EMPTY: undefined }));
    expect(names.filter((name) => name !== 'GLIBC_TUNABLES')).toEqual([]);
  });

  it('asks for large pages on Linux alone, and not where the person set something else', () => {
    const asked = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };
    expect(workerEnvironment({ PATH: '/bin' }, 'linux')).toEqual({ PATH: '/bin', ...asked });
    expect(workerEnvironment({ PATH: '/bin' }, 'darwin')).toEqual({ PATH: '/bin' });
    const own = { GLIBC_TUNABLES: 'glibc.malloc.arena_max=1' };
    expect(workerEnvironment(own, 'linux')).toEqual(own);
  });
});
