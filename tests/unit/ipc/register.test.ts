import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../../electron/contract/events.ts';
import { channels, registerIpc } from '../../../electron/ipc/register.ts';
import type { EventTarget, IpcMainLike } from '../../../electron/ipc/register.ts';

/** A page as Electron sees it: what was sent to it, and whether it is gone. */
class Page implements EventTarget {
  readonly received: { channel: string; event: StudioEvent }[] = [];
  readonly #onDestroyed: (() => void)[] = [];
  #destroyed = false;

  isDestroyed(): boolean {
    return this.#destroyed;
  }
  send(channel: string, event: StudioEvent): void {
    if (this.#destroyed) throw new Error('Object has been destroyed');
    this.received.push({ channel, event });
  }
  once(_event: 'destroyed', listener: () => void): void {
    this.#onDestroyed.push(listener);
  }
  destroy(): void {
    this.#destroyed = true;
    for (const listener of this.#onDestroyed) listener();
  }
}

interface Event {
  readonly sender: Page;
  readonly url: string;
}

function connect() {
  const handlers = new Map<string, (event: Event, ...args: unknown[]) => unknown>();
  const ipcMain: IpcMainLike<Event> = {
    handle: (channel, listener) => handlers.set(channel, listener),
    on: (channel, listener) => handlers.set(channel, listener),
  };
  const asked: unknown[] = [];
  const listeners = new Set<(event: StudioEvent) => void>();
  registerIpc(
    ipcMain,
    {
      call: (name, input) => {
        asked.push([name, input]);
        if (name === 'broken') throw new Error('broken');
        return Promise.resolve({ ok: true, value: {} });
      },
      on: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    (event) => event.url === 'app://studio/',
  );
  const send = (channel: string, event: Event, ...args: unknown[]) =>
    handlers.get(channel)?.(event, ...args);
  const tell = (event: StudioEvent) => {
    for (const listener of listeners) listener(event);
  };
  return { send, asked, listeners, tell };
}

const trusted = (sender = new Page()): Event => ({ sender, url: 'app://studio/' });
const foreign = (sender = new Page()): Event => ({ sender, url: 'https://example.org/' });
const saved: StudioEvent = { name: 'saved', payload: { projectId: null, area: 'runs', seq: 1 } };

describe('registerIpc', () => {
  it('passes a call of the own page on and answers it', async () => {
    const { send, asked } = connect();
    expect(await send(channels.call, trusted(), 'app.info', {})).toEqual({ ok: true, value: {} });
    expect(asked).toEqual([['app.info', {}]]);
  });

  it('refuses a foreign sender and a name that is no text, without asking the studio', async () => {
    const { send, asked } = connect();
    for (const answer of [
      await send(channels.call, foreign(), 'app.info', {}),
      await send(channels.call, trusted(), { toString: () => 'app.info' }, {}),
      await send(channels.call, trusted()),
    ]) {
      expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    }
    expect(asked).toEqual([]);
  });

  it('answers even when the studio itself throws', async () => {
    const { send } = connect();
    expect(await send(channels.call, trusted(), 'broken', {})).toMatchObject({
      ok: false,
      error: { code: 'internal' },
    });
  });

  it('sends events to a page that asked for them, and to no other', () => {
    const { send, tell } = connect();
    const page = new Page();
    const other = new Page();
    send(channels.subscribe, trusted(page));
    send(channels.subscribe, foreign(other));
    tell(saved);
    expect(page.received).toEqual([{ channel: channels.event, event: saved }]);
    expect(other.received).toEqual([]);
  });

  it('keeps one subscription for a page that is loaded again, and none for one that is gone', () => {
    const { send, tell, listeners } = connect();
    const page = new Page();
    send(channels.subscribe, trusted(page));
    send(channels.subscribe, trusted(page));
    tell(saved);
    expect(page.received).toHaveLength(1);
    page.destroy();
    expect(listeners.size).toBe(0);
    expect(() => tell(saved)).not.toThrow();
  });
});
