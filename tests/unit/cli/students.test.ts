import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../electron/cli.ts';
import { describeReport, describeStudents } from '../../../electron/cli/commands/students.ts';
import type { StudentReport } from '../../../electron/contract/entities.ts';
import { writeStudentFolder } from '../model/student-folder.ts';
import { temporaryFolder } from '../ipc/support.ts';

const report: StudentReport = {
  folder: '/models/flan-t5-small',
  usable: true,
  findings: [{ severity: 'warning', message: 'Stored as halves.', hint: 'They are widened.' }],
  family: 'T5 v1.1',
  parameters: 76_961_152,
  layers: { encoder: 8, decoder: 8, width: 512, heads: 6 },
  vocabulary: 32_128,
  tokenizerTokens: 32_100,
  storedAs: 'bfloat16',
  fileBytes: 153_922_304,
  trainingBytes: { full: 1_231_378_432, lora: 520_000_000 },
  memoryBytes: { available: 8e9, total: 16e9 },
  sha256: 'ab',
};

describe('a pretrained student in words', () => {
  it('says what it is, what it takes, and what to do', () => {
    const text = describeReport(report);
    expect(text).toContain('T5 v1.1, 77.0 M parameters');
    expect(text).toContain('32128 rows for 32100 tokens');
    expect(text).toContain('1.2 GB of memory, 520 MB with adapters; 8.0 GB are free');
    expect(text).toContain('Note: Stored as halves.\n  They are widened.');
    expect(text).toContain('It can be trained.');
    const broken: StudentReport = {
      ...report,
      usable: false,
      findings: [{ severity: 'error', message: 'No weights.', hint: 'Copy them.' }],
      ...{ family: null, parameters: null, layers: null, trainingBytes: null, sha256: null },
    };
    expect(describeReport(broken)).toContain(
      'Error: No weights.\n  Copy them.\nIt cannot be used.',
    );
    expect(describeReport(broken)).not.toContain('parameters');
  });

  it('is a row of the list', () => {
    const student = { id: 'a', name: 'Flan', folder: report.folder, report, addedAt: 'now' };
    expect(describeStudents([student])).toMatch(/Flan +T5 v1\.1 +77\.0 M +1\.2 GB +520 MB/);
    expect(describeStudents([])).toContain('stepwise students add');
  });
});

describe('stepwise students', () => {
  let root = '';
  let remove: () => void = () => undefined;
  beforeAll(async () => {
    const temporary = temporaryFolder();
    [root, remove] = [temporary.folder, temporary.remove];
    await writeStudentFolder(join(root, 'tiny'));
  });
  afterAll(() => remove());

  const run = (...words: string[]): Promise<number> =>
    runCommand(['--workspace', join(root, 'workspace'), '--json', 'students', ...words]);

  it('checks, adds, lists and removes; only what works ends with 0', async () => {
    const folder = join(root, 'tiny');
    expect(await run('check', folder)).toBe(0);
    expect(await run('add', folder)).toBe(0);
    expect(await run('list')).toBe(0);
    expect(await run('remove', 'tiny')).toBe(0);
    expect(await run('remove', 'tiny')).toBe(1);
    rmSync(join(folder, 'tokenizer.json'));
    expect(await run('check', folder)).toBe(1);
    expect(await run('add', folder)).toBe(1);
  }, 60_000);
});
