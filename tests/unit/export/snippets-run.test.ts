import { execFile, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from '../../../electron/contract/entities.ts';
import { answerFormatOf } from '../../../electron/core/methods.ts';
import { openEngine } from '../../../electron/model/engines/preflight.ts';
import { writeCertificate } from '../../../electron/model/export/certificate.ts';
import { formatHandler } from '../../../electron/model/export/formats.ts';
import { Student } from '../../../electron/model/student.ts';
import { snippetsOf } from '../../../electron/stages/export/snippets.ts';
import { findTransformers, withTransformers } from '../../support/transformers.ts';
import { temporaryFolder } from '../ipc/support.ts';
import { settings, writeStudent } from './student.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const python = findTransformers();
const curlIsHere = spawnSync('curl', ['--version']).status === 0;
const ABSENT_CURL = ' (skipped: curl is not on this machine)';
const asked = answerFormatOf(settings);
const example = { text: 'Tom’s "3" apples & 4 $(more)?', rationale: null };

let place: { folder: string; remove: () => void };
/** A folder of the repository, whose packages a program in it finds. */
const nearby = join(root, 'node_modules', '.snippets');
let answer: { label: string; rationale: string | null };

beforeAll(async () => {
  place = temporaryFolder();
  const checkpoint = join(place.folder, 'best');
  await writeStudent(checkpoint, 18);
  const student = await Student.open(checkpoint, await openEngine());
  const now = () => performance.now();
  const [first] = await student.answer([example.text], { rationale: true, now });
  if (first === undefined) throw new Error('the student gave no answer');
  answer = first;
  expect(answer.label.length).toBeGreaterThan(0);
  await student.dispose();
  await mkdir(nearby, { recursive: true });
});
afterAll(async () => {
  place.remove();
  await rm(nearby, { recursive: true, force: true });
});

/** An export, in a folder with a name that needs quoting. */
async function written(format: ExportFormat): Promise<string> {
  const folder = join(place.folder, `it's "${format}"`);
  await mkdir(folder);
  await cp(join(place.folder, 'best', 'stepwise.json'), join(folder, 'stepwise.json'));
  const { write } = await formatHandler(format);
  const checkpoint = join(place.folder, 'best');
  await write({
    ...{ format, checkpoint, folder, training: null, progress: () => undefined },
    signal: new AbortController().signal,
  });
  await writeCertificate(folder, {
    ...{ exported: format, createdAt: '2026-01-01T00:00:00.000Z', versions: {}, proof: null },
    student: { project: 'p', run: 'r', runId: 'id', settingsHash: 'x', step: 1 },
  });
  return folder;
}

const codeOf = (folder: string, format: ExportFormat, at: number): string =>
  snippetsOf({ folder, format, asked, example })[at]?.code ?? '';

const said = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe('programs that ask an export, run as they are copied', () => {
  it('JavaScript with Transformers.js', async () => {
    const folder = await written('onnx');
    const file = join(nearby, `${basename(place.folder)}.mjs`);
    await writeFile(file, codeOf(folder, 'onnx', 0));
    const { stdout } = await run(node, [file]);
    expect(said(stdout)).toBe(said(`label: ${answer.label} rationale: ${answer.rationale ?? ''}`));
  });

  describe('the predictor', () => {
    let folder: string;
    let server: ChildProcess;
    let here: (code: string) => string;
    beforeAll(async () => {
      folder = await written('predictor');
      const port = await new Promise<string>((resolve, reject) => {
        server = spawn(node, ['predictor.mjs', '--serve', '--port', '0'], { cwd: folder });
        let text = '';
        const read = (chunk: Buffer) => {
          text += chunk.toString();
          const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
          if (found !== undefined) resolve(found);
        };
        server.stdout?.on('data', read);
        server.stderr?.on('data', read);
        server.once('close', () => reject(new Error(text)));
      });
      here = (code) => code.replaceAll(':8080', `:${port}`);
    });
    afterAll(() => server.kill());

    it('in a shell', async () => {
      const path = { ...process.env, PATH: `${join(node, '..')}:${process.env['PATH'] ?? ''}` };
      const { stdout } = await run('sh', ['-c', codeOf(folder, 'predictor', 0)], { env: path });
      expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
        ...{ student_label: answer.label, student_rationale: answer.rationale },
      });
    });

    it.skipIf(!curlIsHere)(`its server, with curl${curlIsHere ? '' : ABSENT_CURL}`, async () => {
      const curl = here(codeOf(folder, 'predictor', 1)).replace(/^node .*\n/m, '');
      const answered: unknown = JSON.parse((await run('sh', ['-c', curl])).stdout);
      expect(answered).toMatchObject({ label: answer.label, rationale: answer.rationale });
    });

    it('its server, from a program', async () => {
      const program = here(codeOf(folder, 'predictor', 2));
      const { stdout } = await run(node, ['--input-type=module', '--eval', program]);
      expect(stdout).toContain(`label: ${inspect(answer.label)}`);
    });
  });

  it.skipIf(python === null)(
    withTransformers('Python’s Transformers', python),
    async () => {
      const folder = await written('huggingface');
      const { stdout } = await run(python?.python ?? '', ['-c', codeOf(folder, 'huggingface', 0)], {
        env: { ...process.env, HF_HUB_OFFLINE: '1', PYTHONUTF8: '1' },
      });
      const [label, rationale] = stdout.trimEnd().split('\n');
      expect(said(label ?? '')).toBe(said(`label: ${answer.label}`));
      expect(said(rationale ?? '')).toBe(said(`rationale: ${answer.rationale ?? ''}`));
    },
    // Importing PyTorch alone takes most of it.
    300_000,
  );
});
