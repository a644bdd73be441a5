import { utilityProcess } from 'electron';
import { Tail, workerEnvironment } from './host.ts';
import type { WorkerExit, WorkerHost, WorkerProcess } from './host.ts';

/**
 * Numeric processes as Electron utility processes, for the desktop application.
 *
 * @param workerPath absolute path of the built `worker.js`
 */
export function electronWorkerHost(workerPath: string): WorkerHost {
  return { start: () => startUtilityProcess(workerPath) };
}

function startUtilityProcess(workerPath: string): WorkerProcess {
  const tail = new Tail();
  const child = utilityProcess.fork(workerPath, [], {
    serviceName: 'Stepwise Studio numerics',
    execArgv: [],
    env: workerEnvironment(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', (chunk: Buffer) => tail.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => tail.add(chunk));

  let alive = true;
  const exited = new Promise<WorkerExit>((resolve) => {
    child.once('exit', (code) => {
      alive = false;
      resolve({ code, signal: null, lastWords: tail.text });
    });
  });

  return {
    post(message) {
      if (alive) child.postMessage(message);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      void exited.then(listener);
    },
    kill() {
      // utilityProcess.kill() asks politely; a process inside a long native call would not hear it.
      if (alive && child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}
