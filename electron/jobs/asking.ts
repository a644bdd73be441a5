import { StudioError } from '../contract/errors.ts';
import { FromWorker } from '../contract/worker.ts';
import type { AskTask, StudentQuestion, StudentReply } from '../contract/worker.ts';
import type { Log } from '../stages/job.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { WorkerExit, WorkerHost, WorkerProcess } from './host.ts';
import { deathOf } from './run-worker-task.ts';

export interface AskingOptions {
  readonly host: WorkerHost;
  readonly log: Log;
  readonly clock?: Clock;
  /** Without a question for so long the process ends; default one minute. */
  readonly idleMilliseconds?: number;
}

/** Students that are kept open, and bytes that their weights may have together. */
const kept: Pick<AskTask, 'keep' | 'keepBytes'> = { keep: 4, keepBytes: 2 ** 31 };
const oneMinute = 60_000;

/** A question that somebody waits for. */
interface Asked {
  readonly id: number;
  readonly question: StudentQuestion;
  readonly resolve: (reply: StudentReply) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Asks students in a numeric process that stays: what was asked last is open already. The process is
 * another than that of a training, so that neither waits for the other. It gets one question at a
 * time, which keeps the times it tells honest, and loses one question at most when it ends.
 */
export class Asking {
  readonly #options: AskingOptions;
  readonly #clock: Clock;
  readonly #waiting: Asked[] = [];
  #child: WorkerProcess | null = null;
  /** What the child is at; a question that was let go stays here until the child says so. */
  #current: Asked | null = null;
  #ready = false;
  #closed = false;
  #count = 0;
  #withdrawIdle: () => void = () => undefined;

  constructor(options: AskingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Whether a process is there, with the students that it holds open. */
  get isAwake(): boolean {
    return this.#child !== null;
  }

  /**
   * Asks one question; several wait for each other.
   *
   * @throws StudioError worker-died when the process ended over it; what the student's folder is
   *   refused with; job-cancelled when the signal was aborted, or the studio is closed
   */
  ask(question: StudentQuestion, signal?: AbortSignal): Promise<StudentReply> {
    if (this.#closed || signal?.aborted === true) return Promise.reject(letGo());
    return new Promise((resolve, reject) => {
      const asked: Asked = { id: ++this.#count, question, resolve, reject };
      signal?.addEventListener('abort', () => this.#drop(asked), { once: true });
      this.#waiting.push(asked);
      this.#goOn();
    });
  }

  /** Ends the process; questions that wait fail with `job-cancelled`. */
  close(): void {
    this.#closed = true;
    this.#end();
    for (const asked of [this.#current, ...this.#waiting.splice(0)]) asked?.reject(letGo());
    this.#current = null;
  }

  #goOn(): void {
    if (this.#current !== null || this.#closed) return;
    if (this.#waiting.length === 0) {
      this.#endWhenIdle();
      return;
    }
    this.#withdrawIdle();
    const child = this.#child ?? this.#start();
    if (!this.#ready) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#current = next;
    child.post({ type: 'question', id: next.id, question: next.question });
  }

  #start(): WorkerProcess {
    const child = this.#options.host.start();
    this.#child = child;
    this.#ready = false;
    child.onMessage((raw) => {
      if (this.#child === child) this.#hear(child, raw);
    });
    child.onExit((exit) => {
      if (this.#child === child) this.#died(exit);
    });
    return child;
  }

  #hear(child: WorkerProcess, raw: unknown): void {
    const parsed = FromWorker.safeParse(raw);
    const message = parsed.success ? parsed.data : null;
    const current = this.#current;
    if (message?.type === 'ready') {
      child.post({ type: 'start', task: { kind: 'ask', ...kept } });
      this.#ready = true;
    } else if (message?.type === 'answer' && message.id === current?.id) {
      this.#current = null;
      current.resolve(message.reply);
    } else if (message?.type === 'unanswered' && message.id === current?.id) {
      this.#current = null;
      current.reject(StudioError.from(message.error));
    } else {
      // It can't go on: the engine was refused, or it says what nobody understands.
      this.#end();
      this.#fail(message?.type === 'failed' ? StudioError.from(message.error) : garbled());
    }
    this.#goOn();
  }

  #died(exit: WorkerExit): void {
    this.#child = null;
    this.#options.log.error({ ...exit, task: 'ask' }, 'numeric process failed');
    this.#fail(
      new StudioError(
        'worker-died',
        deathOf(exit).message,
        'Ask again: the next question starts a new process. If it happens again, close other large programs or ask a smaller student.',
      ),
    );
    this.#goOn();
  }

  /** Fails the question that was under way, or the first of those that waited for the process. */
  #fail(reason: StudioError): void {
    const failed = this.#current ?? this.#waiting.shift();
    this.#current = null;
    failed?.reject(reason);
  }

  #drop(asked: Asked): void {
    const at = this.#waiting.indexOf(asked);
    if (at >= 0) this.#waiting.splice(at, 1);
    else if (this.#current === asked) this.#child?.post({ type: 'drop', id: asked.id });
    asked.reject(letGo());
  }

  #endWhenIdle(): void {
    this.#withdrawIdle();
    this.#withdrawIdle = this.#clock.after(this.#options.idleMilliseconds ?? oneMinute, () =>
      this.#end(),
    );
  }

  #end(): void {
    this.#withdrawIdle();
    const child = this.#child;
    this.#child = null;
    this.#ready = false;
    child?.kill();
  }
}

function letGo(): StudioError {
  return new StudioError(
    'job-cancelled',
    'The question was stopped before it was answered.',
    'Ask again when you like.',
  );
}

function garbled(): StudioError {
  return new StudioError(
    'internal',
    'The computing process sent something that does not fit.',
    'Ask again: the next question starts a new process.',
  );
}
