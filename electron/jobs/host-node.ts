import { fork } from 'node:child_process';
import { Tail, workerEnvironment } from './host.ts';
import type { WorkerExit, WorkerHost, WorkerProcess } from './host.ts';

/** How long output and messages may lag behind the exit of the process that wrote them. */
const drainMilliseconds = 1_000;

/**
 * Numeric processes as Node children, for the browser mode and the command line.
 *
 * @param workerPath absolute path of `worker.ts`, or of the built `worker.js`
 */
export function nodeWorkerHost(workerPath: string): WorkerHost {
  return { start: () => startNodeWorker(workerPath) };
}

function startNodeWorker(workerPath: string): WorkerProcess {
  const tail = new Tail();
  const child = fork(workerPath, [], {
    // Typed arrays and long strings cross as structured clones, without a detour through JSON.
    serialization: 'advanced',
    execArgv: [],
    env: workerEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.on('data', (chunk: Buffer) => tail.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => tail.add(chunk));

  const exited = new Promise<WorkerExit>((resolve) => {
    child.once('error', (error) => {
      // A message that could not be sent is not the end; a process that never started is.
      if (child.pid === undefined) resolve({ code: null, signal: null, lastWords: error.message });
    });
    const end = (code: number | null, signal: string | null) =>
      resolve({ code, signal, lastWords: tail.text });
    // `close` follows `exit` once output and messages are read to their end. A grandchild that
    // inherited the pipes could hold it back for ever, hence the limit.
    child.once('close', end);
    child.once('exit', (code, signal) => {
      setTimeout(() => end(code, signal), drainMilliseconds).unref();
    });
  });

  return {
    post(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      void exited.then(listener);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
