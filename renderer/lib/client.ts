import { z } from 'zod';
import { calls } from '../../electron/contract/calls.ts';
import type { CallInput, CallName, CallOutput } from '../../electron/contract/calls.ts';
import { FileHandle } from '../../electron/contract/entities.ts';
import { ErrorValue } from '../../electron/contract/errors.ts';
import { events } from '../../electron/contract/events.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { StudioFailure, toFailure } from './failure.ts';
import type { FileInFolder } from './picked.ts';
import { bridgeTransport, httpTransport } from './transport.ts';
import type { Bridge, Connection, FolderPlace, Transport } from './transport.ts';

declare global {
  interface Window {
    /** Present in Electron, put there by the preload. */
    stepwise?: Bridge;
  }
}

// The content security policy forbids `new Function`, which zod would otherwise probe for.
z.config({ jitless: true });

const Reply = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorValue }),
]);

const EventMessage = z.discriminatedUnion('name', [
  z.object({ name: z.literal('job'), payload: events.job }),
  z.object({ name: z.literal('saved'), payload: events.saved }),
]);

/** The table of calls, seen from the side that reads answers. */
const outputs: { readonly [N in CallName]: { readonly output: z.ZodType<CallOutput<N>> } } = calls;

/** The one way screens talk to main: the same calls and events over either transport. */
export class Client {
  /** Whether files are chosen in main's own dialog; otherwise the page uploads them. */
  readonly choosesFiles: boolean;
  readonly #transport: Transport;
  readonly #onConnection = new Set<(state: Connection) => void>();

  constructor(transport: Transport) {
    this.#transport = transport;
    this.choosesFiles = transport.upload === null;
  }

  /** The client of this window: through the preload in Electron, else over HTTP. */
  static forWindow(): Client {
    return new Client(window.stepwise ? bridgeTransport(window.stepwise) : httpTransport());
  }

  /** @throws StudioFailure: what main answered, or that it could not be reached */
  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const reply = await this.#ask(() => this.#transport.invoke(name, input));
    return parse(outputs[name].output, reply);
  }

  /** Listens until the returned function is called; a new listener first gets every unsettled job. */
  on(listener: (event: StudioEvent) => void): () => void {
    return this.#transport.listen({
      event: (message) => {
        const parsed = EventMessage.safeParse(message);
        if (parsed.success) listener(parsed.data);
        else console.error('An event could not be read.', parsed.error);
      },
      connection: (state) => this.#tell(state),
    });
  }

  /** Called whenever the link to main opens, breaks or is refused. */
  onConnection(listener: (state: Connection) => void): () => void {
    this.#onConnection.add(listener);
    return () => this.#onConnection.delete(listener);
  }

  /** Main's own file dialog (Electron); null when the person closes it. */
  chooseFile(): Promise<FileHandle | null> {
    return this.call('files.choose', {});
  }

  /** Main's own dialog for a folder (Electron); null when the person closes it. */
  chooseFolder(): Promise<FileHandle | null> {
    return this.call('files.chooseFolder', {});
  }

  /** Hands a file of this page to main (browser mode). */
  upload(file: File): Promise<FileHandle> {
    return this.#upload(file, null);
  }

  /** Hands a folder's files to main, one after the other; main holds them as one folder. */
  async uploadFolder(name: string, files: readonly FileInFolder[]): Promise<FileHandle> {
    const key = crypto.randomUUID();
    let handle: FileHandle | null = null;
    for (const { path, file } of files) {
      handle = await this.#upload(file, { key, name, path });
    }
    if (handle !== null) return handle;
    throw new StudioFailure(
      'file-empty',
      `The folder “${name}” is empty.`,
      'Choose a folder with one text file per row.',
    );
  }

  async #upload(file: File, place: FolderPlace | null): Promise<FileHandle> {
    const { upload } = this.#transport;
    if (upload === null) {
      throw new StudioFailure(
        'invalid-input',
        'This window opens files through its own dialog.',
        'Use the button that chooses a file.',
      );
    }
    return parse(FileHandle, await this.#ask(() => upload(file, place)));
  }

  /** The value of a reply. @throws StudioFailure */
  async #ask(send: () => Promise<unknown>): Promise<unknown> {
    try {
      const reply = parse(Reply, await send());
      if (reply.ok) return reply.value;
      throw StudioFailure.from(reply.error);
    } catch (caught) {
      const failure = toFailure(caught);
      if (failure.code === 'not-signed-in') this.#tell('locked');
      if (failure.code === 'connection-lost') this.#tell('lost');
      throw failure;
    }
  }

  #tell(state: Connection): void {
    for (const listener of this.#onConnection) listener(state);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioFailure(
    'internal',
    'The answer does not fit what this page expects.',
    'The page and the program behind it may be of two versions: reload the page.',
  );
}
