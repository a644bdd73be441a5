import type { Clock } from '../../../electron/jobs/clock.ts';
import type { Log } from '../../../electron/stages/job.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

/** A log that is kept in memory. */
export function collectingLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message });
  };
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  #time: number;
  #timers: { at: number; work: () => void }[] = [];

  constructor(time = Date.UTC(2026, 0, 1)) {
    this.#time = time;
  }

  now(): number {
    return this.#time;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.#time + milliseconds, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass, and does what falls due on the way, in order. */
  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#time = next.at;
      next.work();
    }
    this.#time = end;
  }
}
