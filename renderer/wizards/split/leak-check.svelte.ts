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

/**
 * The leak guard for one way to divide: what it found, or how far it is. Folds are several questions,
 * which are looked into one after another.
 */
export class LeakCheck {
  /** What was found, by question; shorter than the questions until all is done. */
  reports = $state.raw<readonly LeakReport[]>([]);
  failure = $state.raw<StudioFailure | null>(null);
  /** A person stopped it. */
  stopped = $state(false);
  asking = $state(false);
  /** How many questions there are. */
  asked = $state(0);
  #jobId = $state<string | null>(null);
  #questions: readonly LeakQuestion[] = [];
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

  /** Whether every question has its answer. */
  get done(): boolean {
    return this.asked > 0 && this.reports.length === this.asked;
  }

  /**
   * Shows what is known for the questions; looks for it where nothing is. The same questions again do
   * nothing.
   */
  async ask(questions: readonly LeakQuestion[]): Promise<void> {
    if (JSON.stringify(questions) === JSON.stringify(this.#questions)) return;
    void this.#cancelJob();
    this.forget();
    this.#questions = questions;
    this.asked = questions.length;
    await this.#try((isMine) => this.#goOn(isMine));
  }

  /** Takes what a job that ended has found, and goes on with the next question. */
  async settle(job: JobRecord): Promise<void> {
    const question = this.#questions[this.reports.length];
    if (isLive(job) || job.id !== this.#jobId || question === undefined) return;
    this.#jobId = null;
    if (job.state !== 'succeeded') {
      this.stopped = job.error === null;
      this.failure = job.error && StudioFailure.from(job.error);
      return;
    }
    await this.#try(async (isMine) => {
      const found = await this.#app.client.call('splits.leaks', question);
      if (!isMine()) return;
      // Null where the rows changed meanwhile: another word of it is on its way.
      if (found === null) return;
      this.reports = [...this.reports, found];
      await this.#goOn(isMine);
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
    const questions = this.#questions;
    void this.#cancelJob();
    this.forget();
    if (questions.length > 0) await this.ask(questions);
  }

  forget(): void {
    this.#turn += 1;
    this.reports = [];
    this.failure = null;
    this.stopped = false;
    this.asking = false;
    this.asked = 0;
    this.#questions = [];
    this.#jobId = null;
  }

  /** Takes known answers up to a question that has none, and starts to look into that. */
  async #goOn(isMine: () => boolean): Promise<void> {
    for (const question of this.#questions.slice(this.reports.length)) {
      const known = await this.#app.client.call('splits.leaks', question);
      if (!isMine()) return;
      if (known === null) return this.#start(question, isMine);
      this.reports = [...this.reports, known];
    }
  }

  async #start(question: LeakQuestion, isMine: () => boolean): Promise<void> {
    const job = await this.#app.client.call('splits.checkLeaks', question);
    this.#app.jobs.take(job);
    if (isMine()) this.#jobId = job.id;
    else void this.#app.attempt(() => this.#app.jobs.cancel(job.id));
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
