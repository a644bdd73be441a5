import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import type { Client } from './client.ts';

const live: readonly JobRecord['state'][] = ['queued', 'running'];
const waiting: readonly JobRecord['state'][] = ['paused', 'interrupted', 'failed'];

export const isLive = (job: JobRecord | null | undefined): boolean =>
  job !== null && job !== undefined && live.includes(job.state);
/** A failed import is no use to repeat: the file must change, and is then chosen anew. */
export const isResumable = (job: JobRecord): boolean =>
  waiting.includes(job.state) && !(job.kind === 'import' && job.state === 'failed');

/** Share done between 0 and 1; null while the total is not known. */
export function shareDone({ progress }: JobRecord): number | null {
  if (progress.total === null || progress.total === 0) return null;
  return Math.min(1, progress.done / progress.total);
}

/** Every job the page has heard of, by id. Of two records of one job the one with the higher `seq` counts. */
export class Jobs {
  readonly #byId = new SvelteMap<string, JobRecord>();
  readonly #hidden = new SvelteSet<string>();
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  readonly all = $derived(
    [...this.#byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  );
  /** What the strip shows: work under way, and work that waits for a word from the person. */
  readonly shown = $derived(
    this.all.filter((job) => isLive(job) || (isResumable(job) && !this.#hidden.has(job.id))),
  );

  async load(): Promise<void> {
    for (const job of await this.#client.call('jobs.list', { projectId: null })) {
      if (job.state === 'failed' && !this.#byId.has(job.id)) this.hide(job.id);
      this.take(job);
    }
  }

  /** Takes a record in; the one it replaced, or null when it is older than what is known. */
  take(job: JobRecord): { previous: JobRecord | undefined } | null {
    const previous = this.#byId.get(job.id);
    if (previous && previous.seq >= job.seq) return null;
    this.#byId.set(job.id, job);
    return { previous };
  }

  get(jobId: string | null): JobRecord | null {
    return jobId === null ? null : (this.#byId.get(jobId) ?? null);
  }

  /** The newest job of a kind in a project, for one subject where given. */
  latest(projectId: string, kind: JobRecord['kind'], subjectId?: string): JobRecord | null {
    return (
      this.all.find(
        (job) =>
          job.projectId === projectId &&
          job.kind === kind &&
          (subjectId === undefined || job.subjectId === subjectId),
      ) ?? null
    );
  }

  /** The newest job of a kind while it is not done with: neither succeeded nor cancelled. */
  unfinished(projectId: string, kind: JobRecord['kind']): JobRecord | null {
    const latest = this.latest(projectId, kind);
    return latest?.state === 'succeeded' || latest?.state === 'cancelled' ? null : latest;
  }

  hide(jobId: string): void {
    this.#hidden.add(jobId);
  }

  isHidden(jobId: string): boolean {
    return this.#hidden.has(jobId);
  }

  async pause(jobId: string): Promise<void> {
    this.take(await this.#client.call('jobs.pause', { jobId }));
  }
  async resume(jobId: string): Promise<void> {
    this.take(await this.#client.call('jobs.resume', { jobId }));
  }
  async cancel(jobId: string): Promise<void> {
    this.take(await this.#client.call('jobs.cancel', { jobId }));
  }
}
