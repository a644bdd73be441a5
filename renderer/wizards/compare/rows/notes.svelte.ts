import { SvelteMap } from 'svelte/reactivity';
import type { App } from '../../../lib/app.svelte.ts';
import { toFailure } from '../../../lib/failure.ts';
import type { StudioFailure } from '../../../lib/failure.ts';

/** Milliseconds of rest after which what is typed is saved. */
const rest = 400;

/** A note as it was typed. */
interface Draft {
  readonly text: string;
  readonly state: 'typed' | 'saving' | 'saved';
}

/**
 * Notes on rows of a project, saved as one types. What is typed stays here until main has it, whatever
 * row or screen is looked at meanwhile; what can't be saved is kept and tried again with the next word
 * or when asked for.
 */
export class Notes {
  failure = $state.raw<StudioFailure | null>(null);
  readonly #drafts = new SvelteMap<number, Draft>();
  readonly #app: App;
  readonly #projectId: string;
  /** The row that is looked at: what was typed there is shown until it is left. */
  #open: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Saved one after another: an older text never comes behind a newer one. */
  #queue: Promise<void> = Promise.resolve();

  constructor(app: App, projectId: string) {
    this.#app = app;
    this.#projectId = projectId;
  }

  /** Says which row is looked at; what was typed on others is saved now. */
  open(exampleId: number | null): void {
    if (this.#open === exampleId) return;
    this.#open = exampleId;
    for (const [id, { state }] of [...this.#drafts]) {
      if (state === 'saved') this.#drafts.delete(id);
    }
    if (this.#drafts.size > 0) void this.save();
  }

  /** What was typed for a row; null where main has all there is. */
  draft(exampleId: number): Draft | null {
    return this.#drafts.get(exampleId) ?? null;
  }

  write(exampleId: number, text: string): void {
    this.#drafts.set(exampleId, { text, state: 'typed' });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), rest);
  }

  /** Saves at once what is not saved yet. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#queue = this.#queue.then(() => this.#saveAll());
    return this.#queue;
  }

  async #saveAll(): Promise<void> {
    for (const [exampleId, { text, state }] of [...this.#drafts]) {
      if (state === 'saved') continue;
      this.#drafts.set(exampleId, { text, state: 'saving' });
      try {
        const projectId = this.#projectId;
        await this.#app.client.call('compare.saveNote', { projectId, exampleId, note: text });
        this.failure = null;
        this.#settle(exampleId, text, 'saved');
      } catch (caught) {
        this.failure = toFailure(caught);
        this.#settle(exampleId, text, 'typed');
        return;
      }
    }
  }

  /** What was typed meanwhile waits for its own turn. */
  #settle(exampleId: number, text: string, state: Draft['state']): void {
    if (this.#drafts.get(exampleId)?.text !== text) return;
    if (state === 'saved' && exampleId !== this.#open) this.#drafts.delete(exampleId);
    else this.#drafts.set(exampleId, { text, state });
  }
}

const kept = new WeakMap<App, Record<string, Notes>>();

/** The notes of a project: the same each time its screen is opened. */
export function notesOf(app: App, projectId: string): Notes {
  const ofApp = kept.get(app) ?? {};
  kept.set(app, ofApp);
  return (ofApp[projectId] ??= new Notes(app, projectId));
}
