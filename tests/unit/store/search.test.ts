import { closeSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { everyRow } from '../../../electron/contract/entities.ts';
import type { RowQuery } from '../../../electron/contract/entities.ts';
import { Random } from '../../../electron/core/random.ts';
import { listTask } from '../../../electron/store/list-task.ts';
import { catchUp } from '../../../electron/store/search-index.ts';
import { searchPath } from '../../../electron/store/search-reader.ts';
import { matchQuery } from '../../../electron/store/search-words.ts';
import type { RowsSeen, Store } from '../../../electron/store/store.ts';
import {
  answered,
  newDataset,
  newExtraction,
  newPath,
  newProject,
  newTeacher,
  opened,
  row,
  rows,
} from './workspace.ts';

/** Indexes all there is, and forgets the changes that were taken in, as main does. */
async function index(store: Store, anew = false): Promise<number> {
  let indexed = 0;
  await catchUp({ store: store.path, index: searchPath(store.path), anew }, async (step) => {
    indexed += step.rows;
    while (store.reviews.indexed(step.applied));
    await Promise.resolve();
  });
  return indexed;
}

const search = (store: Store, projectId: string, extractionId: string | null, text: string) =>
  store.reviews.page(
    { projectId, extractionId, query: { ...everyRow, text } },
    { offset: 0, limit: 500 },
  );

const names = (
  store: Store,
  projectId: string,
  extractionId: string | null,
  text: string,
): string[] =>
  search(store, projectId, extractionId, text).rows.map(({ externalId }) => externalId);

/** Words as the index cuts them: runs of letters and digits, without case. */
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Whether words follow one another in one of the texts; of the last the beginning may do. */
function standsIn(texts: readonly string[], words: readonly string[], isPrefix: boolean): boolean {
  return texts.some((text) => {
    const there = wordsOf(text);
    return there.some((_, at) =>
      words.every((word, index) => {
        const other = there[at + index];
        const mayGoOn = isPrefix && index === words.length - 1;
        return other !== undefined && (mayGoOn ? other.startsWith(word) : other === word);
      }),
    );
  });
}

/** Word by word and phrase by phrase, over all texts of a row. */
function naive(texts: readonly string[], query: string): boolean {
  return query.split('"').every((part, index) => {
    const isPhrase = index % 2 === 1;
    const terms = isPhrase ? [part] : part.split(/\s+/);
    return terms.every((term) => {
      const words = wordsOf(term);
      return words.length === 0 || standsIn(texts, words, !isPhrase);
    });
  });
}

const vocabulary = [
  ...[
    'apple',
    'apples',
    'app',
    'Äpfel',
    'a',
    'an',
    'and',
    'or',
    'not',
    'near',
    '3.5',
    '18',
    '1',
    'x-ray',
  ],
  ...[
    '물',
    '물을',
    '물이',
    '사과',
    '사과를',
    '사과가',
    '학교에서',
    '학교',
    'don’t',
    'naïve',
    'C++',
    'É',
  ],
];

describe('search', () => {
  it('finds what a look at the words of each row finds', async () => {
    const store = opened(newPath());
    const random = new Random(77);
    const project = newProject(store);
    const text = (most: number): string =>
      Array.from({ length: random.integer(1, most) }, () => random.pick(vocabulary)).join(
        random.pick([' ', ', ', '. ']),
      );
    const inputs = Array.from({ length: 250 }, () => text(8));
    const choices = inputs.map(() => (random.next() < 0.3 ? [text(2), text(2)] : null));
    const golds = inputs.map(() => (random.next() < 0.5 ? random.pick(vocabulary) : null));
    newDataset(
      store,
      project,
      inputs.map((input, i) =>
        row(`${i}`, { input, choices: choices[i] ?? null, gold: golds[i] ?? null }),
      ),
    );
    const extraction = newExtraction(store, project, newTeacher(store, project));
    const ids = [...store.data.examples(project.id)].map(({ id }) => id);
    const labels = inputs.map(() => random.pick([...vocabulary, null]));
    store.extractions.saveCompletions(
      extraction.id,
      ids.map((id, i) => answered(id, labels[i] ?? null, null)),
    );
    const notes = inputs.map(() => (random.next() < 0.2 ? text(3) : ''));
    for (const [i, note] of notes.entries()) {
      if (note !== '') store.reviews.apply(extraction.id, [ids[i] ?? 0], { kind: 'note', note });
    }
    await index(store);

    const data = inputs.map((input, i) => [input, choices[i]?.join('\n') ?? '', golds[i] ?? '']);
    const everything = data.map((texts, i) => [
      ...texts,
      labels[i] ?? '',
      labels[i] ? 'Because.' : '',
      notes[i] ?? '',
    ]);
    // Accents are folded: the test does it by hand.
    const plain = (query: string): string =>
      query.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
    const found = (texts: readonly string[][], query: string): string[] =>
      texts.flatMap((each, i) => (naive(each.map(plain), plain(query)) ? [`${i}`] : []));
    let hits = 0;
    for (let round = 0; round < 120; round++) {
      const terms = Array.from({ length: random.integer(1, 3) }, () => {
        const word = random.pick([...vocabulary, 'because', 'zebra']);
        const dice = random.next();
        if (dice < 0.3) return word.slice(0, random.integer(1, word.length));
        return dice < 0.5 ? `"${word} ${random.pick(vocabulary)}"` : word;
      });
      const query = terms.join(' ');
      const expected = found(everything, query);
      hits += expected.length;
      expect(names(store, project.id, extraction.id, query), query).toEqual(expected);
      expect(names(store, project.id, null, query), query).toEqual(found(data, query));
    }
    expect(hits).toBeGreaterThan(500);
  });

  it('takes every text for words, and never for an error', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    newDataset(store, project, [
      ...rows(5),
      row('odd', { input: 'a + b = "c" (d) {e} [f] ^g *h :i -j \\k \0l NOT m' }),
    ]);
    await index(store);
    const random = new Random(3);
    const pieces = [
      ...[
        '"',
        '""',
        '*',
        '^',
        '(',
        ')',
        '{',
        '}',
        ':',
        '+',
        '-',
        "'",
        ',',
        ';',
        '\\',
        '\0',
        '\n',
        '\t',
        '%',
        '_',
      ],
      ...[
        ' AND ',
        ' OR ',
        ' NOT ',
        'NEAR(',
        'NEAR/3',
        'input:',
        '{input gold} :',
        '--',
        'rowid',
        'words_1',
        '“',
        '”',
      ],
      ...[
        'a',
        'b',
        'apples',
        '물',
        '\u{1f600}',
        '\ud800',
        '\u0301',
        'ﬁ',
        '𝒳',
        '\u200b',
        '\uffff',
        '١',
      ],
    ];
    for (let round = 0; round < 800; round++) {
      const text = Array.from({ length: random.integer(1, 9) }, () => random.pick(pieces))
        .join('')
        .slice(0, 500);
      const { total, searchReady } = search(store, project.id, null, text);
      expect(searchReady, JSON.stringify(text)).toBe(true);
      if (matchQuery(text, 'everything') === null) expect(total).toBe(6);
    }
    expect(names(store, project.id, null, 'NOT m')).toEqual(['odd']);
    expect(names(store, project.id, null, 'a+b "c" *h (d)')).toEqual(['odd']);
    expect(names(store, project.id, null, 'l \0 m')).toEqual(['odd']);
    expect(search(store, project.id, null, ' ?! ').total).toBe(6);
  });

  it('keeps projects and extractions apart', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    const other = newProject(store, 'Pears');
    newDataset(store, project, rows(3));
    newDataset(store, other, rows(4));
    await index(store);
    expect(search(store, project.id, null, 'apples')).toMatchObject({
      total: 3,
      searchReady: true,
    });
    expect(search(store, other.id, null, 'apples')).toMatchObject({ total: 4, searchReady: true });

    const teacher = newTeacher(store, project);
    const first = newExtraction(store, project, teacher);
    const [id = 0] = [...store.data.examples(project.id)].map((example) => example.id);
    expect(search(store, project.id, first.id, 'apples')).toMatchObject({
      total: 3,
      searchReady: false,
    });
    store.extractions.saveCompletions(first.id, [answered(id, 'turquoise', null)]);
    const second = newExtraction(store, project, teacher, { temperature: 0.5 });
    store.extractions.saveCompletions(second.id, [answered(id, 'scarlet', null)]);
    await index(store);
    const totals = (text: string) =>
      [null, first.id, second.id].map(
        (extractionId) => search(store, project.id, extractionId, text).total,
      );
    expect(totals('turquoise')).toEqual([0, 1, 0]);
    expect(totals('scarlet')).toEqual([0, 0, 1]);
    expect(totals('apples basket')).toEqual([3, 3, 3]);
    store.projects.remove(project.id);
    await index(store);
    expect(search(store, other.id, null, 'apples')).toMatchObject({ total: 4, searchReady: true });
  });

  it('follows what changes: new rows, answers, parses, edits, notes and removals', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    newDataset(store, project, rows(3));
    const extraction = newExtraction(store, project, newTeacher(store, project));
    const find = (text: string) => search(store, project.id, extraction.id, text);
    expect(find('apples')).toMatchObject({ total: 0, searchReady: false });
    await index(store);
    expect(find('apples')).toMatchObject({ total: 3, searchReady: true });

    const added = newDataset(store, project, [row('new', { input: 'A zebra' })]);
    expect(find('zebra')).toMatchObject({ total: 0, searchReady: false });
    await index(store);
    expect(find('zebra')).toMatchObject({ total: 1, searchReady: true });

    const [id = 0] = [...store.data.examples(project.id)].map((example) => example.id);
    store.extractions.saveCompletions(extraction.id, [answered(id, 'seven', null)]);
    await index(store);
    expect(find('seven because').total).toBe(1);
    store.extractions.saveRationales(extraction.id, [
      { exampleId: id, sample: 0, label: 'eight', rationale: 'Since', correct: null },
    ]);
    await index(store);
    expect([find('seven').total, find('because').total, find('eight since').total]).toEqual([
      0, 0, 1,
    ]);

    store.reviews.apply(extraction.id, [id], {
      kind: 'edit',
      label: 'nine',
      rationale: 'For cause',
    });
    store.reviews.apply(extraction.id, [id], { kind: 'note', note: 'doubtful' });
    expect(find('nine').searchReady).toBe(false);
    await index(store);
    expect(find('nine cause doubtful eight').total).toBe(1);
    store.reviews.undo(extraction.id);
    await index(store);
    expect([find('doubtful').total, find('nine').total]).toEqual([0, 1]);
    // A verdict has no words: nothing is indexed for it.
    store.reviews.apply(extraction.id, [id], { kind: 'verdict', verdict: 'accepted' });
    expect(await index(store)).toBe(0);

    store.data.remove(added.id);
    // Rows that are gone are left out at once, before they are taken out of the index.
    expect(find('zebra')).toMatchObject({ total: 0, rows: [] });
    await index(store);
    expect(find('zebra')).toMatchObject({ total: 0, searchReady: true });
    expect(find('apples')).toMatchObject({ total: 3, searchReady: true });
  });

  it('finds no row of a data set that is still being imported, and all of it afterwards', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    const { mapping } = newDataset(store, project, rows(2));
    const writer = store.data.begin({
      ...{
        projectId: project.id,
        name: 'Growing',
        sourceName: 'g.csv',
        sourceSha256: 'b'.repeat(64),
      },
      ...{ mapping, givenPart: null, seed: 1 },
    });
    writer.add(rows(4));
    await index(store);
    expect(search(store, project.id, null, 'apples')).toMatchObject({
      total: 2,
      searchReady: true,
    });
    while (!writer.abandon(1));
    await index(store);
    expect(search(store, project.id, null, 'apples')).toMatchObject({
      total: 2,
      searchReady: true,
    });
  });

  it('meets the other filters', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    newDataset(store, project, [
      ...rows(4),
      ...rows(3).map((one) => ({ ...one, externalId: `x${one.externalId}`, gold: '8' })),
    ]);
    await index(store);
    const seen = {
      projectId: project.id,
      extractionId: null,
      query: { ...everyRow, text: 'basket 1', gold: '8' },
    };
    expect(
      store.reviews.page(seen, { offset: 0, limit: 9 }).rows.map(({ externalId }) => externalId),
    ).toEqual(['x1']);
  });
});

describe('a list that was cut short', () => {
  it('gives the first rows and their number, and is not taken for the whole', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    const { id: datasetId } = newDataset(store, project, rows(40));
    await index(store);
    const seen = (more: Partial<RowQuery>): RowsSeen => ({
      projectId: project.id,
      extractionId: null,
      query: { ...everyRow, text: 'apples', ...more },
    });
    const all = [...store.data.examples(project.id)].map(({ id }) => id);
    const cut = await listTask.run({ path: store.path, seen: seen({}), most: 7 });
    expect([[...cut.ids], cut.total]).toEqual([all.slice(0, 7), 40]);
    const few = await listTask.run({
      path: store.path,
      seen: seen({ text: '"basket 4"' }),
      most: 7,
    });
    expect([[...few.ids], few.total]).toEqual([all.slice(3, 4), 1]);
    // What more than the words decides is listed whole.
    const filtered = await listTask.run({ path: store.path, seen: seen({ datasetId }), most: 7 });
    expect([filtered.ids.length, filtered.total]).toEqual([40, 40]);

    store.reviews.keepList(seen({}), cut);
    expect(store.reviews.isListed(seen({}), { offset: 2, limit: 5 })).toBe(true);
    expect(store.reviews.isListed(seen({}), { offset: 3, limit: 5 })).toBe(false);
    expect(store.reviews.isListed(seen({}))).toBe(false);
    const page = (offset: number) => store.reviews.page(seen({}), { offset, limit: 5 });
    expect(page(2)).toMatchObject({
      total: 40,
      rows: all.slice(2, 7).map((exampleId) => ({ exampleId })),
    });
    expect(page(33)).toMatchObject({
      total: 40,
      rows: all.slice(33, 38).map((exampleId) => ({ exampleId })),
    });
    expect([...store.reviews.ids(seen({}))]).toEqual(all);
  });

  it('is not made while rows that are gone may be in the index', async () => {
    const store = opened(newPath());
    const project = newProject(store);
    const removed = newDataset(store, project, rows(4));
    newDataset(store, project, rows(9));
    await index(store);
    store.data.remove(removed.id);
    const seen = {
      projectId: project.id,
      extractionId: null,
      query: { ...everyRow, text: 'apples' },
    };
    const list = await listTask.run({ path: store.path, seen, most: 3 });
    expect([list.ids.length, list.total]).toEqual([9, 9]);
  });
});

describe('a search index', () => {
  const made = async (): Promise<{ store: Store; projectId: string; file: string }> => {
    const store = opened(newPath());
    const project = newProject(store);
    newDataset(store, project, rows(300));
    await index(store);
    return { store, projectId: project.id, file: searchPath(store.path) };
  };
  const remove = (file: string): void => {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
  };

  it('that is missing finds nothing, and is made again', async () => {
    const { store, projectId, file } = await made();
    remove(file);
    expect(search(store, projectId, null, 'apples')).toMatchObject({
      total: 0,
      searchReady: false,
    });
    await index(store);
    expect(search(store, projectId, null, 'apples')).toMatchObject({
      total: 300,
      searchReady: true,
    });
  });

  it.each(['no database at all', 'another version', 'damaged inside'])(
    'that is %s is made again',
    async (how) => {
      const { store, projectId, file } = await made();
      store.reviews.releaseSearch();
      if (how === 'no database at all') {
        remove(file);
        writeFileSync(file, 'not a database '.repeat(400));
      } else if (how === 'another version') {
        const db = new Database(file);
        db.pragma('user_version = 99');
        db.close();
      } else {
        new Database(file).pragma('wal_checkpoint(TRUNCATE)');
        const handle = openSync(file, 'r+');
        for (let at = 4_096; at < statSync(file).size; at += 512) writeSync(handle, 'damage!!', at);
        closeSync(handle);
      }
      expect(search(store, projectId, null, 'apples')).toMatchObject({
        total: 0,
        searchReady: false,
      });
      const isDamaged = store.reviews.searchDamaged();
      expect(isDamaged).toBe(how !== 'another version');
      store.reviews.releaseSearch();
      await index(store, isDamaged);
      expect(search(store, projectId, null, 'apples')).toMatchObject({
        total: 300,
        searchReady: true,
      });
      expect(store.reviews.searchDamaged()).toBe(false);
    },
  );

  it('that does not fit the store is made again', async () => {
    const { store, projectId, file } = await made();
    // As after a backup of the index was put back: it knows less than the store has forgotten.
    store.reviews.releaseSearch();
    const db = new Database(file);
    db.exec('UPDATE scopes SET newest = 100');
    db.exec(`DELETE FROM words_1 WHERE rowid > 100`);
    db.close();
    const [{ id = '' } = {}] = store.data.list(projectId);
    store.data.remove(id);
    while (store.reviews.indexed(1_000));
    newDataset(store, store.projects.get(projectId), rows(4));
    await index(store);
    expect(search(store, projectId, null, 'apples')).toMatchObject({ total: 4, searchReady: true });
  });
});
