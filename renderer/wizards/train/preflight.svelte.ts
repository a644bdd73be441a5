import type { Method, Preflight, RunSettings } from '../../../electron/contract/entities.ts';
import type { Client } from '../../lib/client.ts';
import { toFailure } from '../../lib/failure.ts';
import type { StudioFailure } from '../../lib/failure.ts';
import { same } from './changes.ts';
import type { RunRequest, TrainDraft } from './draft.svelte.ts';

/** What was asked about one method, and what came of it. */
export interface Checked {
  readonly method: Method;
  readonly request: RunRequest;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly result: Preflight | null;
  readonly failure: StudioFailure | null;
}

/** The check before a start: one method after another, since trials at once would slow each other down. */
export class PreflightCheck {
  checks = $state.raw<readonly Checked[]>([]);
  running = $state(false);
  readonly #client: Client;
  readonly #draft: TrainDraft;
  /** Raised by every new wish: a check that was overtaken says nothing any more. */
  #turn = 0;

  constructor(client: Client, draft: TrainDraft) {
    this.#client = client;
    this.#draft = draft;
  }

  /** Whether what is shown was asked for the settings as they stand. */
  get current(): boolean {
    const { methods } = this.#draft;
    return (
      this.checks.length === methods.length &&
      this.checks.every(({ method, request }) => same(request, this.#draft.requestOf(method)))
    );
  }

  /** Seconds of all trainings together; null until each was timed. */
  get seconds(): number | null {
    const results = this.checks.flatMap(({ result }) => (result ? [result] : []));
    if (results.length === 0 || results.length < this.checks.length) return null;
    return results.reduce((sum, { time }) => sum + time.total, 0);
  }

  /** Texts that were cut where most were. */
  get cut(): Preflight['cut'] | null {
    const all = this.checks.flatMap(({ result }) => (result ? [result.cut] : []));
    const total = ({ inputs, labels, rationales }: Preflight['cut']) =>
      inputs + labels + rationales;
    return all.toSorted((a, b) => total(b) - total(a))[0] ?? null;
  }

  /** Checks what stands now, unless just that was checked or is being checked. */
  async begin(): Promise<void> {
    if (!this.current) await this.run();
  }

  /** Checks every chosen method anew. */
  async run(): Promise<void> {
    const turn = ++this.#turn;
    this.running = true;
    this.checks = this.#draft.methods.map((method) => ({
      ...{ method, request: this.#draft.requestOf(method) },
      ...{ state: 'waiting', result: null, failure: null },
    }));
    for (const { method, request } of this.checks) {
      this.#change(method, { state: 'running' });
      const outcome = await this.#ask(request);
      if (turn !== this.#turn) return;
      this.#change(method, outcome);
    }
    this.running = false;
  }

  /** Asks no further: the wizard is left, or the runs begin. */
  stop(): void {
    this.#turn += 1;
    if (!this.running) return;
    this.running = false;
    this.checks = [];
  }

  /** Takes the batch that was found. What was timed was timed with it, so nothing is asked anew. */
  use({ batch }: Preflight): void {
    if (!this.current) return;
    this.#draft.set('batchSize', batch.size);
    this.#draft.set('accumulate', batch.accumulate);
    this.checks = this.checks.map((check) => ({
      ...check,
      request: this.#draft.requestOf(check.method),
    }));
  }

  async #ask(request: RunRequest): Promise<Pick<Checked, 'state' | 'result' | 'failure'>> {
    try {
      const result = await this.#client.call('runs.preflight', request);
      return { state: 'done', result, failure: null };
    } catch (caught) {
      return { state: 'failed', result: null, failure: toFailure(caught) };
    }
  }

  #change(method: Method, change: Partial<Checked>): void {
    this.checks = this.checks.map((check) =>
      check.method === method ? { ...check, ...change } : check,
    );
  }
}

/** Whether a run would train with the batch that the check found. */
export const usesBatch = (
  { batch }: Preflight,
  settings: Pick<RunSettings, 'batchSize' | 'accumulate'>,
): boolean => settings.batchSize === batch.size && settings.accumulate === batch.accumulate;
