import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StudioError } from '../contract/errors.ts';
import type { Store } from '../store/store.ts';
import { sendText } from './http.ts';
import { securityHeaders } from './security.ts';

/**
 * Sends a file that rows were written into, exported or answered, for the browser to save. Files are
 * named by the ids of their rows in the store: no path comes from the request.
 */
export async function sendDataExport(
  response: ServerResponse,
  { store }: { readonly store: Store },
  exportId: string,
): Promise<void> {
  const found = findExport(store, exportId);
  const file = found && (await open(found.path).catch(() => null));
  if (!found || !file) return sendText(response, 404, 'There is no such file any more.');
  try {
    await sendFile(response, file, basename(found.path));
  } finally {
    await file.close();
  }
}

function findExport(store: Store, exportId: string): { readonly path: string } | null {
  return (
    ifFound(() => store.data.dataExport(exportId)) ??
    ifFound(() => store.resultFiles.predictedFile(exportId)) ??
    findReport(store, exportId)
  );
}

/** One of the two files of a report: its id and `.html` or `.json`. Sent to be saved, never to be shown here. */
function findReport(store: Store, name: string): { readonly path: string } | null {
  const [, id = '', kind] = /^(.+)\.(html|json)$/u.exec(name) ?? [];
  if (kind !== 'html' && kind !== 'json') return null;
  return ifFound(() => store.resultFiles.report(id)[kind]);
}

function ifFound<T>(find: () => T): T | null {
  try {
    return find();
  } catch (caught) {
    if (caught instanceof StudioError && caught.code === 'not-found') return null;
    throw caught;
  }
}

async function sendFile(response: ServerResponse, file: FileHandle, name: string): Promise<void> {
  const { size } = await file.stat();
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': 'application/octet-stream',
    'content-length': size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeName(name)}`,
    'cache-control': 'no-store',
  });
  await pipeline(file.createReadStream({ autoClose: false, end: Math.max(0, size - 1) }), response);
}

/** A name as RFC 8187 (section 3.2) has it in a header: what `encodeURIComponent` leaves is more than it allows. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
