import { createHash } from 'node:crypto';
import { isRecord } from './json.ts';

/** JSON with object keys in sorted order, so that equal settings have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** SHA-256 of text or bytes, hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The hash kept beside every row that was made under settings: SHA-256 of their canonical JSON. */
export function settingsHash(settings: unknown): string {
  return sha256(canonicalJson(settings));
}

/** A 32-bit seed derived from text (FNV-1a), for draws that must depend on content alone. */
export function seedFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
