import type { LeakReport, SplitSettings } from '../../../electron/contract/entities.ts';
import type { JobRecord } from '../../../electron/contract/jobs.ts';
import type { App } from '../../lib/app.svelte.ts';
import { StudioFailure, toFailure } from '../../lib/failure.ts';
import { isLive } from '../../lib/jobs.svelte.ts';

export interface LeakQuestion {
  readonly projectId: string;
  readonly settings: SplitSettings;
  readonly threshold: number;
}

/** The leak guard for one set of settings: what it found, or how far it is. */
export class LeakCheck {
  report = $state.raw<LeakReport | null>(null);
  failure = $state.raw<StudioFailure | null>(null);
  /** A person stopped it. */
  stopped = $state(false);
  asking = $state(false);
  #jobId = $state<string | null>(null);
  #question: LeakQuestion | null = null;
  #turn = 0;
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  get job(): JobRecord | null {
    return this.#app.jobs.get(this.#jobId);
  }

  get busy(): boolean {
    return this.asking || isLive(this.job);
  }

  /** Shows what is known for a question; looks for it where nothing is. The same question again does nothing. */
  async ask(question: LeakQuestion): Promise<void> {
    if (JSON.stringify(question) === JSON.stringify(this.#question)) return;
    void this.#cancelJob();
    this.forget();
    this.#question = question;
    await this.#try(async (isMine) => {
      const known = await this.#app.client.call('splits.leaks', question);
      if (!isMine()) return;
      if (known !== null) {
        this.report = known;
        return;
      }
      const job = await this.#app.client.call('splits.checkLeaks', question);
      this.#app.jobs.take(job);
      if (isMine()) this.#jobId = job.id;
      else void this.#app.attempt(() => this.#app.jobs.cancel(job.id));
    });
  }

  /** Takes what a job that ended has found. */
  async settle(job: JobRecord): Promise<void> {
    const question = this.#question;
    if (isLive(job) || job.id !== this.#jobId || question === null) return;
    this.#jobId = null;
    if (job.state !== 'succeeded') {
      this.stopped = job.error === null;
      this.failure = job.error && StudioFailure.from(job.error);
      return;
    }
    await this.#try(async (isMine) => {
      const found = await this.#app.client.call('splits.leaks', question);
      if (isMine()) this.report = found;
    });
  }

  /** Ends the search; {@link again} takes it up. */
  async stop(): Promise<void> {
    this.#turn += 1;
    this.asking = false;
    this.stopped = true;
    await this.#cancelJob();
  }

  /** Looks again for what was asked last. */
  async again(): Promise<void> {
    const question = this.#question;
    this.forget();
    if (question !== null) await this.ask(question);
  }

  forget(): void {
    this.#turn += 1;
    this.report = null;
    this.failure = null;
    this.stopped = false;
    this.asking = false;
    this.#question = null;
    this.#jobId = null;
  }

  async #cancelJob(): Promise<void> {
    const { job } = this;
    if (job && isLive(job)) await this.#app.attempt(() => this.#app.jobs.cancel(job.id));
  }

  /** Does some work, of which nothing is shown once something else was asked. */
  async #try(work: (isMine: () => boolean) => Promise<void>): Promise<void> {
    const turn = ++this.#turn;
    const isMine = () => turn === this.#turn;
    this.asking = true;
    try {
      await work(isMine);
    } catch (caught) {
      if (isMine()) this.failure = toFailure(caught);
    }
    if (isMine()) this.asking = false;
  }
}
