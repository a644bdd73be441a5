import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StudioError } from '../../contract/errors.ts';
import type { Options } from '../options.ts';
import { explains } from '../student.ts';
import type { AskedStudent } from '../student.ts';
import { readJson } from './body.ts';
import { complete, eventsOf, modelNames } from './completions.ts';
import { refuseForeign } from './gate.ts';
import { HttpError } from './http-error.ts';
import { MicroBatches } from './micro-batches.ts';
import { predict } from './predict.ts';

const LOOPBACK = '127.0.0.1';
/** A client has so long to send its headers, and its whole request; milliseconds. */
const HEADERS_TIME = 10_000;
const REQUEST_TIME = 30_000;
/** An answer that takes longer is given up. */
const ANSWER_TIME = 120_000;
/** What is under way when the server is told to end has so long. */
const CLOSING_TIME = 10_000;
const MOST_CONNECTIONS = 256;

/** Answers over HTTP, to programs on this computer alone, until it is told to end. */
export async function serve(
  student: AskedStudent,
  options: Pick<Options, 'port' | 'batchSize'>,
): Promise<void> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIME,
      requestTimeout: REQUEST_TIME,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
    answererOf(student, new MicroBatches(student, options.batchSize)),
  );
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listen(server, options.port);
  process.stdout.write(`Answers at http://${LOOPBACK}:${port} (end with Ctrl-C).\n`);
  await ended(server);
}

/** @returns the port. @throws StudioError where it is taken */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new StudioError(
          'invalid-input',
          `The port ${port} cannot be used: another program has it, or this account may not.`,
          'Choose another with --port, or 0 for any that is free.',
          { cause },
        ),
      );
    });
    server.listen(port, LOOPBACK, () => resolve(portOf(server)));
  });
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

/** Waits for a signal, then for what is under way. */
function ended(server: Server): Promise<void> {
  let ending = false;
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    // Clients keep their connections; at the end each is closed as soon as it has its answer.
    response.once('close', () => setImmediate(() => ending && server.closeIdleConnections()));
  });
  return new Promise((resolve) => {
    const end = (): void => {
      ending = true;
      server.close(() => resolve());
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), CLOSING_TIME).unref();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  });
}

type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

function answererOf(student: AskedStudent, batches: MicroBatches): Answerer {
  return (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('The client has gone.')));
    const late = setTimeout(() => {
      gone.abort(new HttpError(503, 'The answer took too long.'));
    }, ANSWER_TIME);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    route(request, response, { path, student, batches, signal: gone.signal })
      .catch((caught: unknown) => fail(response, path, caught))
      .finally(() => {
        clearTimeout(late);
        // The rest of a body that was refused is let past, so that its client comes to read why.
        if (!request.complete) request.resume();
      });
  };
}

interface Asked {
  readonly path: string;
  readonly student: AskedStudent;
  readonly batches: MicroBatches;
  readonly signal: AbortSignal;
}

const routes: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/health': 'GET',
  '/v1/models': 'GET',
  '/predict': 'POST',
  '/v1/completions': 'POST',
};

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  { path, student, batches, signal }: Asked,
): Promise<void> {
  const refusal = refuseForeign(request.headers, request.socket.localPort ?? 0);
  if (refusal !== null) throw new HttpError(refusal.status, refusal.message);
  const method = routes[path];
  if (method === undefined) {
    const known = Object.keys(routes).join(', ');
    throw new HttpError(404, `There is nothing at ${path.slice(0, 80)}. There are ${known}.`);
  }
  if (request.method !== method) {
    response.setHeader('allow', method);
    throw new HttpError(405, `${path} takes ${method}.`);
  }
  if (path === '/health') send(response, 200, healthOf(student));
  else if (path === '/v1/models') send(response, 200, modelsOf(student));
  else if (path === '/predict') {
    send(response, 200, await predict(await readJson(request), student, batches, signal));
  } else {
    const seconds = Math.floor(Date.now() / 1000);
    const answered = await complete(await readJson(request), student, batches, {
      ...{ signal, seconds },
    });
    if (answered.stream) stream(response, eventsOf(answered));
    else send(response, 200, answered.completion);
  }
}

const healthOf = (student: AskedStudent) => ({
  ready: true,
  runtime: student.runtime,
  method: student.manifest.method,
  task: student.manifest.task,
  labels: student.manifest.labels,
  explains: explains(student),
  readsTeacherRationale: student.manifest.rationaleMark !== null,
  threshold: student.threshold,
});

const modelsOf = (student: AskedStudent) => ({
  object: 'list',
  data: modelNames(student).map((id) => ({
    ...{ id, object: 'model', created: 0, owned_by: 'stepwise-studio' },
  })),
});

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.byteLength,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

function stream(response: ServerResponse, events: Iterable<string>): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  for (const event of events) response.write(event);
  response.end();
}

/** Errors in the words that OpenAI's clients read, wherever they come from. */
function fail(response: ServerResponse, path: string, caught: unknown): void {
  const known = caught instanceof HttpError ? caught : null;
  if (known === null && !response.destroyed) {
    const said = caught instanceof Error ? caught.message : String(caught);
    process.stderr.write(`${path}: ${said}\n`);
  }
  const status = known?.status ?? 500;
  send(response, status, {
    error: {
      message: known?.message ?? 'The answer failed. What went wrong stands in the terminal.',
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param: known?.field ?? null,
      code: status === 404 && known?.field === 'model' ? 'model_not_found' : null,
    },
  });
}
