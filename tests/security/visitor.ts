import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../electron/serve.ts';
import type { RunningServer, ServerOptions } from '../../electron/serve.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  /** As it goes over the wire: not cleaned, so that `..` reaches the server. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** What stands beside the served folder and must never be served. */
export const secret = 'a line no visitor may read';

/** A browser-mode server of its own, with two screens to serve and a secret next to them. */
export class Target {
  readonly server: RunningServer;
  readonly folder: string;

  private constructor(server: RunningServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start(options: Omit<ServerOptions, 'workspace' | 'screens'> = {}): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), 'stepwise-security-'));
    const screens = join(folder, 'screens');
    mkdirSync(join(screens, 'assets'), { recursive: true });
    writeFileSync(join(screens, 'index.html'), '<!doctype html><title>Studio</title>');
    writeFileSync(join(screens, 'assets', 'app.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), secret);
    const workspace = join(folder, 'workspace');
    return new Target(await startServer({ ...options, workspace, screens }), folder);
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  get incoming(): string {
    return join(this.server.workspace, 'incoming');
  }

  /** The path with the token, as a browser would ask for it. */
  get tokenPath(): string {
    const { pathname, search } = new URL(this.server.url);
    return pathname + search;
  }

  async stop(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One raw request; nothing is added to it. */
  ask({ method = 'GET', path, headers = {}, body }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.server.port, method, path, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Trades a token for the session's cookie. */
  async enter(): Promise<string> {
    const { pathname, search } = new URL(this.server.newAddress());
    const { headers } = await this.ask({ path: pathname + search });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0];
    if (!cookie) throw new Error('the token was not taken');
    return cookie;
  }
}
