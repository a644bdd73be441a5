import { parentPort } from 'node:worker_threads';
import { toErrorValue } from '../contract/errors.ts';
import type { ThreadTask } from '../stages/threads.ts';
import type { FromThread, ToThread } from './thread-messages.ts';
import { threadTasks } from './thread-tasks.ts';

/** Batches that may be on their way at once: main is never flooded, the thread seldom waits. */
const batchesAhead = 4;

/** The entry of a thread: does one task after another, each by its name. */
function serve(port: NonNullable<typeof parentPort>): void {
  const waiting: (() => void)[] = [];
  let room = batchesAhead;
  const tell = (message: FromThread<unknown, unknown>): void => port.postMessage(message);
  const emit = async (batch: unknown): Promise<void> => {
    while (room === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    room -= 1;
    tell({ kind: 'batch', batch });
  };
  port.on('message', (message: ToThread) => {
    if (message.kind === 'more') {
      room += 1;
      waiting.shift()?.();
      return;
    }
    void perform(taskOf(message.name), message.input, emit).then(tell);
  });
}

async function perform(
  task: ThreadTask<unknown, unknown, unknown>,
  input: unknown,
  emit: (batch: unknown) => Promise<void>,
): Promise<FromThread<unknown, unknown>> {
  try {
    return { kind: 'done', output: await task.run(input, emit) };
  } catch (caught) {
    return { kind: 'failed', error: toErrorValue(caught) };
  }
}

function taskOf(name: string): ThreadTask<unknown, unknown, unknown> {
  const task = threadTasks.get(name);
  if (task === undefined) throw new Error(`no thread task is called ${name}`);
  return task;
}

if (parentPort) serve(parentPort);
