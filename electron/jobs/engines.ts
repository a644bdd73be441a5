import { EngineId, type EngineReport } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { EngineBatch } from '../contract/worker.ts';
import { requireInstalled } from '../model/engines/preflight.ts';
import { recommendFastest, unusableReport, usableReport } from '../model/engines/report.ts';
import type { Log } from '../stages/job.ts';
import type { WorkerHost } from './host.ts';
import { runWorkerTask } from './run-worker-task.ts';

export interface EngineQuestion {
  readonly host: WorkerHost;
  readonly log: Log;
  /** Also time each engine, one after another so that they do not disturb each other. */
  readonly measure: boolean;
}

/** A driver that has not answered by then will not be waited for. */
const ANSWER_MILLISECONDS = 20_000;
const MEASURE_MILLISECONDS = 180_000;

/**
 * Tries every engine for real, each in a numeric process of its own, and says in plain words what it
 * is or why it can't be used here.
 */
export async function listEngines(question: EngineQuestion): Promise<EngineReport[]> {
  if (!question.measure) {
    return Promise.all(EngineId.options.map((id) => reportOn(id, question)));
  }
  const reports: EngineReport[] = [];
  for (const id of EngineId.options) reports.push(await reportOn(id, question));
  return recommendFastest(reports);
}

async function reportOn(id: EngineId, question: EngineQuestion): Promise<EngineReport> {
  try {
    await requireInstalled(id);
    return usableReport({ id, ...(await askChild(id, question)) });
  } catch (error) {
    return unusableReport(id, understood(id, error));
  }
}

async function askChild(
  id: EngineId,
  { host, log, measure }: EngineQuestion,
): Promise<Omit<EngineBatch, 'kind'>> {
  const answers: EngineBatch[] = [];
  await runWorkerTask({
    host,
    task: { kind: 'engine', engine: id, measure },
    onBatch: (batch) => {
      if (batch.kind === 'engine') answers.push(batch);
    },
    signal: AbortSignal.timeout(measure ? MEASURE_MILLISECONDS : ANSWER_MILLISECONDS),
    // An engine that is not there is no failure of the studio.
    log: { ...log, error: (fields, message) => log.info(fields, message) },
    graceMilliseconds: 0,
  });
  const [answer] = answers;
  if (answer !== undefined) return answer;
  throw new StudioError(
    'engine-failed',
    `The engine ${id} did not answer in time.`,
    'Check its driver, or use the engine cpu.',
  );
}

/** A process that died while it opened an engine has lost nothing but that engine. */
function understood(id: EngineId, error: unknown): StudioError {
  if (error instanceof StudioError && error.code !== 'worker-died') return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StudioError(
    'engine-failed',
    `The engine ${id} ended its process when it was tried: ${reason}`,
    'Update its driver, or use the engine cpu.',
    { cause: error },
  );
}
