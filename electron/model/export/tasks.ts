import type {
  ProveBatch,
  ProveTask,
  StopReason,
  WriteBatch,
  WriteTask,
} from '../../contract/worker.ts';
import { Student, askedAs, stopReason } from '../student.ts';
import type { AskingHost } from '../student.ts';
import type { Engine } from '../engines/engine.ts';
import type { OpenedExport } from './format.ts';
import { formatHandler, openExport } from './formats.ts';

export interface WritingHost {
  readonly signal: AbortSignal;
  report(batch: WriteBatch): void | Promise<void>;
}

/** Writes a checkpoint in one format. @throws what {@link FormatHandler.write} throws */
export async function writeTask(
  task: WriteTask,
  { signal, report }: WritingHost,
): Promise<{ stopped: StopReason | null }> {
  const { write } = await formatHandler(task.format);
  await write({
    ...{ format: task.format, checkpoint: task.checkpoint, folder: task.folder },
    ...{ training: task.training, signal },
    progress: (done, total) => void report({ kind: 'write', done, total }),
  });
  return { stopped: signal.aborted ? stopReason(signal) : null };
}

/** Answers every input with a written folder, or with a checkpoint, in order. */
export async function proveTask(
  task: ProveTask,
  host: AskingHost<ProveBatch>,
): Promise<{ stopped: StopReason | null }> {
  const opened = await open(task, host.engine);
  try {
    for (let offset = 0; offset < task.inputs.length; offset += opened.rowsAtOnce) {
      const answers = await opened.answer(
        task.inputs.slice(offset, offset + opened.rowsAtOnce),
        askedAs(task),
        {
          ...{ rationale: task.rationalePrefix !== null || task.answerMark !== null },
          ...{ batchSize: task.batchSize, signal: host.signal, now: () => host.now() },
        },
      );
      if (host.signal.aborted) return { stopped: stopReason(host.signal) };
      await host.report({
        kind: 'prove',
        offset,
        openedWith: opened.openedWith,
        answers: answers.map(({ label, rationale, ids, rationaleIds }) => ({
          ...{ label, rationale, ids: [...ids] },
          rationaleIds: rationaleIds && [...rationaleIds],
        })),
      });
    }
    return { stopped: null };
  } finally {
    await opened.dispose();
  }
}

async function open({ format, folder }: ProveTask, engine: Engine): Promise<OpenedExport> {
  if (format === null) return openCheckpoint(folder, engine);
  return openExport(folder, format);
}

/** The run's own student, answering as evaluations do. */
async function openCheckpoint(folder: string, engine: Engine): Promise<OpenedExport> {
  const student = await Student.open(folder, engine);
  return {
    openedWith: engine.id,
    rowsAtOnce: 32,
    answer: (inputs, settings, options) => student.answer(inputs, { ...options, settings }),
    dispose: () => student.dispose(),
  };
}
