import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  checkFolder,
  readCertificate,
  refuseChanged,
  writeCertificate,
} from '../../../electron/model/export/certificate.ts';
import type { CertificateFacts } from '../../../electron/model/export/certificate.ts';
import {
  parseCertificate,
  verifyFile,
  webSha256,
} from '../../../electron/model/portable/certificate.ts';
import { temporaryFolder } from '../ipc/support.ts';

const facts: CertificateFacts = {
  ...{
    exported: 'onnx',
    createdAt: '2026-01-01T00:00:00.000Z',
    versions: { 'Stepwise Studio': '1' },
  },
  student: { project: 'p', run: 'r', runId: 'id', settingsHash: 'x', step: 3 },
  proof: null,
};
const files = ['README.md', 'config.json', 'onnx/encoder.onnx', 'onnx/more/decoder.onnx'];

let place: { folder: string; remove: () => void };
beforeEach(async () => {
  place = temporaryFolder();
  mkdirSync(join(place.folder, 'onnx', 'more'), { recursive: true });
  for (const name of files) writeFileSync(join(place.folder, name), `content of ${name}`);
  await writeCertificate(place.folder, facts);
});
afterEach(() => place.remove());

const path = (name: string) => join(place.folder, name);
function flip(name: string, at = 3): void {
  const bytes = readFileSync(path(name));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path(name), bytes);
}

describe('a certificate', () => {
  it('knows every file of the folder and of those within it, and is found again', async () => {
    const certificate = await readCertificate(place.folder);
    expect(certificate).toMatchObject({ ...facts, format: 1 });
    expect(certificate?.files.map(({ name }) => name)).toEqual(files);
    for (const { name, bytes, sha256 } of certificate?.files ?? []) {
      const content = readFileSync(path(name));
      expect(bytes).toBe(content.length);
      expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }
    expect(await checkFolder(place.folder)).toEqual({
      ...{ whole: true, checked: 4, changed: [], missing: [], added: [] },
      certificate: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it.each(files)('finds one changed byte in %s', async (name) => {
    flip(name);
    expect(await checkFolder(place.folder)).toMatchObject({ whole: false, changed: [name] });
    const opening = refuseChanged(place.folder);
    // A person fills in the licence of the model card.
    if (name === 'README.md') await opening;
    else await expect(opening).rejects.toThrow(`${name} is not as it was exported`);
    await expect(refuseChanged(place.folder, [name])).rejects.toMatchObject({
      code: 'model-invalid',
    });
  });

  it('finds what is missing, longer or added', async () => {
    rmSync(path('config.json'));
    writeFileSync(path('onnx/encoder.onnx'), 'longer', { flag: 'a' });
    writeFileSync(path('onnx/note.txt'), '');
    expect(await checkFolder(place.folder)).toEqual({
      ...{ whole: false, checked: 4, changed: ['onnx/encoder.onnx'], missing: ['config.json'] },
      added: ['onnx/note.txt'],
      certificate: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await expect(refuseChanged(place.folder)).rejects.toThrow('config.json is missing');
    await expect(refuseChanged(place.folder, ['onnx/note.txt'])).rejects.toThrow(
      'onnx/note.txt was added after the export',
    );
  });

  it('is refused itself where it can’t be read, and its absence is told', async () => {
    flip('certificate.json', 0);
    await expect(refuseChanged(place.folder)).rejects.toThrow('certificate.json cannot be read');
    await expect(checkFolder(place.folder)).rejects.toMatchObject({ code: 'model-invalid' });
    rmSync(path('certificate.json'));
    await refuseChanged(place.folder);
    await expect(checkFolder(place.folder)).rejects.toThrow('There is no certificate.json');
    expect(await readCertificate(place.folder)).toBeNull();
    await expect(checkFolder(path('gone'))).rejects.toThrow('no longer there');
  });

  it('is stopped between two files', async () => {
    await expect(checkFolder(place.folder, AbortSignal.abort('cancel'))).rejects.toBe('cancel');
    expect(readdirSync(place.folder)).toContain('certificate.json');
  });

  it.each(['../x', '/etc/passwd', 'a//b', 'a/../../b', 'C:/x', 'a\\b', '', '.'])(
    'does not lead out of its folder: %j',
    (name) => {
      const file = { name, bytes: 0, sha256: 'a'.repeat(64) };
      expect(() => parseCertificate(JSON.stringify({ format: 1, files: [file] }))).toThrow(
        'cannot be read',
      );
    },
  );
});

describe('files in memory', () => {
  it('are checked by WebCrypto as by Node', async () => {
    for (const size of [0, 1, 63, 64, 1_000_003]) {
      const bytes = new Uint8Array(randomBytes(size));
      const hash = createHash('sha256').update(bytes).digest('hex');
      expect(await webSha256(bytes)).toBe(hash);
      const certificate = { format: 1 as const, files: [{ name: 'a', bytes: size, sha256: hash }] };
      await verifyFile(certificate, 'a', bytes);
      await verifyFile(certificate, 'a', bytes, () => hash);
      await expect(verifyFile(certificate, 'b', bytes)).rejects.toThrow('b was added');
      if (size === 0) continue;
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      await expect(verifyFile(certificate, 'a', bytes)).rejects.toThrow('a is not as it was');
    }
  });
});
