import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EngineReport } from '../../../electron/contract/entities.ts';
import type { WorkerTask } from '../../../electron/contract/worker.ts';
import { listEngines } from '../../../electron/jobs/engines.ts';
import { nodeWorkerHost } from '../../../electron/jobs/host-node.ts';
import { runWorkerTask } from '../../../electron/jobs/run-worker-task.ts';
import { requireInstalled } from '../../../electron/model/engines/preflight.ts';
import { runSettings } from '../model/support.ts';
import { collectingLog } from './support.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const host = nodeWorkerHost(at('../../../electron/jobs/worker.ts'));

describe('the list of engines', () => {
  it('has each engine once, with the processor available and every answer a plain sentence', async () => {
    const { log, lines } = collectingLog();
    const reports = await listEngines({ host, log, measure: false });
    expect(reports.map(({ id }) => id)).toEqual(['cpu', 'webgpu', 'cuda', 'tensorflow']);
    for (const report of reports) {
      expect(EngineReport.parse(report)).toEqual(report);
      expect(report.detail).toMatch(/\.$|\)\.$/);
      expect(report.detail).not.toContain('\n');
      expect(report).toMatchObject({ gflops: null, stepMilliseconds: null, recommended: false });
    }
    expect(reports[0]).toMatchObject({ id: 'cpu', available: true });
    // An engine that is not there is told to the person, not to the log as an error.
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('measures the engines that are there, and recommends one', { timeout: 300_000 }, async () => {
    const { log } = collectingLog();
    const reports = await listEngines({ host, log, measure: true });
    for (const { available, gflops, stepMilliseconds } of reports) {
      expect(gflops !== null, 'a product').toBe(available);
      expect(stepMilliseconds !== null, 'a step').toBe(available);
    }
    const recommended = reports.filter((report) => report.recommended);
    expect(recommended).toHaveLength(1);
    expect(recommended[0]?.available).toBe(true);
  });

  it('calls an engine unusable whose process dies, and says how', async () => {
    const { log } = collectingLog();
    const dying = nodeWorkerHost(at('../../fixtures/dying-worker.ts'));
    const reports = await listEngines({ host: dying, log, measure: false });
    expect(reports[0]).toMatchObject({ id: 'cpu', available: false });
    expect(reports[0]?.detail).toBe(
      'The engine cpu ended its process when it was tried: The computing process stopped unexpectedly (exit code 9). Update its driver, or use the engine cpu.',
    );
  });
});

const cudaIsHere = await requireInstalled('cuda').then(
  () => true,
  () => false,
);

describe.skipIf(cudaIsHere)('a task that names an engine that is not here', () => {
  const run = (task: WorkerTask) =>
    runWorkerTask({
      host,
      task,
      onBatch: () => undefined,
      signal: new AbortController().signal,
      log: collectingLog().log,
    });
  const refusal = {
    code: 'engine-failed',
    message: expect.stringContaining('CUDA'),
    hint: expect.stringMatching(/./),
  };
  const train: WorkerTask = {
    kind: 'train',
    folder: '',
    task: 'text',
    labels: [],
    settings: runSettings({ engine: 'cuda' }),
    train: [{ input: 'one and one', label: '2', rationales: [] }],
    validation: [],
    studentFolder: null,
    tokenizerTexts: null,
    resume: false,
  };
  const predict: WorkerTask = {
    kind: 'predict',
    folder: '',
    inputs: ['one and one'],
    labelPrefix: '',
    rationalePrefix: null,
    answerMark: null,
    maxInputTokens: 8,
    maxLabelTokens: 8,
    maxRationaleTokens: 8,
    batchSize: 1,
    engine: 'cuda',
  };

  it('fails with the reason, and does not train with another', async () => {
    await expect(run(train)).rejects.toMatchObject(refusal);
  });

  it('fails with the reason, and does not predict with another', async () => {
    await expect(run(predict)).rejects.toMatchObject(refusal);
  });
});
