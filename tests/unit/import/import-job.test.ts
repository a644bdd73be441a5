import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnMapping, Project, Task } from '../../../electron/contract/entities.ts';
import type { JobProgress } from '../../../electron/contract/jobs.ts';
import { sha256 } from '../../../electron/core/hash.ts';
import type { JobContext } from '../../../electron/stages/job.ts';
import type { ImportInput } from '../../../electron/stages/import/index.ts';
import { importJob, inspectFile, previewMapping } from '../../../electron/stages/import/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { expectFailure, noColumns } from './support.ts';

let folder: string;
let store: Store;
let project: Project;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'));
  store = openStore(join(folder, 'studio.sqlite'));
  project = newProject('text');
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function newProject(task: Task, labels: string[] = []): Project {
  return store.projects.create({ name: `A ${task} project`, task, labels, synthetic: false });
}

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

interface Ran {
  progress: Pick<JobProgress, 'done' | 'total' | 'phase'>[];
  saved: string[];
}

async function run(
  path: string,
  mapping: Partial<ColumnMapping>,
  more: {
    input?: Partial<ImportInput>;
    createdAt?: string;
    controller?: AbortController;
    onProgress?: (phase: JobProgress['phase']) => void;
  } = {},
): Promise<Ran> {
  const ran: Ran = { progress: [], saved: [] };
  const refuse = (): never => {
    throw new Error('an import asks for neither worker nor key');
  };
  const context: JobContext = {
    job: {
      id: 'job',
      projectId: project.id,
      kind: 'import',
      subjectId: null,
      title: 'Import',
      state: 'running',
      progress: {
        done: 0,
        total: null,
        unit: 'rows',
        phase: 'preparing',
        rate: null,
        secondsLeft: null,
      },
      error: null,
      seq: 1,
      createdAt: more.createdAt ?? '2020-01-01T00:00:00.000Z',
      startedAt: null,
      endedAt: null,
    },
    store,
    signal: (more.controller ?? new AbortController()).signal,
    folders: { workspace: folder, run: refuse, exports: folder, incoming: folder },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    progress: (progress) => {
      ran.progress.push(progress);
      more.onProgress?.(progress.phase);
    },
    saved: (area) => ran.saved.push(area),
    runWorker: refuse,
    teacherKey: refuse,
  };
  const input: ImportInput = importJob.input.parse({
    path,
    sourceName: basename(path),
    name: null,
    mapping: { ...noColumns, ...mapping },
    givenPart: null,
    ...more.input,
  });
  await importJob.run(context, input);
  return ran;
}

/** Everything of the project's data that a failed import could have touched. */
function data(): unknown {
  return {
    datasets: store.data.list(project.id),
    counts: store.data.count(project.id),
    examples: [...store.data.examples(project.id)],
  };
}

const nothing = {
  datasets: [],
  counts: { examples: 0, withGold: 0, recorded: 0 },
  examples: [],
};

describe('importJob', () => {
  it('saves all rows as one dataset that names its source', async () => {
    const content = 'n,q,y,out\na,One?,1,So 1.\nb,Two?,,\n';
    const path = file('sums.csv', content);
    const mapping = { id: 'n', input: 'q', label: 'y', completion: 'out' };
    const ran = await run(path, mapping, { input: { givenPart: 'test' } });

    const [dataset, ...others] = store.data.list(project.id);
    expect(others).toEqual([]);
    expect(dataset).toMatchObject({
      name: 'sums',
      sourceName: 'sums.csv',
      sourceSha256: sha256(content),
      rows: 2,
      withGold: 1,
      withCompletion: 1,
      givenPart: 'test',
      mapping: { ...noColumns, ...mapping },
    });
    expect([...store.data.examples(project.id)]).toMatchObject([
      { externalId: 'a', input: 'One?', gold: '1', recordedCompletion: 'So 1.' },
      { externalId: 'b', input: 'Two?', gold: null, recordedCompletion: null },
    ]);
    expect(ran.saved).toEqual(['data']);
    expect(ran.progress.at(-1)).toEqual({ done: 2, total: 2, phase: 'saving' });
  });

  it('takes a name of its own, and the same rows again as another dataset', async () => {
    const path = file('a.csv', 'q\nx\n');
    await run(path, { input: 'q' }, { input: { name: 'First' } });
    await run(path, { input: 'q' }, { createdAt: '2999-01-01T00:00:00.000Z' });
    expect(store.data.list(project.id).map(({ name }) => name)).toEqual(['First', 'a']);
  });

  it('does not save twice when it is run again after its end was lost', async () => {
    const path = file('a.csv', 'q\nx\n');
    await run(path, { input: 'q' });
    const before = data();
    const again = await run(path, { input: 'q' });
    expect(data()).toEqual(before);
    expect(again.saved).toEqual([]);
  });

  it('tells its progress in rows, through every phase', async () => {
    const path = file('a.csv', `q\n${'x\n'.repeat(9_000)}`);
    const { progress } = await run(path, { input: 'q' });
    expect(new Set(progress.map(({ phase }) => phase))).toEqual(
      new Set(['preparing', 'working', 'saving']),
    );
    const working = progress.filter(({ phase }) => phase === 'working');
    expect(working.length).toBeGreaterThan(4);
    expect(working.map(({ done }) => done)).toEqual(
      working.map(({ done }) => done).toSorted((a, b) => a - b),
    );
    expect(working.at(-1)?.done).toBe(9_000);
    expect(working.every(({ total }) => total === 9_000)).toBe(true);
  });

  it('lets other work happen while it reads', async () => {
    const path = file('a.csv', `q\n${'x\n'.repeat(20_000)}`);
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await run(path, { input: 'q' });
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(15);
  });

  it.each(['preparing', 'working', 'saving'] as const)(
    'saves nothing when it is stopped while %s',
    async (phase) => {
      const path = file('a.csv', `q\n${'x\n'.repeat(9_000)}`);
      const controller = new AbortController();
      const ran = await run(
        path,
        { input: 'q' },
        {
          controller,
          onProgress: (now) => {
            if (now === phase) controller.abort('cancel');
          },
        },
      );
      expect(data()).toEqual(nothing);
      expect(ran.saved).toEqual([]);
    },
  );
});

describe('bad input leaves the project as it was', () => {
  const rows = (broken: string) =>
    [
      'id,q,y',
      ...Array.from({ length: 900 }, (_, i) => (i === 698 ? broken : `${i},Q ${i},a`)),
    ].join('\n');
  const all = { id: 'id', input: 'q', label: 'y' };

  it.each([
    ['an empty file', 'a.csv', '', all, 'file-empty', 'a.csv'],
    ['column names only', 'a.csv', 'id,q,y\n', all, 'file-empty', 'a.csv'],
    ['a workbook', 'a.xlsx', 'PK\x03\x04 xl/workbook.xml', all, 'file-binary', 'Excel'],
    [
      'another encoding',
      'a.csv',
      Buffer.from('id,q,y\n1,caf\xe9,a\n', 'latin1'),
      all,
      'file-encoding',
      'line 2',
    ],
    ['an open quote', 'a.csv', rows('698,"Q,a'), all, 'file-syntax', 'line 700'],
    ['a short row', 'a.csv', rows('698'), all, 'file-syntax', 'line 700'],
    ['an empty input', 'a.csv', rows('698, ,a'), all, 'rows-invalid', 'line 700'],
    [
      'a repeated id',
      'a.csv',
      rows('5,Q,a'),
      all,
      'id-duplicate',
      /line 700: The id “5” stands on line 7 already/,
    ],
    [
      'a missing column',
      'a.csv',
      rows('698,Q,a'),
      { ...all, label: 'label' },
      'column-missing',
      '“label”',
    ],
    [
      'a missing column in a template',
      'a.csv',
      'id,q\n1,x',
      { template: '{q} {r}' },
      'column-missing',
      '“r”',
    ],
    ['a broken line', 'a.jsonl', '{"q":"x"}\n{"q":\n', { input: 'q' }, 'file-syntax', 'line 2'],
    ['broken JSON', 'a.json', '[{"q":"x"},\n{"q":}]', { input: 'q' }, 'file-syntax', 'line 2'],
  ] as const)('%s', async (_, name, content, mapping, code, words) => {
    const path = file(name, content);
    await run(file('before.csv', 'q\nkept\n'), { input: 'q' });
    const before = data();
    await expectFailure(run(path, mapping as Partial<ColumnMapping>), code, name, words);
    expect(data()).toEqual(before);
  });

  it('a label outside the label set, and an answer that is no choice', async () => {
    project = newProject('classification', ['yes', 'no']);
    const labels = file('labels.csv', 'q,y\na,yes\nb,maybe\nc,no\n');
    await expectFailure(
      run(labels, { input: 'q', label: 'y' }),
      'rows-invalid',
      'labels.csv, line 3',
      '“maybe”',
    );
    expect(data()).toEqual(nothing);

    project = newProject('multiple-choice');
    const choices = file('choices.csv', 'q,c,y\na,x|y,B\nb,x|y,z\n');
    await expectFailure(
      run(choices, { input: 'q', label: 'y', choices: ['c'] }),
      'rows-invalid',
      'choices.csv, line 3',
      '“z”',
    );
    expect(data()).toEqual(nothing);
  });

  it('a file that is gone, or is a folder', async () => {
    await expectFailure(
      run(join(folder, 'gone.csv'), { input: 'q' }),
      'file-unreadable',
      'gone.csv',
    );
    await expectFailure(run(folder, { input: 'q' }), 'file-unreadable', 'folder');
    expect(data()).toEqual(nothing);
  });

  it('tells five problems and counts the others', async () => {
    const path = file('a.csv', `id,q\n${'same,\n'.repeat(10)}`);
    const { message } = await expectFailure(run(path, { id: 'id', input: 'q' }), 'rows-invalid');
    expect(message.match(/[Ll]ine \d+: /g)).toHaveLength(5);
    expect(message).toMatch(/And 14 more\.$/);
  });
});

describe('inspectFile and previewMapping', () => {
  const chosen = (path: string) => ({ fileId: 'f', name: basename(path), bytes: 1, path });

  it('shows what a file holds', async () => {
    const path = file('a.csv', `\ufeffquestion;answer\n${'Why?;yes\n'.repeat(30)}`);
    const inspection = await inspectFile(chosen(path));
    expect(inspection).toMatchObject({
      file: { fileId: 'f', name: 'a.csv', bytes: 1 },
      format: 'csv',
      encoding: 'UTF-8 with BOM',
      delimiter: ';',
      columns: ['question', 'answer'],
      suggested: { ...noColumns, input: 'question', label: 'answer' },
      suggestedTask: 'classification',
    });
    expect(inspection.rows).toHaveLength(20);
    expect(inspection.rows[0]).toEqual({ question: 'Why?', answer: 'yes' });
    expect(inspection.file).not.toHaveProperty('path');
  });

  it('lists the values of columns that have few, from all rows', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `Q${i},${i === 199 ? 'late' : 'early'},`);
    const { values } = await inspectFile(chosen(file('a.csv', ['q,y,none', ...rows].join('\n'))));
    expect(values).toEqual({ y: ['early', 'late'], none: [] });
  });

  it('shows rows as they would be imported, with the first problems of the whole file', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => (i === 3 || i === 25 ? ',a' : `Q${i},a`));
    const path = file('a.csv', ['q,y', ...rows].join('\n'));
    const preview = await previewMapping(
      chosen(path),
      { ...noColumns, input: 'q', label: 'y' },
      project,
    );
    expect(preview.rows).toHaveLength(20);
    expect(preview.rows[0]).toMatchObject({ externalId: 'row-1', input: 'Q0', gold: 'a' });
    expect(preview.problems).toEqual([
      { line: 5, message: 'The input is empty.' },
      { line: 27, message: 'The input is empty.' },
    ]);
    expect(data()).toEqual(nothing);
  });

  it('counts answers by all rows of the file, not only those it shows', async () => {
    project = newProject('multiple-choice');
    const rows = Array.from({ length: 30 }, (_, i) => `Q${i},x|y|z,${i === 29 ? 3 : 1}`);
    const path = file('a.csv', ['q,c,y', ...rows].join('\n'));
    const mapping = { ...noColumns, input: 'q', label: 'y', choices: ['c'] };
    const preview = await previewMapping(chosen(path), mapping, project);
    expect([preview.rows[0]?.gold, preview.problems]).toEqual(['x', []]);
  });
});

const cqa = fileURLToPath(new URL('../../../../shared/data/cqa/train.jsonl', import.meta.url));

describe.skipIf(!existsSync(cqa))('importing CommonsenseQA (needs ../shared)', () => {
  it('saves every row with its choices, gold label and recorded completion', async () => {
    project = newProject('multiple-choice');
    await run(cqa, {
      id: 'id',
      input: 'question',
      label: 'answer',
      choices: ['choices'],
      completion: 'teacher_completion',
    });
    expect(store.data.count(project.id)).toEqual({
      examples: 9741,
      withGold: 9741,
      recorded: 9741,
    });
    const [first] = store.data.page(project.id, { offset: 0, limit: 1 }).rows;
    expect(first?.choices).toHaveLength(5);
    expect(first?.choices).toContain(first?.gold);
  });
});
