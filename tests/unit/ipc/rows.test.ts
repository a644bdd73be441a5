import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  extractionSettingsDefaults,
  mappingDefaults,
} from '../../../electron/contract/entities.ts';
import type { Studio } from '../../../electron/ipc/studio.ts';
import { answered } from '../store/workspace.ts';
import { listen, openStudio, temporaryFolder } from './support.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function studioIn(folder: string): Studio {
  const studio = openStudio(folder, { mode: 'browser' });
  cleanups.push(() => studio.close());
  return studio;
}

function newFolder(): string {
  const { folder, remove } = temporaryFolder();
  cleanups.push(remove);
  return folder;
}

/** A project with rows `1` to `count`, made past the handlers: nobody is told. */
function withRows({ store }: Studio, count: number) {
  const project = store.projects.create({
    name: 'Rows',
    task: 'text',
    labels: [],
    synthetic: false,
  });
  store.data.create(
    {
      ...{
        projectId: project.id,
        name: 'Rows',
        sourceName: 'rows.csv',
        sourceSha256: 'a'.repeat(64),
      },
      ...{ givenPart: null, seed: 1 },
      mapping: {
        ...{ id: null, input: 'input', template: null, label: null, choices: [] },
        ...{ rationale: null, completion: null, ...mappingDefaults },
      },
    },
    Array.from({ length: count }, (_, index) => ({
      ...{
        externalId: `${index + 1}`,
        input: `How many pears are in basket ${index + 1}?`,
        gold: null,
      },
      ...{
        choices: null,
        rationale: null,
        completion: null,
        part: null,
        meta: { box: `b${index % 2}` },
      },
    })),
  );
  const teacher = store.teachers.save({
    ...{
      teacherId: null,
      projectId: project.id,
      kind: 'practice',
      provider: 'other',
      name: 'Teacher',
    },
    ...{ baseUrl: null, model: 'm', apiVersion: null, contextTokens: null },
  });
  const extraction = store.extractions.create({
    ...{ projectId: project.id, teacherId: teacher.id, templateId: null, seed: 5, price: null },
    settings: {
      ...{
        concurrency: 4,
        temperature: 0,
        maxTokens: 256,
        timeoutSeconds: 30,
        retries: 2,
        limit: null,
      },
      ...extractionSettingsDefaults,
    },
  });
  return { projectId: project.id, extractionId: extraction.id };
}

/** Asks until rows can be found by their words. */
async function found(studio: Studio, projectId: string, text: string) {
  for (;;) {
    const page = await studio.ask('rows.page', {
      ...{ projectId, extractionId: null, offset: 0, limit: 5 },
      query: { text },
    });
    if (page.searchReady) return page;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('rows.page', () => {
  it('finds by their words rows that were saved before the studio was opened', async () => {
    const folder = newFolder();
    const first = openStudio(folder);
    const { projectId } = withRows(first, 12);
    await first.close();
    const studio = studioIn(folder);
    const heard = listen(studio);
    expect(await found(studio, projectId, 'pears "basket 1"')).toMatchObject({ total: 1 });
    await vi.waitFor(() => expect(heard.map(({ name }) => name)).toContain('saved'), 10_000);
  });

  it('lists more rows than main goes through at once in a thread, and pages through them', async () => {
    const studio = studioIn(newFolder());
    const { projectId, extractionId } = withRows(studio, 20_001);
    const ids = [...studio.store.data.examples(projectId)].map(({ id }) => id);
    studio.store.extractions.saveCompletions(
      extractionId,
      ids.slice(0, 60).map((id) => answered(id, '7', null)),
    );
    const page = (offset: number) =>
      studio.ask('rows.page', {
        ...{ projectId, extractionId, offset, limit: 50 },
        query: { answers: 'parsed' },
      });
    // The same question twice at once is answered by one thread.
    const [one, two] = await Promise.all([page(0), page(50)]);
    expect([one.total, one.rows.length, two.total, two.rows.length]).toEqual([60, 50, 60, 10]);
    expect(two.rows[0]?.exampleId).toBe(ids[50]);
    studio.store.extractions.saveCompletions(extractionId, [answered(ids[70] ?? 0, '8', null)]);
    expect((await page(0)).total).toBe(61);
    expect((await found(studio, projectId, 'basket 2000')).total).toBe(3);
  });

  it('refuses an extraction of another project', async () => {
    const studio = studioIn(newFolder());
    const { extractionId } = withRows(studio, 1);
    const other = await studio.ask('projects.create', { name: 'Other', task: 'text', labels: [] });
    await expect(
      studio.ask('rows.page', { projectId: other.id, extractionId, offset: 0, limit: 5 }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('rows.detail', () => {
  it('shows where in the completion rationale and answer stand, and all that is known', async () => {
    const studio = studioIn(newFolder());
    const { projectId, extractionId } = withRows(studio, 2);
    const [id = 0, bare = 0] = [...studio.store.data.examples(projectId)].map((each) => each.id);
    const text = 'Two and three are five. So the answer is 5.';
    const { completion } = answered(id, '5', null, { text });
    const rationale = {
      exampleId: id,
      sample: 0,
      label: '5',
      rationale: 'Two and three are five.',
      correct: null,
    };
    studio.store.extractions.saveCompletions(extractionId, [{ completion, rationale }]);
    const detail = await studio.ask('rows.detail', { extractionId, exampleId: id });
    expect(detail).toMatchObject({
      row: { exampleId: id, label: '5', review: null },
      ...{ completion: text, finishReason: 'stop', dataset: 'Rows', meta: { box: 'b0' } },
      ...{ findings: [], reviews: [], samples: [{ sample: 0, chosen: true }] },
    });
    const cut = (at: readonly [number, number] | null): string | null => at && text.slice(...at);
    expect(cut(detail.rationaleAt)).toBe('Two and three are five.');
    expect(cut(detail.answerAt)).toBe('5');
    // A parse that is not what the rules give now stands nowhere.
    studio.store.extractions.saveRationales(extractionId, [{ ...rationale, label: '6' }]);
    expect((await studio.ask('rows.detail', { extractionId, exampleId: id })).answerAt).toBeNull();
    expect(await studio.ask('rows.detail', { extractionId, exampleId: bare })).toMatchObject({
      ...{ completion: null, rationaleAt: null, answerAt: null, samples: [] },
    });
  });
});

describe('views', () => {
  it('are saved, replaced, listed and removed', async () => {
    const studio = studioIn(newFolder());
    const { id: projectId } = await studio.ask('projects.create', {
      name: 'P',
      task: 'text',
      labels: [],
    });
    const view = await studio.ask('views.save', { projectId, name: 'Odd', query: { text: 'odd' } });
    await studio.ask('views.save', { projectId, name: 'Odd', query: { text: 'even' } });
    expect(await studio.ask('views.list', { projectId })).toMatchObject([
      { id: view.id, name: 'Odd', query: { text: 'even', sort: 'order' } },
    ]);
    await studio.ask('views.remove', { viewId: view.id });
    expect(await studio.ask('views.list', { projectId })).toEqual([]);
  });
});
