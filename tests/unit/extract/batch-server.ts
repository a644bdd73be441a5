import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

const Line = z.object({
  custom_id: z.string(),
  url: z.string(),
  body: z.object({
    messages: z.array(z.object({ content: z.string() })),
    seed: z.number().optional(),
  }),
});
export type BatchLine = z.infer<typeof Line>;

const Created = z.object({
  input_file_id: z.string(),
  metadata: z.record(z.string(), z.string()),
});

export interface ServedBatch {
  id: string;
  metadata: Record<string, string>;
  lines: BatchLine[];
  status: string;
  output: string[];
  errors: string[];
  /** The server's words when it refuses the file. */
  refusal: string | null;
}

export interface BatchServer {
  readonly baseUrl: string;
  readonly batches: ServedBatch[];
  /** Paths of all requests, with their methods. */
  readonly requests: string[];
  /** Called with the next batch after it was made, before it is answered for: may cut the connection. */
  onCreated: (batch: ServedBatch, response: ServerResponse) => void;
  /** Called at each question how a batch is. */
  onAsked: (batch: ServedBatch) => void;
  /** Sends a file of answers or errors: whole, or as slowly as the test wants. */
  deliver: (file: string, response: ServerResponse) => void;
}

/** A server with OpenAI's batch API, which does with its batches what the test says. */
export async function startBatchServer(): Promise<BatchServer> {
  const files = new Map<string, string>();
  const batches: ServedBatch[] = [];
  const requests: string[] = [];
  const http = createServer((request, response) => {
    void bodyOf(request).then((body) => answer(request, response, body));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const server: BatchServer = {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    ...{ batches, requests, onCreated: () => undefined, onAsked: () => undefined },
    deliver: (file, response) => response.end(file),
  };
  return server;

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const [path = ''] = (request.url ?? '').replace(/^\/v1(?:\/openai\/v1)?/, '').split('?');
    requests.push(`${request.method ?? ''} ${path}`);
    const [, kind, id, action] = path.split('/');
    if (request.method === 'POST' && path === '/files') {
      const fileId = `file-${files.size}`;
      files.set(fileId, body);
      send(response, { id: fileId, object: 'file' });
    } else if (request.method === 'POST' && path === '/batches') {
      const batch = create(body);
      server.onCreated(batch, response);
      if (!response.destroyed && !response.headersSent) send(response, shown(batch));
    } else if (kind === 'files' && action === 'content') {
      server.deliver(files.get(id ?? '') ?? '', response);
    } else if (kind === 'batches' && id === undefined) {
      send(response, { object: 'list', data: batches.map(shown), has_more: false });
    } else {
      const batch = batches.find((one) => one.id === id);
      if (batch === undefined) throw new Error(`no batch ${id}`);
      if (action === 'cancel') batch.status = 'cancelled';
      else server.onAsked(batch);
      send(response, shown(batch));
    }
  }

  function create(body: string): ServedBatch {
    const { input_file_id: fileId, metadata } = Created.parse(JSON.parse(body));
    const batch: ServedBatch = {
      ...{ id: `batch-${batches.length}`, metadata, status: 'in_progress' },
      lines: linesOf(files.get(fileId) ?? ''),
      ...{ output: [], errors: [], refusal: null },
    };
    batches.push(batch);
    return batch;
  }

  function shown(batch: ServedBatch): unknown {
    const { id, metadata, status, lines, output, errors, refusal } = batch;
    return {
      ...{ id, object: 'batch', metadata, status },
      request_counts: {
        ...{ total: lines.length, completed: output.length, failed: errors.length },
      },
      output_file_id: fileOf(`${id}-output`, output),
      error_file_id: fileOf(`${id}-errors`, errors),
      errors: refusal === null ? null : { data: [{ line: 1, message: refusal }] },
    };
  }

  function fileOf(fileId: string, lines: readonly string[]): string | null {
    if (lines.length === 0) return null;
    files.set(fileId, lines.join('\n'));
    return fileId;
  }
}

/** A line of an output file: an answer with 7 tokens of prompt and 5 of completion. */
export function outputLine({ custom_id }: BatchLine, text: string): string {
  const body = {
    choices: [{ index: 0, finish_reason: 'stop', message: { content: text } }],
    usage: { prompt_tokens: 7, completion_tokens: 5 },
  };
  return JSON.stringify({ custom_id, response: { status_code: 200, body }, error: null });
}

/** A line of an error file. */
export function errorLine({ custom_id }: BatchLine, message: string): string {
  const body = { error: { message } };
  return JSON.stringify({ custom_id, response: { status_code: 500, body }, error: { message } });
}

/** Answers a whole batch, as the server does when it is done. */
export function complete(batch: ServedBatch, text = 'So the answer is x.'): void {
  batch.output = batch.lines.map((line) => outputLine(line, text));
  batch.status = 'completed';
}

/** The JSON lines of an uploaded form. */
function linesOf(form: string): BatchLine[] {
  return form
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{"custom_id"'))
    .map((line) => Line.parse(JSON.parse(line)));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
