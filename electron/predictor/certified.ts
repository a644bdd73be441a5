import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../contract/errors.ts';
import {
  certificateFile,
  certified,
  missingFile,
  parseCertificate,
  verifyFile,
} from '../model/portable/certificate.ts';
import type { CertifiedFiles } from '../model/portable/certificate.ts';

/** Files of a folder, each compared with the folder's certificate when it is read. */
export class CertifiedFolder {
  readonly #folder: string;
  readonly #certificate: CertifiedFiles | null;

  private constructor(folder: string, certificate: CertifiedFiles | null) {
    this.#folder = folder;
    this.#certificate = certificate;
  }

  /**
   * @param unchecked whether the folder is read without a look at its certificate, as it is while the
   *   certificate is still to be earned
   * @throws StudioError `model-invalid` without a certificate that can be read
   */
  static async open(
    folder: string,
    { unchecked }: { unchecked: boolean },
  ): Promise<CertifiedFolder> {
    if (unchecked) return new CertifiedFolder(folder, null);
    const bytes = await bytesOf(folder, certificateFile);
    if (bytes === null) {
      throw new StudioError(
        'model-invalid',
        `The folder “${basename(folder)}” has no ${certificateFile}: whether its files are as they were exported cannot be told.`,
        'Copy the folder again from where it came, whole, or ask it all the same with --unchecked.',
      );
    }
    return new CertifiedFolder(folder, parseCertificate(bytes.toString('utf8')));
  }

  /** Whether the folder holds the file, or should. */
  async has(name: string): Promise<boolean> {
    if (this.#certificate !== null && certified(this.#certificate, name) !== null) return true;
    return stat(join(this.#folder, name)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** @throws StudioError `model-invalid` where it is missing or not as it was exported */
  async read(name: string): Promise<Buffer<ArrayBuffer>> {
    const bytes = await bytesOf(this.#folder, name);
    if (bytes === null) throw this.#missing(name);
    if (this.#certificate !== null) await verifyFile(this.#certificate, name, bytes, sha256);
    return bytes;
  }

  async readText(name: string): Promise<string> {
    return (await this.read(name)).toString('utf8');
  }

  #missing(name: string): StudioError {
    if (this.#certificate !== null) return missingFile(name);
    return new StudioError(
      'model-invalid',
      `The folder “${basename(this.#folder)}” has no ${name}.`,
      'Copy the folder again from where it came, whole, or export the student again.',
    );
  }
}

/** Node's own, which hashes a hundred megabytes in a tenth of a second. */
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function bytesOf(folder: string, name: string): Promise<Buffer<ArrayBuffer> | null> {
  try {
    return await readFile(join(folder, name));
  } catch (caught) {
    const code = caught instanceof Error && 'code' in caught ? caught.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new StudioError(
      'file-unreadable',
      `${name} in “${basename(folder)}” can't be read.`,
      'Check that you may open it.',
      { cause: caught },
    );
  }
}
