import type { Part } from '../../../../electron/contract/basics.ts';
import type {
  JudgeChoice,
  JudgePair,
  JudgeProgress,
  JudgeResult,
  SystemKey,
} from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';
import { i18n } from '../../../lib/i18n/index.svelte.ts';
import { Action } from '../../../lib/resource.svelte.ts';

export interface JudgedSystems {
  readonly projectId: string;
  readonly splitId: string;
  readonly part: Part;
  readonly a: SystemKey;
  readonly b: SystemKey;
}

/** Judging two systems: the question that is asked, and what came of it so far. */
export class Judging {
  readonly judged: JudgedSystems;
  pair = $state.raw<JudgePair | null>(null);
  progress = $state.raw<JudgeProgress | null>(null);
  /** Shown only after somebody asked for it. */
  result = $state.raw<JudgeResult | null>(null);
  /** Said to a screen reader after each step. */
  said = $state('');
  readonly action = new Action();
  /** What is being saved at this moment. */
  #saving: Promise<unknown> = Promise.resolve();
  readonly #client: Client;

  constructor(client: Client, judged: JudgedSystems) {
    this.#client = client;
    this.judged = judged;
  }

  open(): Promise<boolean> {
    return this.action.run(async () => {
      this.progress = await this.#client.call('judge.progress', this.judged);
      this.pair = await this.#client.call('judge.next', this.judged);
    });
  }

  choose(choice: JudgeChoice): Promise<boolean> {
    const { pair } = this;
    if (pair === null) return Promise.resolve(false);
    // Pressed while the next pair is on its way it is meant for none that was seen, and does nothing.
    return this.#under(async () => {
      const { exampleId } = pair;
      const judged = await this.#client.call('judge.save', { ...this.judged, exampleId, choice });
      this.pair = await this.#client.call('judge.next', this.judged);
      this.progress = judged;
      const w = i18n.t.judge;
      this.said = this.pair === null ? w.done : w.next(this.pair.externalId);
      await this.#refresh();
    });
  }

  /** Pressed while a judgement is being saved, it takes that one back. */
  async undo(): Promise<boolean> {
    await this.#saving;
    return this.#under(async () => {
      const again = await this.#client.call('judge.undo', this.judged);
      const w = i18n.t.judge;
      this.said = again === null ? w.nothingToUndo : w.again(again.externalId);
      if (again === null) return;
      this.pair = again;
      this.progress = await this.#client.call('judge.progress', this.judged);
      await this.#refresh();
    });
  }

  reveal(): Promise<boolean> {
    return this.action.run(async () => {
      this.result = await this.#client.call('judge.result', this.judged);
      this.progress = await this.#client.call('judge.progress', this.judged);
    });
  }

  hide(): void {
    this.result = null;
  }

  #under(work: () => Promise<void>): Promise<boolean> {
    const saving = this.action.run(work);
    // A press that was passed over ends at once, and is nothing to wait for.
    if (this.action.busy) this.#saving = Promise.all([this.#saving, saving]);
    return saving;
  }

  /** A result that is on screen stays true to what was judged since. */
  async #refresh(): Promise<void> {
    if (this.result !== null) {
      this.result = await this.#client.call('judge.result', this.judged);
    }
  }
}
