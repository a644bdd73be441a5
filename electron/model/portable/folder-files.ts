import { StudioError } from '../../contract/errors.ts';
import { certificateFile, parseCertificate, verifyFile } from './certificate.ts';
import type { CertifiedFiles } from './certificate.ts';

/** Reads one file of an exported folder by its name; null where there is none. */
export type ReadFile = (name: string) => Promise<Uint8Array<ArrayBuffer> | null>;

/**
 * Whether the files that were read are those that were exported. `unchecked`: the folder has no
 * certificate. `impossible`: the browser computes no hashes for a page that came over plain http from
 * another computer.
 */
export type FilesCheck = 'whole' | 'unchecked' | 'impossible';

/** Files of an exported folder, each checked against the folder's certificate before it is used. */
export class FolderFiles {
  readonly check: FilesCheck;
  readonly #read: ReadFile;
  readonly #certificate: CertifiedFiles | null;

  private constructor(read: ReadFile, certificate: CertifiedFiles | null) {
    const hashes = computesHashes();
    this.#read = read;
    this.#certificate = hashes ? certificate : null;
    this.check = certificate === null ? 'unchecked' : hashes ? 'whole' : 'impossible';
  }

  /** @throws StudioError `model-invalid` when the certificate cannot be read */
  static async open(read: ReadFile): Promise<FolderFiles> {
    const bytes = await read(certificateFile);
    return new FolderFiles(read, bytes && parseCertificate(new TextDecoder().decode(bytes)));
  }

  /** @throws StudioError `model-invalid` when the file is missing or not as it was exported */
  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.#read(name);
    if (bytes === null) throw missing(name);
    if (this.#certificate !== null) await verifyFile(this.#certificate, name, bytes);
    return bytes;
  }

  async text(name: string): Promise<string> {
    return new TextDecoder().decode(await this.bytes(name));
  }
}

/** WebCrypto is where a page is secure: over https, or from this computer. */
const computesHashes = (): boolean =>
  'crypto' in globalThis && 'subtle' in globalThis.crypto && Boolean(globalThis.crypto.subtle);

const missing = (name: string): StudioError =>
  new StudioError(
    'model-invalid',
    `${name} is missing in the student's folder.`,
    'Copy the whole folder again from where it came, or export the student again.',
  );
