import { getContext } from 'svelte';
import type { AppInfo } from '../../electron/contract/calls.ts';
import type { EventPayload } from '../../electron/contract/events.ts';
import type { JobRecord } from '../../electron/contract/jobs.ts';
import type { Client } from './client.ts';
import { StudioFailure, toFailure } from './failure.ts';
import { i18n } from './i18n/index.svelte.ts';
import { jobStep, jobTitle } from './job-words.ts';
import { isLive, Jobs } from './jobs.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { PreferenceState } from './preferences.svelte.ts';
import { Resource } from './resource.svelte.ts';
import { Router } from './router.svelte.ts';
import type { Connection } from './transport.ts';

export type Area = EventPayload<'saved'>['area'];
type SavedListener = (area: Area, projectId: string | null) => void;

const refreshDelay = 250;

/** Calls that come close together become one, a moment later: a training saves several times a second. */
function soon(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, refreshDelay);
  };
}

/** Everything the screens share: one client, and what it is told. */
export class App {
  readonly client: Client;
  readonly jobs: Jobs;
  readonly preferences: PreferenceState;
  readonly router = new Router();
  readonly notices = new Notices();
  readonly projects;
  /** Of the project that is open. */
  readonly overview;
  info = $state.raw<AppInfo | null>(null);
  ready = $state(false);
  startFailure = $state.raw<StudioFailure | null>(null);
  connection = $state<Connection>('open');
  #savedListeners: readonly SavedListener[] = [];
  #probing = false;
  readonly #overviewSoon = soon(() => void this.overview.load());

  constructor(client: Client) {
    this.client = client;
    this.jobs = new Jobs(client);
    this.preferences = new PreferenceState(client);
    this.projects = new Resource(() => client.call('projects.list', {}));
    this.overview = new Resource(async () => {
      const projectId = this.projectId;
      return projectId === null ? null : client.call('projects.overview', { projectId });
    });
  }

  get projectId(): string | null {
    const { route } = this.router;
    return route.at === 'project' ? route.projectId : null;
  }

  /** Opens the workspace and listens until the returned function is called. */
  start(): () => void {
    const stops = [
      this.router.start(),
      this.client.onConnection((state) => this.#connected(state)),
      this.client.on((event) => {
        if (event.name === 'job') this.#job(event.payload);
        else this.#saved(event.payload.area, event.payload.projectId);
      }),
    ];
    void this.open();
    return () => stops.forEach((stop) => stop());
  }

  /** Loads what the frame shows; called again after a lost connection. */
  async open(): Promise<void> {
    try {
      await this.preferences.load();
      this.info = await this.client.call('app.info', {});
      await this.projects.load();
      if (this.projects.failure) throw this.projects.failure;
      await this.jobs.load();
      this.startFailure = null;
      this.ready = true;
      this.connection = 'open';
    } catch (caught) {
      if (!this.ready) this.startFailure = toFailure(caught);
    }
  }

  /** Calls back after rows of these areas were saved in the open project (or in none in particular). */
  onSaved(areas: readonly Area[], callback: () => void): () => void {
    const listener: SavedListener = (area, projectId) => {
      if (areas.includes(area) && (projectId === null || projectId === this.projectId)) callback();
    };
    this.#savedListeners = [...this.#savedListeners, listener];
    return () => {
      this.#savedListeners = this.#savedListeners.filter((each) => each !== listener);
    };
  }

  /** Does something the person asked for outside a form; a failure becomes a notice. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (caught) {
      const failure = toFailure(caught);
      this.notices.bad(failure.message, failure);
      return false;
    }
  }

  #connected(state: Connection): void {
    const before = this.connection;
    if (before === 'locked' && state === 'lost') return;
    this.connection = state;
    // A broken event stream does not say why; a call does: main is gone, or forgot this page.
    if (state === 'lost') void this.#probe();
    if (state === 'open' && before !== 'open') void this.open().then(() => this.#refreshAll());
  }

  async #probe(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    try {
      this.info = await this.client.call('app.info', {});
    } catch (caught) {
      // The client has told why by way of the connection; anything else is worth a word.
      const failure = toFailure(caught);
      if (failure.code === 'connection-lost' || failure.code === 'not-signed-in') return;
      this.notices.bad(failure.message, failure);
    } finally {
      this.#probing = false;
    }
  }

  #refreshAll(): void {
    const areas: Area[] = [
      ...(['data', 'teacher', 'rationales', 'splits'] as const),
      ...(['runs', 'studies', 'compare', 'exports'] as const),
    ];
    for (const area of areas) this.#saved(area, null);
  }

  #saved(area: Area, projectId: string | null): void {
    if (area === 'projects') void this.projects.load();
    for (const listener of this.#savedListeners) listener(area, projectId);
    this.#refreshOverview();
  }

  #job(job: JobRecord): void {
    const taken = this.jobs.take(job);
    if (taken === null || isLive(job)) return;
    if (isLive(taken.previous)) this.#announceEnd(job);
    this.#refreshOverview();
  }

  #announceEnd(job: JobRecord): void {
    const { t } = i18n;
    const step = jobStep(job.kind);
    const link = this.router.step(job.projectId, step);
    const { route } = this.router;
    const seen = this.projectId === job.projectId && 'step' in route && route.step === step;
    // Checks begin by themselves, after answers and edits: nobody waits for word of them.
    if (job.state === 'succeeded' && !seen && job.kind !== 'check')
      this.notices.good(t.jobs.succeeded(jobTitle(job)), link);
    // The step's own screen tells of a failure by itself, except that of one run among several.
    if (job.state === 'failed' && (!seen || job.kind === 'train')) {
      const failure = job.error ? StudioFailure.from(job.error) : null;
      this.notices.bad(t.jobs.failed(jobTitle(job)), failure, link);
    }
  }

  #refreshOverview(): void {
    if (this.projectId !== null) this.#overviewSoon();
  }
}

export const appKey = Symbol('app');
export const getApp = (): App => getContext<App>(appKey);

/**
 * A resource of the component that calls this: asked when the component appears, again when what
 * the question reads changes, and again when rows of `areas` are saved.
 */
export function useResource<T>(fetch: () => Promise<T>, areas: readonly Area[] = []): Resource<T> {
  const app = getApp();
  const resource = new Resource(fetch);
  $effect(() => {
    void resource.load();
  });
  const reload = soon(() => void resource.load());
  $effect(() => app.onSaved(areas, reload));
  return resource;
}
