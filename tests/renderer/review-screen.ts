import { fireEvent, render, screen } from '@testing-library/svelte';
import type { CallName } from '../../electron/contract/calls.ts';
import { everyRow } from '../../electron/contract/entities.ts';
import type { RowQuery } from '../../electron/contract/entities.ts';
import ReviewBrowser from '../../renderer/wizards/rationales/review/ReviewBrowser.svelte';
import { extraction } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { FakeReview } from './review-rows.ts';
import { project } from './rows.ts';

/** A transport whose answers to one call can be kept back for a while. */
export class SlowTransport extends FakeTransport {
  #held: CallName | null = null;
  #waiting: (() => void)[] = [];

  hold(name: CallName): void {
    this.#held = name;
  }

  /** Lets go what was kept back, and keeps back no more. */
  release(): void {
    this.#held = null;
    for (const go of this.#waiting.splice(0)) go();
  }

  override async invoke(name: CallName, input: unknown): Promise<unknown> {
    const answer = super.invoke(name, input);
    if (name === this.#held) await new Promise<void>((go) => this.#waiting.push(go));
    return answer;
  }
}

/** The review of so many rows, and what a person at a keyboard does with it. */
export async function reviewOf(count: number, query: RowQuery = everyRow) {
  const main = new FakeReview(count);
  const transport = new SlowTransport(main.answers);
  const { app, context } = inApp(transport);
  const queries: RowQuery[] = [];
  const props = {
    project: project({ labels: ['red', 'blue', 'green'] }),
    extraction: extraction(),
    query,
    onquery: (next: RowQuery) => {
      queries.push(next);
      void rendered.rerender({ query: next });
    },
  };
  const rendered = render(ReviewBrowser, { props, context });
  await screen.findByTestId('row-card');
  const press = (key: string, more: KeyboardEventInit = {}) =>
    fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
  const card = () => screen.getByTestId('row-card').getAttribute('aria-label');
  const ask = (next: RowQuery) => rendered.rerender({ query: next });
  return { main, transport, app, press, card, queries, ask };
}
