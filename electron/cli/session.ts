import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput } from '../contract/calls.ts';
import type { Project } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settledStates } from '../contract/jobs.ts';
import type { JobRecord } from '../contract/jobs.ts';
import { version } from '../core/version.ts';
import { createStudio } from '../ipc/studio.ts';
import type { Studio } from '../ipc/studio.ts';
import { nodeWorkerHost } from '../jobs/host-node.ts';
import { guardCrashes } from '../shell/crash.ts';
import { defaultWorkspace } from '../shell/workspace.ts';
import { Terminal } from './terminal.ts';

/** Options every command takes. */
export interface GlobalOptions {
  readonly workspace?: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** A line about a job beside its count, such as its losses. */
export type Detail = (job: JobRecord) => string;

const workerPath = fileURLToPath(new URL('../jobs/worker.ts', import.meta.url));
const threadPath = fileURLToPath(new URL('../jobs/data-thread.ts', import.meta.url));

/** One command's time with the studio: calls that throw, jobs that are waited for. */
export class Session {
  readonly terminal: Terminal;
  readonly studio: Studio;
  readonly #options: GlobalOptions;
  readonly #jobs = new Map<string, JobRecord>();
  #onJob: (job: JobRecord) => void = () => undefined;

  private constructor(options: GlobalOptions, studio: Studio, terminal: Terminal) {
    this.#options = options;
    this.studio = studio;
    this.terminal = terminal;
    studio.on((event) => {
      if (event.name !== 'job') return;
      this.#jobs.set(event.payload.id, event.payload);
      this.#onJob(event.payload);
    });
  }

  /**
   * Opens the workspace, does the work, closes it again whatever happens.
   * @throws StudioError workspace-locked, workspace-unusable, store-newer, store-corrupt, and what `work` throws
   */
  static async use(
    options: GlobalOptions,
    work: (session: Session) => Promise<void>,
    terminal: Terminal = new Terminal(options.json === true),
  ): Promise<void> {
    const studio = createStudio({
      workspace: resolve(options.workspace ?? defaultWorkspace()),
      mode: 'cli',
      version,
      host: nodeWorkerHost(workerPath),
      threadPath,
      keychain: null,
      chooseFile: null,
    });
    const unguard = guardCrashes(studio.redact);
    try {
      await work(new Session(options, studio, terminal));
    } finally {
      await studio.close();
      unguard();
    }
  }

  /** @throws StudioError whatever the call answers in place of a value */
  ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    return this.studio.ask(name, input);
  }

  /**
   * The project that `--project` names, by name or id; without it the only one or the newest.
   * @throws StudioError not-found
   */
  async project(): Promise<Project> {
    const projects = await this.ask('projects.list', {});
    const wanted = this.#options.project;
    if (wanted !== undefined) {
      const found =
        projects.find((project) => project.id === wanted) ??
        projects.find((project) => project.name === wanted);
      if (found) return found;
      throw new StudioError(
        'not-found',
        `There is no project “${wanted}” in this workspace.`,
        projects.length === 0
          ? 'Make one: stepwise project new NAME --task text'
          : `There are: ${projects.map((project) => project.name).join(', ')}`,
      );
    }
    const newest = newestOf(projects);
    if (newest === null) {
      throw new StudioError(
        'not-found',
        'There is no project in this workspace yet.',
        'Make one first: stepwise project new NAME --task text|classification|multiple-choice|arithmetic',
      );
    }
    if (projects.length > 1) {
      this.terminal.note(`Using the newest project, “${newest.name}”; --project names another.`);
    }
    return newest;
  }

  /**
   * Shows a job's progress until it ends. Ctrl-C pauses it (what is done is saved), a second one
   * leaves at once.
   *
   * @throws StudioError the job's own error, also of one that paused by itself; `job-interrupted` when
   * it was paused by a person, `job-cancelled`
   */
  async wait(job: JobRecord, howToResume: string, detail: Detail = () => ''): Promise<JobRecord> {
    const stop = () => {
      if (process.exitCode === 130) process.exit(130);
      process.exitCode = 130;
      this.terminal.note('Pausing: what is done is being saved. Ctrl-C again leaves at once.');
      void this.studio.call('jobs.pause', { jobId: job.id });
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    try {
      const ended = await new Promise<JobRecord>((done) => {
        this.#onJob = (changed) => {
          if (changed.id !== job.id) return;
          this.terminal.progress(changed, detail(changed));
          if (settledStates.includes(changed.state)) done(changed);
        };
        this.#onJob(this.#jobs.get(job.id) ?? job);
      });
      return this.#settled(ended, howToResume);
    } finally {
      this.#onJob = () => undefined;
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    }
  }

  #settled(job: JobRecord, howToResume: string): JobRecord {
    if (job.state === 'succeeded') return job;
    if (job.error) throw StudioError.from(job.error);
    if (job.state === 'cancelled') {
      throw new StudioError('job-cancelled', 'It was cancelled.', 'Start it again when you like.');
    }
    throw new StudioError('job-interrupted', 'Paused. What is done is saved.', howToResume);
  }
}

/** The newest of some saved things; null when there is none. */
export const newestOf = <T extends { createdAt: string }>(rows: readonly T[]): T | null =>
  rows.reduce<T | null>(
    (newest, row) => (newest === null || row.createdAt >= newest.createdAt ? row : newest),
    null,
  );
