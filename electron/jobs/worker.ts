/**
 * The numeric child process: one task, then the end. It gets rows as text and folders as paths,
 * never opens the store, and reports numbered batches that main commits and acknowledges. Asked for
 * it, it stays and answers one question after another.
 */
import { toErrorValue } from '../contract/errors.ts';
import { ToWorker } from '../contract/worker.ts';
import type {
  AskTask,
  EngineBatch,
  EngineTask,
  ProveBatch,
  StopReason,
  WorkerTask,
  WriteBatch,
} from '../contract/worker.ts';
import { isCorrect } from '../core/score.ts';
import { AskedStudents } from '../model/asked-students.ts';
import type { Engine } from '../model/engines/engine.ts';
import { measureEngine } from '../model/engines/measure.ts';
import { deviceOf, openEngine } from '../model/engines/preflight.ts';
import { proveTask, writeTask } from '../model/export/tasks.ts';
import { peakMemory, tryTraining } from '../model/preflight.ts';
import { speedTask } from '../model/speed.ts';
import { predictTask } from '../model/student.ts';
import { busyProcessors } from '../model/system-load.ts';
import { trainStudent } from '../model/trainer.ts';
import { BatchWindow } from './batch-window.ts';
import { QuestionQueue } from './question-queue.ts';
import { openPort } from './worker-port.ts';

/** Main ends this process when it has heard the last word; without main it ends itself. */
const lingerMilliseconds = 5_000;

const port = openPort();
const stopping = new AbortController();
/** For a stop that outranks an earlier one: a training that is to be finished may still be paused. */
const overruling = new AbortController();
const window = new BatchWindow((seq, batch) => void port.send({ type: 'batch', seq, batch }));

const now = (): number => performance.now();

/** The engine that the task names, or a refusal: never another in its place. */
function engineOf(task: WorkerTask): Promise<Engine> {
  if ('settings' in task) return openEngine({ id: task.settings.engine });
  return openEngine({ id: ('engine' in task ? task.engine : null) ?? 'cpu' });
}

async function perform(task: WorkerTask): Promise<StopReason | null> {
  if (task.kind === 'write') {
    const report = (batch: WriteBatch) => window.push(batch);
    return (await writeTask(task, { signal: stopping.signal, report })).stopped;
  }
  const engine = await engineOf(task);
  const { signal } = stopping;
  if (task.kind === 'engine') {
    await window.push(await describe(engine, task));
    return null;
  }
  if (task.kind === 'preflight') {
    await tryTraining(task, {
      ...{ engine, device: deviceOf(engine.id), now, peakBytes: peakMemory },
      report: (batch) => window.push(batch),
    });
    return null;
  }
  if (task.kind === 'ask') {
    await answerQuestions(task, engine);
    return null;
  }
  if (task.kind === 'speed') {
    const { stopped } = await speedTask(task, {
      ...{ engine, signal, now, device: deviceOf(engine.id) },
      report: (batch) => window.push(batch),
      memoryBytes: () => process.memoryUsage.rss(),
      busyProcessors,
    });
    return stopped;
  }
  if (task.kind === 'prove') {
    const host = { engine, signal, now, report: (batch: ProveBatch) => window.push(batch) };
    return (await proveTask(task, host)).stopped;
  }
  if (task.kind === 'predict') {
    const { stopped } = await predictTask(task, {
      engine,
      signal,
      report: (batch) => window.push(batch),
      now,
    });
    return stopped;
  }
  const { stopped } = await trainStudent(task, {
    engine,
    signal,
    overruling: overruling.signal,
    report: (batch) => window.push(batch),
    score: (predicted, row) => isCorrect(task.task, predicted, row.gold, row.choices),
    now,
    memoryBytes: () => process.memoryUsage.rss(),
  });
  return stopped;
}

/** Questions that came before the engine was open wait; main sends one at a time. */
const questions = new QuestionQueue();

/** Answers questions until the process is ended. */
async function answerQuestions(task: AskTask, engine: Engine): Promise<never> {
  const students = new AskedStudents(engine, task, now);
  for (;;) {
    const { id, question, signal } = await questions.next();
    try {
      await port.send({ type: 'answer', id, reply: await students.answer(question, signal) });
    } catch (caught) {
      await port.send({ type: 'unanswered', id, error: toErrorValue(caught) });
    }
  }
}

async function describe(engine: Engine, task: EngineTask): Promise<EngineBatch> {
  const figures = task.measure ? await measureEngine(engine, now) : null;
  return {
    kind: 'engine',
    device: deviceOf(engine.id),
    threads: engine.threads,
    figures: figures && { ...figures, fallbacks: [...figures.fallbacks] },
  };
}

async function runToTheEnd(task: WorkerTask): Promise<void> {
  try {
    const stopped = await perform(task);
    await window.drained();
    await port.send({ type: 'done', stopped });
  } catch (caught) {
    // The whole story goes to the log of main; the person gets the sentence.
    console.error(caught);
    await port.send({ type: 'failed', error: toErrorValue(caught) });
  }
  setTimeout(() => process.exit(0), lingerMilliseconds);
}

let started = false;

function stop(reason: StopReason): void {
  if (!stopping.signal.aborted) stopping.abort(reason);
  else overruling.abort(reason);
}

function receive(message: ToWorker): void {
  if (message.type === 'acknowledge') window.acknowledge(message.seq);
  else if (message.type === 'stop') stop(message.reason);
  else if (message.type === 'question') questions.add(message.id, message.question);
  else if (message.type === 'drop') questions.drop(message.id);
  else if (!started) {
    started = true;
    void runToTheEnd(message.task);
  }
}

// Ctrl-C in a terminal reaches this process too; main decides what it means, and asks for a checkpoint.
process.on('SIGINT', () => undefined);
// A main process that was killed leaves no orphan behind.
port.onClose(() => process.exit(1));
port.onMessage((raw) => receive(ToWorker.parse(raw)));
await port.send({ type: 'ready' });
