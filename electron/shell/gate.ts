import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Seconds the browser keeps the cookie; it is worth nothing once this process has ended. */
const cookieSeconds = 7 * 24 * 3600;

/** What a request shows of itself to the gate. */
export interface Visitor {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Refusal = { readonly status: 401 | 403; readonly message: string };

/**
 * Who may talk to the loopback server: only the browser that opened the printed address.
 *
 * The address holds a token that works once and is exchanged for a cookie no script can read. Any
 * page on the internet can make a browser send requests to 127.0.0.1, so each request also has to
 * name this server as its host (against DNS rebinding), come from its own pages (Origin), and, to
 * change something, carry a header that a foreign page can't set without asking first.
 */
export class Gate {
  readonly #port: number;
  readonly #session = randomBytes(32).toString('base64url');
  #token: string | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** A fresh one-time token; the one before it, if unused, is worth nothing from now on. */
  issueToken(): string {
    this.#token = randomBytes(32).toString('base64url');
    return this.#token;
  }

  /** Takes a token in: the Set-Cookie value that opens the session, or null when it is not the one. */
  exchange(token: string): string | null {
    if (this.#token === null || !sameText(token, this.#token)) return null;
    this.#token = null;
    return `${this.#cookieName}=${this.#session}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; SameSite=Strict`;
  }

  /** Whether the request names this server and, where it says so, comes from one of its pages. */
  refuseForeign(visitor: Visitor): Refusal | null {
    const host = visitor.headers.host ?? '';
    if (host !== `127.0.0.1:${this.#port}` && host !== `localhost:${this.#port}`) {
      return { status: 403, message: 'This server answers only to its own address.' };
    }
    const { origin } = visitor.headers;
    const reads = visitor.method === 'GET' || visitor.method === 'HEAD';
    // Rows leave this way too: no other page may so much as ask for them.
    const tells = visitor.path === '/events' || visitor.path.startsWith('/data/');
    const originMatters = !reads || tells;
    if (originMatters && origin !== undefined && origin !== `http://${host}`) {
      return { status: 403, message: 'Another page may not use this server.' };
    }
    if (!reads && origin === undefined && visitor.headers['sec-fetch-site'] !== undefined) {
      return { status: 403, message: 'A browser must say which page it asks for.' };
    }
    if (!reads && visitor.headers['x-stepwise'] !== '1') {
      return { status: 403, message: 'This request lacks the x-stepwise header.' };
    }
    return null;
  }

  /** Whether the request carries the session's cookie. */
  refuseStranger(visitor: Visitor): Refusal | null {
    const cookie = readCookie(visitor.headers.cookie ?? '', this.#cookieName);
    if (cookie !== null && sameText(cookie, this.#session)) return null;
    return {
      status: 401,
      message:
        'Open the full address that was printed in the terminal. It works once; start the app again for a new one.',
    };
  }

  /** Cookies are shared by all ports of a host: the name keeps two servers apart. */
  get #cookieName(): string {
    return `stepwise-${this.#port}`;
  }
}

/** Equality in a time that tells nothing about where two texts differ. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name) return value?.trim() ?? null;
  }
  return null;
}
