import { setImmediate } from 'node:timers/promises';

/** Thrown inside an import when it is asked to stop; nothing has been saved by then. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Rows between two breaths: some tens of milliseconds of work at most. */
const ROWS_AT_A_TIME = 500;

/**
 * Lets long loops over rows breathe: every few hundred rows the event loop gets its turn, so that
 * the application stays responsive, progress is told, and a request to stop is noticed.
 */
export class Breather {
  private readonly signal: AbortSignal | null;
  private readonly report: (rows: number) => void;
  private rows = 0;

  constructor(signal: AbortSignal | null = null, report: (rows: number) => void = () => undefined) {
    this.signal = signal;
    this.report = report;
  }

  /** Counts a row; to be awaited. @throws Stopped */
  row(): Promise<void> | undefined {
    this.rows += 1;
    return this.rows % ROWS_AT_A_TIME === 0 ? this.breathe() : undefined;
  }

  /** @throws Stopped */
  async breathe(): Promise<void> {
    this.report(this.rows);
    await setImmediate();
    if (this.signal?.aborted === true) throw new Stopped();
  }
}
