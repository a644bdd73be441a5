import { expect } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { CallInput, CallName, CallOutput } from '../../electron/contract/calls.ts';
import { settledStates } from '../../electron/contract/jobs.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import { startServe } from './processes.ts';
import type { Running } from './processes.ts';

/** Answers are checked as the contract writes them. */
const outputs: {
  readonly [N in CallName]: { readonly output: { parse(value: unknown): CallOutput<N> } };
} = calls;

/** Browser mode in a process of its own, and a browser's part: trades the token for the cookie, then calls. */
export class ServedStudio {
  readonly running: Running;
  readonly #origin: string;
  readonly #cookie: string;

  private constructor(running: Running, origin: string, cookie: string) {
    this.running = running;
    this.#origin = origin;
    this.#cookie = cookie;
  }

  static async start(workspace: string): Promise<ServedStudio> {
    const running = startServe(workspace);
    const address = () => /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(running.stdout())?.[0];
    await expect.poll(address, { timeout: 60_000 }).toBeTruthy();
    const url = address() ?? '';
    const response = await fetch(url, { redirect: 'manual' });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    return new ServedStudio(running, new URL(url).origin, cookie);
  }

  async ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const response = await fetch(`${this.#origin}/call/${name}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'x-stepwise': '1', 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const { ok, value, error } = JSON.parse(await response.text());
    if (ok) return outputs[name].output.parse(value);
    throw new Error(`${name}: ${JSON.stringify(error)}`);
  }

  /** The job's record once it is settled. */
  async settled({ id, projectId }: JobRecord): Promise<JobRecord> {
    let found: JobRecord | undefined;
    await expect
      .poll(
        async () => {
          found = (await this.ask('jobs.list', { projectId })).find((job) => job.id === id);
          return found !== undefined && settledStates.includes(found.state);
        },
        { timeout: 300_000, interval: 200 },
      )
      .toBe(true);
    if (found === undefined) throw new Error('the job is gone');
    return found;
  }

  /** As `kill -9` does it: no chance to save anything. */
  async kill(): Promise<void> {
    this.running.process.kill('SIGKILL');
    expect((await this.running.ended).code).toBeNull();
  }

  /** As a person ends it. */
  async end(): Promise<void> {
    this.running.process.kill('SIGTERM');
    expect((await this.running.ended).code).toBe(0);
  }
}
