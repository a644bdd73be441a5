import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { securityHeaders } from './security.ts';

/** Where the desktop application's own pages live. */
export const appOrigin = 'app://studio';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Whether an address is one of the application's own pages. */
export function isAppAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === 'app:' && url.host === 'studio';
}

/**
 * The file that an `app://studio/…` address names, or null when it leaves the folder or the
 * application.
 */
export function fileOf(address: string, folder: string): string | null {
  const url = URL.parse(address);
  if (url === null || !isAppAddress(address)) return null;
  const path = decode(url.pathname);
  if (path === null || path.includes('\0')) return null;
  const root = resolve(folder);
  const file = resolve(join(root, path === '/' ? 'index.html' : path));
  return file.startsWith(root + sep) ? file : null;
}

/** Answers a request of the application's protocol from the folder of built screens. */
export async function appFile(address: string, folder: string): Promise<Response> {
  const file = fileOf(address, folder);
  const type = file === null ? undefined : types[extname(file)];
  if (file === null || type === undefined) return notFound();
  try {
    const body = new Uint8Array(await readFile(file));
    return new Response(body, { headers: { ...securityHeaders, 'content-type': type } });
  } catch {
    return notFound();
  }
}

const notFound = (): Response => new Response(null, { status: 404, headers: securityHeaders });

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
