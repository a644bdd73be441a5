import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/**
 * Programs of this computer may ask; pages of other sites may not, though a browser lets any page send
 * requests to 127.0.0.1. So a request has to name this server as its host (against DNS rebinding), and
 * one that a browser sends for a page has to come from this server's own address.
 */
export function refuseForeign(headers: IncomingHttpHeaders, port: number): Refusal | null {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Browsers and clients leave the usual port of HTTP out.
  if (port === 80) own.push('127.0.0.1', 'localhost');
  const host = (headers.host ?? '').toLowerCase();
  if (!own.includes(host)) {
    return { status: 403, message: 'This server answers only to its own address.' };
  }
  const site = headers['sec-fetch-site'];
  const fromPage = headers.origin !== undefined && headers.origin !== `http://${host}`;
  if (fromPage || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    return { status: 403, message: 'A page of another site may not use this server.' };
  }
  return null;
}
