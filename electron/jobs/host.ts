import type { ToWorker } from '../contract/worker.ts';

/** How a child process ended. */
export interface WorkerExit {
  /** Exit code; null when a signal ended the process or it never started. */
  readonly code: number | null;
  /** Signal name such as `SIGKILL`; null when the process ended by itself. */
  readonly signal: string | null;
  /** The end of what it wrote to stdout and stderr: where a native crash leaves its reason. */
  readonly lastWords: string;
}

/** One numeric child process. It is started empty, is given one task, and ends with it. */
export interface WorkerProcess {
  /** Sends a message; silently dropped when the process is gone (its exit is reported instead). */
  post(message: ToWorker): void;
  /** What the child sends, unchecked: the receiver parses it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, after the last message. */
  onExit(listener: (exit: WorkerExit) => void): void;
  /** Ends the process at once, whatever it is doing. */
  kill(): void;
}

/** Starts numeric child processes: Node's `fork` or Electron's `utilityProcess`. */
export interface WorkerHost {
  start(): WorkerProcess;
}

/** Environment variables that hold a teacher's key; the numeric process is started without them. */
const secretVariables = ['STEPWISE_API_KEY', 'OPENAI_API_KEY'];

/**
 * Asks Linux for large pages (`madvise`), where glibc is the C library; others ignore it. Activations
 * are allocated and let go thousands of times a step: a small student's step takes 3 to 4% less.
 */
const largePages = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/**
 * The environment a numeric process gets: the parent's, without keys and without flags meant for the
 * parent, and with large pages unless the parent was started with settings of its own.
 */
export function workerEnvironment(
  parent: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const environment: Record<string, string> = platform === 'linux' ? { ...largePages } : {};
  for (const [name, value] of Object.entries(parent)) {
    if (value === undefined || name === 'NODE_OPTIONS' || secretVariables.includes(name)) continue;
    environment[name] = value;
  }
  return environment;
}

/** Keeps the last characters of a stream of text. */
export class Tail {
  readonly #limit: number;
  #text = '';

  constructor(limit = 4_000) {
    this.#limit = limit;
  }

  add(chunk: { toString(): string }): void {
    this.#text = (this.#text + chunk.toString()).slice(-this.#limit);
  }

  get text(): string {
    return this.#text.trim();
  }
}
