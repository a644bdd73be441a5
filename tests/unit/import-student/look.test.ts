import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImportReport } from '../../../electron/contract/entities.ts';
import { composeInput } from '../../../electron/core/text.ts';
import { hashStudent } from '../../../electron/model/folder-hash.ts';
import { lookAtStudent } from '../../../electron/stages/import-student/look.ts';
import type { Store } from '../../../electron/store/store.ts';
import { prepared } from '../compare/support.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { originOf, write, writeExported } from './folders.ts';

let root: string;
let folder: string;
let store: Store;
let splitId: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'student-look-'));
  folder = join(root, 'apples');
  const base = prepared();
  [store, splitId] = [base.store, base.split.id];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const look = async (): Promise<ImportReport> =>
  ImportReport.parse(await lookAtStudent(store, splitId, folder));
const errors = ({ findings }: ImportReport): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
const warnings = ({ findings }: ImportReport): string[] =>
  findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);
const testInputs = (): string[] =>
  store.splits.members(splitId, 'test').map((row) => composeInput(row.input, row.choices));

describe('a file that was added to an exported folder', () => {
  it.each(['spiece.model', 'special_tokens_map.json'])(
    'is refused where a student may be read from it: %s',
    async (name) => {
      await writeExported(folder);
      await writeFile(join(folder, name), '{}');
      const report = await look();
      expect(errors(report)).toContain(
        `${name} was added after the export: the folder’s certificate does not know it.`,
      );
      expect(report.from.whole).toBe(false);
    },
  );

  it('is let be where nothing reads it', async () => {
    await writeExported(folder);
    await writeFile(join(folder, 'notes.txt'), 'Ask Kim.');
    const report = await look();
    expect(errors(report)).toEqual([]);
    expect(report.from.whole).toBe(true);
  });
});

describe('a folder that one of our exports is', () => {
  it('says what it is, where it comes from and how it is asked', async () => {
    const [seen = '', ...others] = testInputs();
    await writeExported(folder, { inputs: [seen, 'another', seen] });
    const report = await look();
    expect(errors(report)).toEqual([]);
    expect(report).toMatchObject({
      ...{
        name: 'step-by-step 3',
        family: 'T5 v1.1',
        storedAs: 'float32',
        testRows: others.length + 1,
      },
      asking: { method: 'step-by-step', labelPrefix: 'predict: ', rationalePrefix: 'explain: ' },
      from: { folder, exported: 'huggingface', origin: originOf(), whole: true, seenTestRows: 1 },
    });
    expect(report.from.sha256).toBe(await hashStudent(folder));
    expect(report.parameters).toBeGreaterThan(0);
    expect(report.bytes).toBeGreaterThan(4 * (report.parameters ?? 0));
    expect(warnings(report)).toEqual([
      'The student comes from another project, “Elsewhere”.',
      `The student was trained on 1 of the ${others.length + 1} test rows of this split.`,
    ]);
    // Nobody has looked at scores.
    expect(store.splits.get(splitId).looks).toBe(0);
  });

  it.each([
    ['bfloat16', 'huggingface-bfloat16'],
    ['float16', 'huggingface-float16'],
  ] as const)('in halves is taken as it is: %s', async (dtype, exported) => {
    await writeExported(folder, { dtype, exported });
    const report = await look();
    expect(report).toMatchObject({ storedAs: dtype, from: { exported, whole: true } });
    expect(errors(report)).toEqual([]);
    expect(warnings(report)).not.toContainEqual(expect.stringContaining('weights are stored'));
  });

  it('may be of an earlier version, without certificate, origin and rows', async () => {
    await writeExported(folder, { exported: null, origin: null, dtype: 'float16' });
    expect(await look()).toMatchObject({
      ...{ name: 'apples', findings: [] },
      from: { exported: 'huggingface-float16', origin: null, whole: null, seenTestRows: null },
      asking: { method: 'step-by-step' },
    });
  });

  it('may be what a training elsewhere came to', async () => {
    await writeExported(folder, { exported: 'training' });
    expect((await look()).from).toMatchObject({ exported: 'training', whole: true });
    await rm(join(folder, 'certificate.json'));
    expect((await look()).from).toMatchObject({ exported: 'training', whole: null });
  });

  it('is refused when a file has changed, but not for the card that people read', async () => {
    await writeFile(join(root, 'README.md'), '');
    await mkdir(folder);
    await writeFile(join(folder, 'README.md'), 'A student\n');
    await writeExported(folder);
    await appendFile(join(folder, 'README.md'), 'of mine\n');
    const edited = await look();
    expect(edited.from.whole).toBe(false);
    expect(errors(edited)).toEqual([]);
    expect(warnings(edited)).toContainEqual(expect.stringContaining('README.md is not as it was'));

    const weights = join(folder, 'model.safetensors');
    const bytes = await readFile(weights);
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    await writeFile(weights, bytes);
    expect(errors(await look())).toEqual([
      'model.safetensors is not as it was exported: its content has changed since.',
    ]);
    await rm(join(folder, 'tokenizer.json'));
    const lacking = errors(await look());
    expect(lacking).toContain(
      'tokenizer.json is missing, though the folder’s certificate knows it.',
    );
  });

  it('is refused where its own words cannot be read', async () => {
    await writeExported(folder);
    await writeFile(join(folder, 'stepwise.json'), '{');
    expect(errors(await look())).toContain('stepwise.json can’t be read.'.replace('’', "'"));
    await writeExported(folder, { exported: null });
    await write(folder, 'trained-on.json', { format: 1, hash: 'sha256-64', inputs: ['no hash'] });
    const report = await look();
    expect(errors(report)).toEqual([]);
    expect(warnings(report)).toContain("trained-on.json can't be read.");
    expect(report.from.seenTestRows).toBeNull();
  });
});

describe('what a person should know', () => {
  it('is another task, other labels, generated rows', async () => {
    await writeExported(folder, {
      origin: originOf({ synthetic: true }),
      manifest: { task: 'classification', labels: ['yes', 'no'] },
    });
    expect(warnings(await look())).toEqual([
      expect.stringContaining('another kind of task (classification'),
      expect.stringContaining('another project, “Elsewhere”'),
      expect.stringContaining('practice teacher'),
    ]);
    await writeExported(folder, { manifest: { labels: ['yes', 'no'] } });
    expect(warnings(await look())).toContainEqual(
      expect.stringContaining('other labels: yes, no, where this project has none'),
    );
  });

  it('is that this student is here already, imported or trained', async () => {
    await writeExported(folder);
    const report = await look();
    const { projectId } = store.splits.get(splitId);
    const run = store.runs.create({
      ...{ projectId, splitId, extractionId: null, name: 'Came in', importedFrom: report.from },
      ...{ settings: originOf().settings, trainRows: 700, rationaleRows: 650 },
      ...{ studyId: null, parentId: null },
    });
    expect(warnings(await look())).toContain(
      'This very student was imported already, as “Came in”.',
    );
    await rm(folder, { recursive: true });
    await writeExported(folder, { dtype: 'bfloat16', runId: run.id });
    expect(warnings(await look())).toContain(
      'The folder was exported from “Came in” of this split.',
    );
  });
});

describe('a folder from elsewhere', () => {
  it('that is a T5 needs a person to say how it is asked', async () => {
    await writeStudentFolder(folder);
    expect(await look()).toMatchObject({
      ...{ name: 'apples', asking: null, findings: [] },
      from: { exported: null, origin: null, whole: null, seenTestRows: null },
    });
  });

  it('that is nothing of the kind is refused, and says why', async () => {
    expect(errors(await look())).toEqual(['There is no folder “apples”.']);
    await mkdir(folder);
    expect(errors(await look())).toEqual([expect.stringContaining('“apples” holds no student')]);
    await mkdir(join(folder, 'within'));
    await writeFile(join(folder, 'within', 'config.json'), '{}');
    expect(errors(await look())).toEqual([expect.stringContaining('“apples” holds no student')]);
    await writeFile(join(folder, 'within', 'model.safetensors'), '');
    expect(errors(await look())).toEqual(['“apples” is no student itself: it holds “within”.']);
    await writeFile(join(folder, 'train.py'), '');
    expect(errors(await look())).toEqual([
      expect.stringContaining('“apples” is a training bundle'),
    ]);
    await rm(join(folder, 'train.py'));
    await writeFile(join(folder, 'student.gguf'), '');
    expect(errors(await look())).toEqual([expect.stringContaining('GGUF')]);
    const report = await look();
    expect(report).toMatchObject({ parameters: null, family: null, from: { sha256: '' } });
  });

  it('that was exported for something else says for what', async () => {
    await writeExported(folder, { exported: 'tensorflowjs' });
    await rm(join(folder, 'model.safetensors'));
    expect(errors(await look())).toContainEqual(
      expect.stringContaining('“apples” is an export for TensorFlow.js'),
    );
  });
});
