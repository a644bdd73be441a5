import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ExportCertificate } from '../../contract/export.ts';
import type { ExportCheck, ExportFile } from '../../contract/export.ts';
import { StudioError } from '../../contract/errors.ts';
import { exists, hashFile, readIfPresent, syncFolder, writeSynced } from '../files.ts';
import {
  certificateFile,
  certified,
  missingFile,
  parseCertificate,
  refuseOther,
} from '../portable/certificate.ts';
import type { ReadFile } from '../portable/certificate.ts';

/** What a certificate says beside its files. */
export type CertificateFacts = Omit<ExportCertificate, 'format' | 'files'>;

/**
 * Hashes every file of a folder, those in folders within it too, and writes the certificate: the last
 * file of an export. It is on the disk when this returns.
 */
export async function writeCertificate(
  folder: string,
  facts: CertificateFacts,
  signal?: AbortSignal,
): Promise<ExportCertificate> {
  const files = (await listFiles(folder, signal)).filter(({ name }) => name !== certificateFile);
  const certificate: ExportCertificate = { format: 1, ...facts, files };
  await writeSynced(join(folder, certificateFile), `${JSON.stringify(certificate, null, 2)}\n`);
  await syncFolder(folder);
  return certificate;
}

/**
 * The whole certificate of a folder; null where it has none.
 * @throws StudioError model-invalid when it cannot be read
 */
export async function readCertificate(folder: string): Promise<ExportCertificate | null> {
  const text = await readIfPresent(folder, certificateFile);
  if (text === null) return null;
  parseCertificate(text);
  const parsed = ExportCertificate.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'model-invalid',
    `${certificateFile} says what this version does not know.`,
    'Open the folder with a newer version, or export the student again.',
  );
}

/**
 * Reads every file of an exported folder again and compares it with the certificate.
 *
 * @throws StudioError not-found when the folder is gone or has no certificate; model-invalid when the
 *   certificate cannot be read
 */
export async function checkFolder(folder: string, signal?: AbortSignal): Promise<ExportCheck> {
  const text = await readIfPresent(folder, certificateFile);
  if (text === null) throw await uncertified(folder);
  const certificate = parseCertificate(text);
  const changed: string[] = [];
  const missing: string[] = [];
  for (const file of certificate.files) {
    signal?.throwIfAborted();
    const path = join(folder, ...file.name.split('/'));
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) missing.push(file.name);
    // A file of another size needs no reading.
    else if (found.size !== file.bytes || (await hashFile(path)) !== file.sha256) {
      changed.push(file.name);
    }
  }
  const names = await listNames(folder);
  const added = names.filter(
    (name) => name !== certificateFile && certified(certificate, name) === null,
  );
  const whole = changed.length === 0 && missing.length === 0;
  return {
    ...{ whole, checked: certificate.files.length, changed, missing, added },
    certificate: await hashFile(join(folder, certificateFile)),
  };
}

/** The model card: a person fills in its licence, and nothing that answers reads it. */
export const cardFile = 'README.md';

/**
 * Refuses to open a folder with files that are not what its export was certified with. A folder
 * without a certificate, as the checkpoint of a run is, passes without being read.
 *
 * @param names as the certificate has them, `/` between folders; otherwise all that it knows but the
 *   model card
 * @throws StudioError model-invalid, naming the file
 */
export async function refuseChanged(folder: string, names?: readonly string[]): Promise<void> {
  const text = await readIfPresent(folder, certificateFile);
  if (text === null) return;
  const certificate = parseCertificate(text);
  const all = certificate.files.map(({ name }) => name).filter((name) => name !== cardFile);
  for (const name of names ?? all) {
    const path = join(folder, ...name.split('/'));
    if (!(await exists(path))) throw missingFile(name);
    refuseOther(certificate, name, await readFacts(path));
  }
}

/** Name, size in bytes and SHA-256 of every file of a folder and of those within it, by name. */
export async function listFiles(folder: string, signal?: AbortSignal): Promise<ExportFile[]> {
  const files: ExportFile[] = [];
  for (const name of await listNames(folder)) {
    signal?.throwIfAborted();
    files.push({ name, ...(await readFacts(join(folder, ...name.split('/')))) });
  }
  return files;
}

async function listNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

async function readFacts(path: string): Promise<ReadFile> {
  return { bytes: (await stat(path)).size, sha256: await hashFile(path) };
}

async function uncertified(folder: string): Promise<StudioError> {
  return (await exists(folder))
    ? new StudioError(
        'not-found',
        `There is no ${certificateFile} in ${folder}.`,
        'Folders of earlier versions have none. Export the student again to get one.',
      )
    : new StudioError(
        'not-found',
        `The folder ${folder} is no longer there.`,
        'Bring it back to its place, or export the student again.',
      );
}
