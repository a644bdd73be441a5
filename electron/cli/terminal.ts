import type { JobRecord } from '../contract/jobs.ts';
import { progressLine } from './progress.ts';

/** Without a terminal, progress is a plain line this often. */
const plainLineMilliseconds = 5_000;

/**
 * Text as a terminal may show it: names, labels and a server's words come from elsewhere and could
 * carry sequences that move the cursor, hide lines or rename the window.
 */
export const printable = (text: string): string =>
  text.replace(/(?![\n\t])\p{Cc}/gu, (control) => (control === '\r' ? '' : '\ufffd'));

/**
 * What the command line writes: answers on stdout, everything else on stderr. With `--json`, stdout
 * carries one JSON object and nothing more, so the answer for a person goes to stderr too.
 */
export class Terminal {
  readonly json: boolean;
  #live = false;
  #lastPlain: { title: string; phase: string; time: number } | null = null;

  constructor(json: boolean) {
    this.json = json;
  }

  /** The answer, for a person. */
  print(text: string): void {
    this.#endLive();
    (this.json ? process.stderr : process.stdout).write(`${printable(text)}\n`);
  }

  /** What is worth knowing beside the answer. */
  note(text: string): void {
    this.#endLive();
    process.stderr.write(`${printable(text)}\n`);
  }

  /** The answer, for a script: one line of JSON, last on stdout. */
  result(value: object): void {
    this.#endLive();
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** Shows how far a job is: one line kept up to date, or plain lines where there is no terminal. */
  progress(job: JobRecord, detail: string): void {
    if (process.stderr.isTTY) {
      const full = printable(progressLine(job, detail, 24));
      const line = full.slice(0, (process.stderr.columns || 100) - 1);
      process.stderr.write(`\r\x1b[2K${line}`);
      this.#live = true;
      return;
    }
    const { title, progress } = job;
    const last = this.#lastPlain;
    const now = Date.now();
    const same = last?.title === title && last.phase === progress.phase;
    if (same && now - last.time < plainLineMilliseconds) return;
    this.#lastPlain = { title, phase: progress.phase, time: now };
    process.stderr.write(`${printable(progressLine(job, detail, 0))}\n`);
  }

  #endLive(): void {
    if (this.#live) process.stderr.write('\n');
    this.#live = false;
  }
}
