import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sirv from 'sirv';
import { calls } from './contract/calls.ts';
import type { CallName } from './contract/calls.ts';
import type { FileHandle } from './contract/entities.ts';
import { StudioError, toErrorValue } from './contract/errors.ts';
import type { ErrorCode } from './contract/errors.ts';
import { parseJson } from './core/json.ts';
import { version } from './core/version.ts';
import { createStudio } from './ipc/studio.ts';
import type { Studio } from './ipc/studio.ts';
import { nodeWorkerHost } from './jobs/host-node.ts';
import { guardCrashes } from './shell/crash.ts';
import { sendDataExport } from './shell/download.ts';
import { streamEvents } from './shell/event-stream.ts';
import { Gate } from './shell/gate.ts';
import type { Refusal } from './shell/gate.ts';
import { readBody, sendJson, sendRefusal, sendText } from './shell/http.ts';
import { securityHeaders } from './shell/security.ts';
import { FolderUploads, largestUpload, receiveFile, shownName } from './shell/upload.ts';
import { defaultWorkspace } from './shell/workspace.ts';

export { defaultWorkspace } from './shell/workspace.ts';

/** Bytes a call's arguments may have; files go through `PUT /files` instead. */
const largestCall = 8 * 1024 ** 2;
/** The same for text that is pasted. */
const largestPaste = 160 * 1024 ** 2;
/** Connections at a time; a page needs about ten. Those over it are closed at once. */
const mostConnections = 128;
/** Milliseconds in which a request has to say what it wants. */
const slowestHeaders = 10_000;
const builtScreens = fileURLToPath(new URL('../out/renderer', import.meta.url));
const workerPath = fileURLToPath(new URL('./jobs/worker.ts', import.meta.url));
const threadPath = fileURLToPath(new URL('./jobs/data-thread.ts', import.meta.url));

export interface ServerOptions {
  readonly workspace?: string;
  /** 0 for any free port. */
  readonly port?: number;
  /** Folder of the built screens. */
  readonly screens?: string;
  /** Bytes an uploaded file may have. */
  readonly uploadLimit?: number;
}

export interface RunningServer {
  /** The address to open, with a token that works once. */
  readonly url: string;
  readonly port: number;
  readonly workspace: string;
  /** Strikes every known key out of a text that is printed. */
  readonly redact: (text: string) => string;
  /** Another address for the same server; the one before it stops working if it was not used. */
  newAddress(): string;
  /** Ends connections, lets running jobs save what they have, closes the store. */
  close(): Promise<void>;
}

/**
 * Serves the studio to a browser on this machine: loopback only, one visitor at a time proven by a
 * one-time token, the same calls and events as the desktop application.
 *
 * @throws StudioError workspace-locked, workspace-unusable, store-newer, store-corrupt, invalid-input
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const workspace = resolve(options.workspace ?? defaultWorkspace());
  const studio = createStudio({
    workspace,
    mode: 'browser',
    version,
    host: nodeWorkerHost(workerPath),
    threadPath,
    keychain: null,
    chooseFile: null,
  });
  const server = createServer({
    headersTimeout: slowestHeaders,
    connectionsCheckingInterval: slowestHeaders / 2,
  });
  server.maxConnections = mostConnections;
  try {
    const port = await listen(server, options.port ?? 0);
    const gate = new Gate(port);
    server.on('request', requestHandler(studio, gate, options));
    const newAddress = () => `http://127.0.0.1:${port}/?token=${gate.issueToken()}`;
    return {
      url: newAddress(),
      port,
      workspace,
      redact: studio.redact,
      newAddress,
      async close() {
        const closed = new Promise<void>((done) => server.close(() => done()));
        server.closeAllConnections();
        await closed;
        await studio.close();
      },
    };
  } catch (error) {
    server.close();
    await studio.close();
    throw error;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return fail(cause);
      fail(
        new StudioError(
          'invalid-input',
          `Port ${port} can't be used here.`,
          'Choose another with --port, or leave it out to take any free one.',
          { cause },
        ),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function requestHandler(studio: Studio, gate: Gate, options: ServerOptions) {
  const sendScreen = screens(options.screens ?? builtScreens);
  const takeUpload = uploads(studio, options.uploadLimit ?? largestUpload);

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
    if (url === null) return sendText(response, 400, 'This address is malformed.');
    const visitor = { method, path: url.pathname, headers };

    const foreign = gate.refuseForeign(visitor);
    if (foreign) return refuse(response, visitor.path, foreign);
    const token = url.searchParams.get('token');
    if (method === 'GET' && url.pathname === '/' && token !== null) {
      const cookie = gate.exchange(token);
      // A second visit by the browser that already has the cookie is let in, not told off.
      if (cookie === null) {
        const stranger = gate.refuseStranger(visitor);
        if (stranger) return refuse(response, visitor.path, { ...stranger, status: 403 });
      }
      response.writeHead(303, {
        ...securityHeaders,
        location: '/',
        'cache-control': 'no-store',
        ...(cookie === null ? {} : { 'set-cookie': cookie }),
      });
      response.end();
      return;
    }
    const stranger = gate.refuseStranger(visitor);
    if (stranger) return refuse(response, visitor.path, stranger);

    if (method === 'POST' && url.pathname.startsWith('/call/')) {
      return answerCall(studio, request, response, url.pathname.slice('/call/'.length));
    }
    if (method === 'PUT' && url.pathname === '/files') {
      return takeUpload(request, response, url.searchParams);
    }
    if (method === 'GET' && url.pathname === '/events') {
      return streamEvents(request, response, (listener) => studio.on(listener));
    }
    if (method === 'GET' && url.pathname.startsWith('/data/')) {
      return sendDataExport(response, studio, url.pathname.slice('/data/'.length));
    }
    if (method === 'GET' || method === 'HEAD') return sendScreen(request, response);
    sendText(response, 405, 'This address takes no such request.');
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendJson(response, 500, { ok: false, error: toErrorValue(error) });
    });
  };
}

function refuse(response: ServerResponse, path: string, { status, message }: Refusal): void {
  if (path.startsWith('/call/') || path === '/files') {
    sendRefusal(response, status, 'forbidden', message, 'Open the app from its own address.');
  } else {
    sendText(response, status, message);
  }
}

async function answerCall(
  studio: Studio,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  if (!isCallName(name)) {
    const hint = 'Reload the page: it may be older than the app.';
    return sendRefusal(response, 404, 'not-found', 'There is no such call.', hint);
  }
  const body = await readBody(request, name === 'files.paste' ? largestPaste : largestCall);
  if (body === null) {
    const hint = 'Send less at once; files are uploaded, not sent as arguments.';
    return sendRefusal(response, 413, 'invalid-input', 'This request is too large.', hint);
  }
  const input = parseJson(body);
  if (input === undefined) {
    const hint = 'Reload the page and try again.';
    return sendRefusal(response, 400, 'invalid-input', 'This request is not JSON.', hint);
  }
  sendJson(response, 200, await studio.call(name, input));
}

function uploadStatus(code: ErrorCode): number {
  if (code === 'file-too-large') return 413;
  if (code === 'invalid-input') return 400;
  return code === 'not-found' ? 404 : 500;
}

/** Takes in files, and folders a file at a time: `?name=`, and with it `&folder=KEY&path=a/b.txt`. */
function uploads(studio: Studio, limit: number) {
  const { files } = studio;
  const folders = new FolderUploads(studio.folders.incoming, limit);
  const handles = new Map<string, string>();

  const take = async (request: IncomingMessage, query: URLSearchParams): Promise<FileHandle> => {
    const name = shownName(query.get('name') ?? '');
    const key = query.get('folder');
    if (key === null) {
      const { path } = await receiveFile(request, studio.folders.incoming, limit);
      return files.register(path, name);
    }
    const { path, bytes } = await folders.receive(request, key, query.get('path') ?? '');
    const known = handles.get(key);
    if (known !== undefined) return files.grow(known, bytes);
    const handle = files.register(path, name);
    handles.set(key, handle.fileId);
    return handle;
  };

  return async (
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> => {
    try {
      sendJson(response, 200, { ok: true, value: await take(request, query) });
    } catch (error) {
      const value = toErrorValue(error);
      sendJson(response, uploadStatus(value.code), { ok: false, error: value });
    }
  };
}

/** The built screens, from a list of files read once: no path outside the folder can be named. */
function screens(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  if (!existsSync(join(folder, 'index.html'))) {
    return (_request, response) =>
      sendText(response, 503, 'The screens are not built yet: run `npm run build`.');
  }
  const serve = sirv(folder, {
    etag: true,
    setHeaders(response) {
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      response.setHeader('cache-control', 'no-cache');
    },
  });
  return (request, response) =>
    serve(request, response, () => sendText(response, 404, 'There is no such page.'));
}

const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** Opens the address with the system's own opener; that none is there is no failure. */
function openBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '""', url]
        : ['xdg-open', url];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function fail(error: unknown): never {
  const { message, hint } = toErrorValue(error);
  console.error(hint === '' ? message : `${message}\n${hint}`);
  process.exit(1);
}

/** @throws StudioError invalid-input */
function readFlags(): { port: number; workspace: string | undefined; open: boolean } {
  const hint = 'Flags are --workspace FOLDER, --port NUMBER and --open.';
  try {
    const { values } = parseArgs({
      options: {
        workspace: { type: 'string' },
        port: { type: 'string', default: '0' },
        open: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      throw new StudioError('invalid-input', `“${values.port}” is no port.`, hint);
    }
    return { port, workspace: values.workspace, open: values.open };
  } catch (cause) {
    if (cause instanceof StudioError || !(cause instanceof Error)) throw cause;
    throw new StudioError('invalid-input', cause.message, hint, { cause });
  }
}

async function main(): Promise<void> {
  const { port, workspace, open } = readFlags();
  const server = await startServer({
    port,
    ...(workspace === undefined ? {} : { workspace }),
  });
  guardCrashes(server.redact);
  console.log(`Stepwise Studio is ready, on this machine only. Workspace: ${server.workspace}`);
  console.log(`Open this address (it works once): ${server.url}`);
  if (process.stdin.isTTY) {
    console.log('Press Enter for another address, Ctrl-C to stop.');
    process.stdin.on('data', () => console.log(server.newAddress()));
  }
  if (open) openBrowser(server.url);

  let stopping = false;
  const stop = (): void => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log('Saving and stopping. Running work can be resumed at the next start.');
    server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

if (import.meta.main) main().catch(fail);
