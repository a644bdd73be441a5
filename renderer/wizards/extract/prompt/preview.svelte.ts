import type { PromptPreview } from '../../../../electron/contract/entities.ts';
import type { Client } from '../../../lib/client.ts';
import { Resource } from '../../../lib/resource.svelte.ts';
import type { PromptDraft } from './template.svelte.ts';

/** From the last key to the question, in milliseconds: a word is not composed letter by letter. */
export const rest = 300;

/** The prompt of one row as it would be sent, composed anew a moment after something changed. */
export class LivePreview {
  /** Place of the row among all rows, from 0. */
  place = $state(0);
  readonly row;
  readonly answer: Resource<PromptPreview | null>;

  constructor(
    client: Client,
    given: { prompt: PromptDraft; teacherId: () => string | null; maxTokens: () => number },
  ) {
    const { prompt } = given;
    this.row = new Resource(async () => {
      const { projectId } = prompt;
      return client.call('examples.page', { projectId, offset: this.place, limit: 1 });
    });
    this.answer = new Resource(async () => {
      const exampleId = this.example?.id;
      if (prompt.template === null || exampleId === undefined) return null;
      return client.call('templates.preview', {
        template: $state.snapshot(prompt.template),
        exampleId,
        teacherId: given.teacherId(),
        maxTokens: given.maxTokens(),
      });
    });
    $effect(() => {
      void this.row.load();
    });
    $effect(() => {
      // Everything that decides the prompt is read here, so that a change of it begins the wait.
      $state.snapshot(prompt.template);
      given.teacherId();
      given.maxTokens();
      if (this.example === null || !prompt.complete) return;
      const timer = setTimeout(() => void this.answer.load(), rest);
      return () => clearTimeout(timer);
    });
  }

  get example() {
    return this.row.value?.rows[0] ?? null;
  }

  get total(): number {
    return this.row.value?.total ?? 0;
  }

  get warnings() {
    return this.answer.value?.warnings ?? [];
  }

  /** To the row after or before this one. */
  step(by: 1 | -1): void {
    if (this.total > 0) this.place = (this.place + by + this.total) % this.total;
  }
}
