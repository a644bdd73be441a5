import type { MessagePort } from 'node:worker_threads';
import { toErrorValue } from '../contract/errors.ts';
import type { ThreadTask } from '../stages/threads.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** A task as the thread sees it: what is handed over was typed where it came from. */
export type AnyTask = ThreadTask<unknown, unknown, unknown>;

/** Batches that may be on their way at once: main is never flooded, the thread seldom waits. */
const batchesAhead = 4;

/** The thread's side of a {@link ThreadPool}: does the tasks it is given, one after another. */
export function serveTasks(
  port: MessagePort,
  find: (name: string) => Promise<AnyTask | undefined>,
): void {
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
    void perform(find, message, emit).then(tell);
  });
}

async function perform(
  find: (name: string) => Promise<AnyTask | undefined>,
  { name, input }: { readonly name: string; readonly input: unknown },
  emit: (batch: unknown) => Promise<void>,
): Promise<FromThread<unknown, unknown>> {
  try {
    const task = await find(name);
    if (task === undefined) throw new Error(`no thread task is called ${name}`);
    return { kind: 'done', output: await task.run(input, emit) };
  } catch (caught) {
    return { kind: 'failed', error: toErrorValue(caught) };
  }
}
