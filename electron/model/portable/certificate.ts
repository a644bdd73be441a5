import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';

/**
 * Whether files are still what their certificate says. Nothing here needs Node, so that programs and
 * pages that carry a student check it by the same rules, and in the same words, as the app.
 */

/** Lies in every exported folder, written last. */
export const certificateFile = 'certificate.json';

/** SHA-256 of bytes, hexadecimal in small letters. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Promise<string> | string;

/** Of a certificate, what a check of files needs; later versions may say more. */
const CertifiedFiles = z.object({
  format: z.literal(1),
  files: z.array(
    z.object({
      name: z.string().refine(staysInside),
      bytes: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type CertifiedFiles = z.infer<typeof CertifiedFiles>;
export type CertifiedFile = CertifiedFiles['files'][number];

/** What a file came to when it was read. */
export interface ReadFile {
  readonly bytes: number;
  readonly sha256: string;
}

/** A name with `/` between folders, none of which leads out of the certificate's own. */
function staysInside(name: string): boolean {
  const parts = name.split('/');
  return !/[\\:\0]/.test(name) && parts.every((part) => !['', '.', '..'].includes(part));
}

/** @throws StudioError model-invalid when the text is no certificate */
export function parseCertificate(text: string): CertifiedFiles {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  const parsed = CertifiedFiles.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    `${certificateFile} cannot be read: it was changed after the export.`,
    'Copy the folder again from where it came, or export the student again.',
  );
}

/** What the certificate says of a file; null where it does not know it. */
export const certified = (certificate: CertifiedFiles, name: string): CertifiedFile | null =>
  certificate.files.find((file) => file.name === name) ?? null;

/**
 * Refuses a file that is not as it was written, or that the certificate does not know.
 *
 * @throws StudioError model-invalid, naming the file
 */
export function refuseOther(certificate: CertifiedFiles, name: string, read: ReadFile): void {
  const file = certified(certificate, name);
  if (file === null) throw unknownFile(name);
  if (file.bytes !== read.bytes || file.sha256 !== read.sha256) throw changedFile(name);
}

/**
 * The same for the bytes of a file that is held in memory; {@link webSha256} serves wherever
 * WebCrypto is.
 *
 * @throws StudioError model-invalid, naming the file
 */
export async function verifyFile(
  certificate: CertifiedFiles,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: Sha256 = webSha256,
): Promise<void> {
  refuseOther(certificate, name, { bytes: bytes.byteLength, sha256: await sha256(bytes) });
}

/** By WebCrypto: Node has it, and pages of a secure origin (https, or this computer). */
export async function webSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const changedFile = (name: string): StudioError =>
  new StudioError(
    'model-invalid',
    `${name} is not as it was exported: its content has changed since.`,
    'Do not trust its answers. Copy the folder again from where it came, or export the student again.',
  );

export const missingFile = (name: string): StudioError =>
  new StudioError(
    'model-invalid',
    `${name} is missing, though the folder's certificate knows it.`,
    'Copy the folder again from where it came, whole, or export the student again.',
  );

const unknownFile = (name: string): StudioError =>
  new StudioError(
    'model-invalid',
    `${name} was added after the export: the folder's certificate does not know it.`,
    `Remove ${name}, or copy the folder again from where it came.`,
  );
