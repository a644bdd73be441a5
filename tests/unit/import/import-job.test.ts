import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ColumnMapping, Project, Task } from '../../../electron/contract/entities.ts';
import { ReadOptions } from '../../../electron/contract/entities.ts';
import { sha256 } from '../../../electron/core/hash.ts';
import { inspectFile, previewMapping } from '../../../electron/stages/import/index.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { Store } from '../../../electron/store/store.ts';
import { watched } from '../store/workspace.ts';
import type { Ran, RunOptions } from './job-support.ts';
import { hereThreads, runImport } from './job-support.ts';
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

const run = (path: string, mapping: Partial<ColumnMapping>, more: RunOptions = {}): Promise<Ran> =>
  runImport(store, project, path, mapping, more);

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
    await run(path, { input: 'q' });
    expect(store.data.list(project.id).map(({ name }) => name)).toEqual(['First', 'a']);
  });

  it('does not save twice when it is run again after its end was lost', async () => {
    const path = file('a.csv', 'q\nx\n');
    await run(path, { input: 'q' }, { jobId: 'j' });
    const before = data();
    const again = await run(path, { input: 'q' }, { jobId: 'j' });
    expect(data()).toEqual(before);
    expect(again.saved).toEqual([]);
  });

  it('tells its progress in rows, with a total that is reckoned and at last known', async () => {
    const path = file('a.csv', `q\n${'x\n'.repeat(9_000)}`);
    const { progress } = await run(path, { input: 'q' });
    const done = progress.map((report) => report.done);
    expect(done.length).toBeGreaterThan(4);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(progress.every(({ done: rows, total }) => total !== null && total >= rows)).toBe(true);
    expect(progress.at(-1)).toEqual({ done: 9_000, total: 9_000, phase: 'saving' });
  });

  it.each([1, 2_000, 9_000])('saves nothing when it is stopped after row %i', async (rows) => {
    const path = file('a.csv', `q\n${'x\n'.repeat(9_000)}`);
    const controller = new AbortController();
    const ran = await run(
      path,
      { input: 'q' },
      {
        controller,
        onProgress: ({ done, phase }) => {
          if (done >= rows && phase === 'working') controller.abort('cancel');
        },
      },
    );
    expect(data()).toEqual(nothing);
    expect(ran.saved).toEqual([]);
    expect(store.data.sweep(1)).toBe(true);
  });

  it('leaves what it can’t remove in time to the next import', async () => {
    const path = file('a.csv', `q\n${'x\n'.repeat(9_000)}`);
    const controller = new AbortController();
    const stop = (): void => controller.abort('shutdown');
    await run(path, { input: 'q' }, { controller, onProgress: stop });
    expect(data()).toEqual(nothing);
    expect(store.data.sweep(1)).toBe(false);
    await run(path, { input: 'q' });
    expect(store.data.count(project.id).examples).toBe(9_000);
    expect([...store.data.examples(project.id)]).toHaveLength(9_000);
  });

  it('saves nothing when the disk is full, and all of it once there is room', async () => {
    const full = watched();
    store.close();
    store = full.store;
    project = newProject('text');
    const path = file('a.csv', `q\n${`${'so many words '.repeat(20)}\n`.repeat(9_000)}`);
    const pages = Number(full.db().pragma('page_count', { simple: true }));
    full.db().pragma(`max_page_count = ${pages + 300}`);
    await expect(run(path, { input: 'q' })).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(data()).toEqual(nothing);
    full.db().pragma('max_page_count = 1000000');
    await run(path, { input: 'q' });
    expect([...store.data.examples(project.id)]).toHaveLength(9_000);
    expect(full.db().pragma('foreign_key_check')).toEqual([]);
    expect(full.db().pragma('foreign_keys', { simple: true })).toBe(1);
  });

  it('shows no row before the last', async () => {
    const path = file('a.csv', `q\n${'x\n'.repeat(3_000)}`);
    const seen = new Set<unknown>();
    const look = ({ phase }: { phase: string }): void => {
      if (phase === 'working') seen.add(JSON.stringify(data()));
    };
    await run(path, { input: 'q' }, { onProgress: look });
    expect([...seen]).toEqual([JSON.stringify(nothing)]);
  });
});

describe('what an import does besides reading', () => {
  const csv = (...rows: string[]): string => file('a.csv', ['i,q,y,s', ...rows].join('\n'));
  const mapping = { id: 'i', input: 'q', label: 'y' };
  const inputs = (): string[] => Array.from(store.data.examples(project.id), ({ input }) => input);
  const card = () => store.data.list(project.id).at(-1)?.card;

  it.each([
    ['keep', ['Why?', 'Why?', 'WHY? ', 'How?'], { exact: 1, normalised: 2, conflicting: 1 }, 0],
    ['exact', ['Why?', 'WHY? ', 'How?'], { exact: 0, normalised: 1, conflicting: 1 }, 1],
    ['normalised', ['Why?', 'How?'], { exact: 0, normalised: 0, conflicting: 0 }, 2],
  ] as const)('with dedupe %s', async (dedupe, kept, duplicates, dropped) => {
    const path = csv('1,Why?,a,', '2,Why?,a,', '3,WHY?,b,', '4,How?,b,');
    await run(path, mapping, { options: { dedupe } });
    expect(inputs()).toEqual(kept.map((text) => text.trim()));
    expect(card()).toMatchObject({ read: 4, dropped, duplicates });
  });

  it('drops rows that the project has already', async () => {
    await run(csv('1,Why?,a,'), mapping, { input: { sourceName: 'before.csv' } });
    await run(csv('9,why?,a,', '8,How?,a,'), mapping, { options: { dedupe: 'normalised' } });
    expect(inputs()).toEqual(['Why?', 'How?']);
    expect(card()).toMatchObject({ read: 2, dropped: 1 });
  });

  it('leaves out rows that can’t be imported, where that is wished, and says which', async () => {
    const path = csv('1,Why?,a,', '2,,a,', '1,How?,a,', '4,Who?,a,');
    await run(path, mapping, { options: { invalidRows: 'skip' } });
    expect(inputs()).toEqual(['Why?', 'Who?']);
    expect(card()).toMatchObject({
      ...{ read: 4, skipped: 2 },
      skippedReasons: [
        { line: 3, message: 'The input is empty.' },
        { line: 4, message: 'The id “1” stands on line 2 already.' },
      ],
    });
  });

  it('takes parts and kept columns of rows, and counts them', async () => {
    const path = csv('1,Why?,a,train', '2,How?,,test', '3,Who?,b,');
    const part = { column: 's', values: { train: 'train', test: 'test' } } as const;
    await run(path, { ...mapping, part, keep: ['s'] }, { input: { givenPart: 'validation' } });
    expect([...store.data.examples(project.id)]).toMatchObject([
      { givenPart: 'train', meta: { s: 'train' } },
      { givenPart: 'test', meta: { s: 'test' } },
      { givenPart: 'validation', meta: null },
    ]);
    expect(card()).toMatchObject({
      ...{ unlabelled: 1, moreLabels: 0, givenParts: { train: 1, validation: 1, test: 1 } },
      labels: [
        { label: 'a', rows: 1 },
        { label: 'b', rows: 1 },
      ],
    });
  });

  it('tells lengths in tokens and the language', async () => {
    const long = 'The farmer walked over the hill and looked at all of his sheep. '.repeat(20);
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i < 3 ? long : 'Two plus two?'},a,`);
    await run(csv(...rows), mapping);
    const tokens = card()?.tokens;
    expect(tokens).toMatchObject({ rows: 30, percentiles: { p50: 4 } });
    expect(tokens?.above.find((length) => length.tokens === 256)?.share).toBe(0.1);
    expect(card()?.languages).toEqual([
      { code: 'und', rows: 27 },
      { code: 'en', rows: 3 },
    ]);
  });
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

  it('a file that is gone', async () => {
    await expectFailure(
      run(join(folder, 'gone.csv'), { input: 'q' }),
      'file-unreadable',
      'gone.csv',
    );
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
  const chosen = (path: string) => ({
    ...{ fileId: 'f', name: basename(path), bytes: 1, path, pasted: false },
  });
  const read = ReadOptions.parse({});
  const inspect = (path: string) => inspectFile(hereThreads, chosen(path), read);
  const preview = (path: string, mapping: Partial<ColumnMapping>) =>
    previewMapping(hereThreads, chosen(path), read, { ...noColumns, ...mapping }, project);

  it('shows what a file holds', async () => {
    const path = file('a.csv', `\ufeffquestion;answer\n${'Why?;yes\n'.repeat(30)}`);
    const inspection = await inspect(path);
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
    const { values } = await inspect(file('a.csv', ['q,y,none', ...rows].join('\n')));
    expect(values).toEqual({ y: ['early', 'late'], none: [] });
  });

  it('shows rows as they would be imported, with the first problems of the whole file', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => (i === 3 || i === 25 ? ',a' : `Q${i},a`));
    const path = file('a.csv', ['q,y', ...rows].join('\n'));
    const seen = await preview(path, { input: 'q', label: 'y' });
    expect(seen.rows).toHaveLength(20);
    expect(seen.rows[0]).toMatchObject({ externalId: 'row-1', input: 'Q0', gold: 'a' });
    expect(seen.problems).toEqual([
      { line: 5, message: 'The input is empty.' },
      { line: 27, message: 'The input is empty.' },
    ]);
    expect(data()).toEqual(nothing);
  });

  it('counts answers by all rows of the file, not only those it shows', async () => {
    project = newProject('multiple-choice');
    const rows = Array.from({ length: 30 }, (_, i) => `Q${i},x|y|z,${i === 29 ? 3 : 1}`);
    const path = file('a.csv', ['q,c,y', ...rows].join('\n'));
    const seen = await preview(path, { input: 'q', label: 'y', choices: ['c'] });
    expect([seen.rows[0]?.gold, seen.problems]).toEqual(['x', []]);
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
