import { z } from 'zod';
import type { FromWorker } from '../contract/worker.ts';

/** The child's end of the channel to main, whichever kind of process it is. */
export interface WorkerPort {
  /** Sends; resolves when the message has left this process. */
  send(message: FromWorker): Promise<void>;
  onMessage(listener: (message: unknown) => void): void;
  /** Called when main is gone. */
  onClose(listener: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

/**
 * Opens the channel to the process that started this one: Electron's parent port inside a utility
 * process, Node's inter-process channel in a forked child.
 *
 * @throws Error when the process was started by hand
 */
export function openPort(): WorkerPort {
  const parentPort: unknown = Reflect.get(process, 'parentPort');
  if (isParentPort(parentPort)) return electronPort(parentPort);
  if (process.send === undefined) {
    throw new Error('worker: this file is started by the studio, not by hand');
  }
  return nodePort(process.send.bind(process));
}

const ParentPortShape = z.object({
  postMessage: z.custom((value) => typeof value === 'function'),
  on: z.custom((value) => typeof value === 'function'),
});

function isParentPort(value: unknown): value is ParentPort {
  // The port's methods stand on its prototype; zod reads them all the same.
  return ParentPortShape.safeParse(value).success;
}

function electronPort(port: ParentPort): WorkerPort {
  return {
    send: (message) => {
      port.postMessage(message);
      return Promise.resolve();
    },
    onMessage: (listener) => void port.on('message', (event) => listener(event.data)),
    onClose: (listener) => void port.on('close', listener),
  };
}

function nodePort(send: NonNullable<typeof process.send>): WorkerPort {
  return {
    send: (message) =>
      new Promise((resolve) => {
        // A failed send means that main is gone, which `disconnect` tells too.
        send(message, undefined, undefined, () => resolve());
      }),
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.on('disconnect', listener),
  };
}
