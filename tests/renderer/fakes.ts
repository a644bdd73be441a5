import type { CallName, CallOutput } from '../../electron/contract/calls.ts';
import type { ErrorValue } from '../../electron/contract/errors.ts';
import { App, appKey } from '../../renderer/lib/app.svelte.ts';
import { Client } from '../../renderer/lib/client.ts';
import type { FolderPlace, Listener, Transport } from '../../renderer/lib/transport.ts';

/** What a fake main answers to a call: a value, or a failure. */
export type Answers = {
  [N in CallName]?: (input: unknown) => CallOutput<N> | { failure: ErrorValue };
};

/** A transport that answers from a table, records what it was asked, and sends events on demand. */
export class FakeTransport implements Transport {
  readonly kind = 'http';
  readonly asked: { name: CallName; input: unknown }[] = [];
  readonly uploaded: string[] = [];
  /** Where each uploaded file stands in a folder; null for a file by itself. */
  readonly places: (FolderPlace | null)[] = [];
  readonly upload = (file: File, place: FolderPlace | null): Promise<unknown> => {
    this.uploaded.push(file.name);
    this.places.push(place);
    const single = this.uploaded.length === 1 || place !== null;
    const fileId = single ? 'f1' : `f${this.uploaded.length}`;
    const value = { fileId, name: place?.name ?? file.name, bytes: file.size };
    return Promise.resolve({ ok: true, value });
  };
  listener: Listener | null = null;
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  invoke(name: CallName, input: unknown): Promise<unknown> {
    this.asked.push({ name, input });
    const answer = this.#answers[name];
    if (!answer) return Promise.reject(new Error(`The fake has no answer to ${name}.`));
    const value = answer(input);
    const failed = typeof value === 'object' && value !== null && 'failure' in value;
    return Promise.resolve(failed ? { ok: false, error: value.failure } : { ok: true, value });
  }

  listen(listener: Listener): () => void {
    this.listener = listener;
    return () => (this.listener = null);
  }

  inputsOf(name: CallName): unknown[] {
    return this.asked.filter((each) => each.name === name).map((each) => each.input);
  }
}

/** An app that talks to the fake, and the context that hands it to a component under test. */
export function inApp(transport: FakeTransport) {
  const app = new App(new Client(transport));
  return { app, context: new Map<symbol, unknown>([[appKey, app]]) };
}
