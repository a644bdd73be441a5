import type { CallName } from '../../electron/contract/calls.ts';
import { StudioFailure } from './failure.ts';

/** What the client knows of its link to main. `locked`: this page has no valid session. */
export type Connection = 'open' | 'lost' | 'locked';

export interface Listener {
  event(event: unknown): void;
  connection(state: Connection): void;
}

/** Where a file stands that is uploaded as part of a folder. */
export interface FolderPlace {
  /** The same for every file of one folder: chosen by the page, never a path. */
  readonly key: string;
  /** The folder's name. */
  readonly name: string;
  /** Of the file below the folder, with `/` between names. */
  readonly path: string;
}

/** One way to reach main. Answers and events arrive unchecked: the client parses them. */
export interface Transport {
  readonly kind: 'bridge' | 'http';
  invoke(name: CallName, input: unknown): Promise<unknown>;
  listen(listener: Listener): () => void;
  /** Sends a file's bytes; null where main opens its own file dialog instead. */
  readonly upload: ((file: File, place: FolderPlace | null) => Promise<unknown>) | null;
}

/** What the preload exposes, and nothing more. */
export interface Bridge {
  invoke(name: CallName, input: unknown): Promise<unknown>;
  on(listener: (event: unknown) => void): () => void;
}

/** Electron: through the preload. */
export function bridgeTransport(bridge: Bridge): Transport {
  return {
    kind: 'bridge',
    invoke: (name, input) => bridge.invoke(name, input),
    listen({ event, connection }) {
      connection('open');
      return bridge.on(event);
    },
    upload: null,
  };
}

/** What the transport uses of an `EventSource`. */
export interface EventStream {
  readonly readyState: number;
  readonly CLOSED: number;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  onerror: ((event: Event) => void) | null;
  close(): void;
}

/** The parts of a browser that the HTTP transport uses; passed in, so that tests can stand in for them. */
export interface Web {
  fetch(path: string, init: RequestInit): Promise<Response>;
  eventSource(path: string): EventStream;
}

const browser: Web = {
  fetch: (path, init) => fetch(path, init),
  eventSource: (path) => new EventSource(path),
};

const reconnectDelay = 2_000;

/** Browser mode: loopback HTTP, with server-sent events from main. */
export function httpTransport(web: Web = browser): Transport {
  const send = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await web.fetch(path, { ...init, credentials: 'same-origin' }).catch(() => {
      throw new StudioFailure(
        'connection-lost',
        'Stepwise Studio does not answer.',
        'Check that it is still running in the terminal, then try again.',
      );
    });
    if (response.status === 401 || response.status === 403) {
      throw new StudioFailure(
        'not-signed-in',
        'This page is not signed in to Stepwise Studio.',
        'Open the address printed in the terminal again.',
      );
    }
    return response.json().catch(() => {
      throw new StudioFailure(
        'internal',
        `Stepwise Studio gave an answer that could not be read (status ${response.status}).`,
        'Try again; if it happens again, start it anew.',
      );
    });
  };
  return {
    kind: 'http',
    invoke: (name, input) =>
      send(`/call/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-stepwise': '1' },
        body: JSON.stringify(input),
      }),
    listen: (listener) => listenToEvents(web, listener),
    upload: (file, place) =>
      send(`/files?${uploadQuery(file, place)}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream', 'x-stepwise': '1' },
        body: file,
      }),
  };
}

function uploadQuery(file: File, place: FolderPlace | null): string {
  const words =
    place === null
      ? { name: file.name }
      : { name: place.name, folder: place.key, path: place.path };
  return Object.entries(words)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');
}

/**
 * An EventSource reconnects by itself after a broken line, but gives up for good when it is refused;
 * then it is opened anew, so that the page comes back when main does.
 */
function listenToEvents(web: Web, { event, connection }: Listener): () => void {
  let source: EventStream;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = web.eventSource('/events');
    source.onopen = () => connection('open');
    source.onmessage = ({ data }) => event(parseJson(data));
    source.onerror = () => {
      connection('lost');
      if (source.readyState === source.CLOSED) timer = setTimeout(open, reconnectDelay);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Broken JSON becomes null, which the client's schema refuses. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
