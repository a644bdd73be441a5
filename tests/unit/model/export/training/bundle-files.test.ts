import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExportCertificate } from '../../../../../electron/contract/export.ts';
import { scriptsFolder } from '../../../../../electron/model/export/training/scripts.ts';
import { certify } from '../../../../support/bundle.ts';

const python = process.env['STEPWISE_PYTHON'] ?? 'python3';
const present = spawnSync(python, ['--version']).status === 0;
const program = `
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from bundle import Stop, check_files
try:
    check_files(Path(sys.argv[2]))
except Stop as stop:
    print(stop.sentence)
    sys.exit(stop.code)
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-bundle-files-'));
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'recipe.json'), '{}');
  await writeFile(join(folder, 'README.md'), 'license: other');
  await writeFile(join(folder, 'data', 'train.ids'), 'ids');
  await certify(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the script says of the folder's files. */
function check(): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(
    python,
    ['-B', '-c', program, scriptsFolder(), folder],
    { encoding: 'utf8' },
  );
  return { code: status, said: stdout + stderr };
}

const certificatePath = (): string => join(folder, 'certificate.json');
async function named(name: string): Promise<void> {
  const certificate = ExportCertificate.parse(
    JSON.parse(await readFile(certificatePath(), 'utf8')),
  );
  const files = certificate.files.map((file, at) => (at === 0 ? { ...file, name } : file));
  await writeFile(certificatePath(), JSON.stringify({ ...certificate, files }));
}

const title = `a training bundle's files${present ? '' : ' (skipped: no Python here)'}`;
describe.skipIf(!present)(title, () => {
  it('may have a card that was filled in, and files that nothing reads', async () => {
    await writeFile(join(folder, 'README.md'), 'license: mit');
    await writeFile(join(folder, 'job.sh'), 'srun');
    await writeFile(join(folder, 'data', '.DS_Store'), '');
    expect(check()).toEqual({ code: 0, said: '' });
  });

  it.each(['adapters.safetensors', 'data/order.choices'])('may not gain %s', async (name) => {
    await writeFile(join(folder, name), 'x');
    const { code, said } = check();
    expect(code).toBe(3);
    expect(said).toContain(`${name} was added after the export`);
  });

  it.each(['../outside', '/etc/hosts', 'a\\b', 'c:d', 'a//b', ''])(
    'are refused with a name that leads elsewhere: %j',
    async (name) => {
      await named(name);
      const { code, said } = check();
      expect(code).toBe(3);
      expect(said).toContain('certificate.json cannot be read');
    },
  );

  it.each(['[]', 'null', '7', '{', '{"exported": "training"}', '['.repeat(200_000)])(
    'are refused with a certificate that is none: %.20s',
    async (text) => {
      await writeFile(certificatePath(), text);
      const { code, said } = check();
      expect(code).toBe(3);
      expect(said).toContain('certificate.json cannot be read');
      expect(said).not.toContain('Traceback');
    },
  );
});
