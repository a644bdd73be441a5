import { describe, expect, it } from 'vitest';
import { splitSettingsDefaults } from '../../../electron/contract/entities.ts';
import type { Part } from '../../../electron/contract/entities.ts';
import {
  drawFromRows,
  exemplarOf,
  languageOf,
  previewPrompt,
  suggestFor,
} from '../../../electron/stages/extract/index.ts';
import { languageOfText } from '../../../electron/stages/extract/language.ts';
import type { Store } from '../../../electron/store/store.ts';
import { sendCompletion, startServer } from '../teacher/http-server.ts';
import { extractionAt, projectWith, runExtraction, tempStore } from './support.ts';

const idsOf = (store: Store, projectId: string): number[] =>
  store.data.page(projectId, { offset: 0, limit: 500 }).rows.map(({ id }) => id);

function splitWith(store: Store, projectId: string, members: ReadonlyMap<number, Part>): void {
  store.splits.create({
    ...{ projectId, name: null, members, leaks: null },
    settings: {
      ...splitSettingsDefaults,
      ...{ kind: 'random', validation: 0.1, test: 0.1, stratify: false },
      ...{ groupByMaskedText: true, seed: 1 },
    },
  });
}

describe('a preview', () => {
  it('shows what a row is asked with, counted, and warns of an exemplar that is a test row', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', [
      { input: 'What is green?', gold: 'grass' },
      { input: 'What  is blue?', gold: 'sky' },
    ]);
    const [first = 0, second = 0] = idsOf(store, project.id);
    const template = {
      ...suggestFor(store, project.id),
      exemplars: [
        { input: 'What is red?', choices: null, rationale: 'Blood is red.', answer: 'blood' },
        { input: 'what is BLUE?', choices: null, rationale: 'The sky is.', answer: 'sky' },
      ],
    };
    const request = { template, exampleId: first, teacher: null, maxTokens: 100 };
    const before = await previewPrompt(store, request);
    expect(before).toMatchObject({ exampleId: first, shown: [0, 1], warnings: [] });
    expect(before.tokens).toBeGreaterThan(40);
    expect(before.messages.at(-1)?.content).toContain('What is green?');

    splitWith(
      store,
      project.id,
      new Map<number, Part>([
        [first, 'train'],
        [second, 'test'],
      ]),
    );
    const { warnings } = await previewPrompt(store, request);
    expect(warnings).toEqual([
      { code: 'exemplar-in-test', exemplar: 1, detail: 'row-1', tokens: null },
    ]);

    const teacher = {
      ...extractionAt(store, project.id, 'http://127.0.0.1:9/v1').teacher,
      contextTokens: 128,
    };
    const long = await previewPrompt(store, { ...request, teacher });
    expect(long.warnings.find(({ code }) => code === 'too-long')?.tokens).toEqual({
      needed: long.tokens + 100,
      allowed: 128,
    });
  });
});

describe('an exemplar of a row', () => {
  it('has the gold label, and a rationale that leads to it where there is one', async () => {
    const store = tempStore();
    const project = projectWith(store, 'text', [
      { input: 'a', gold: 'x', rationale: 'Given.' },
      { input: 'b', gold: 'x', completion: 'Thought. So the answer is x.' },
      { input: 'c', gold: 'x', completion: 'Thought. So the answer is y.' },
      { input: 'd', gold: 'x' },
      { input: 'e', gold: null, rationale: 'Of nothing.' },
    ]);
    const ids = idsOf(store, project.id);
    const rationales = (): string[] => ids.map((id) => exemplarOf(store, project.id, id).rationale);
    expect(rationales()).toEqual(['Given.', 'Thought.', '', '', '']);
    expect(exemplarOf(store, project.id, ids[3] ?? 0)).toEqual({
      ...{ input: 'd', choices: null, rationale: '', answer: 'x' },
    });

    const { baseUrl } = await startServer((response) =>
      sendCompletion(response, 'From the teacher. So the answer is x.'),
    );
    await runExtraction(store, extractionAt(store, project.id, baseUrl).id);
    expect(rationales()).toEqual([
      'Given.',
      'Thought.',
      'From the teacher.',
      'From the teacher.',
      '',
    ]);
    const other = projectWith(store, 'text', [{ input: 'a' }], [], 'Other');
    expect(() => exemplarOf(store, other.id, ids[0] ?? 0)).toThrow('not part of the project');
  });

  it('is drawn from rows outside every test part, the same with the same seed', async () => {
    const store = tempStore();
    const project = projectWith(
      store,
      'text',
      Array.from({ length: 60 }, (_, index) => ({
        input: `Row ${index} about ${index % 2 === 0 ? 'rivers and boats' : 'bread and ovens'}`,
        gold: index % 10 === 9 ? null : 'x',
        rationale: index % 3 === 0 ? null : `Reason ${index}.`,
      })),
    );
    const ids = idsOf(store, project.id);
    const test = ids.filter((_, index) => index < 30);
    splitWith(store, project.id, new Map(test.map((id): [number, Part] => [id, 'test'])));
    for (const how of ['random', 'diverse'] as const) {
      const drawn = await drawFromRows(store, { projectId: project.id, how, count: 4, seed: 3 });
      expect(drawn.pool).toBe(18);
      expect(drawn.exemplars).toHaveLength(4);
      const places = drawn.exemplars.map(({ input }) => Number(/\d+/.exec(input)?.[0]));
      expect(places.every((place) => place >= 30 && place % 3 !== 0 && place % 10 !== 9)).toBe(
        true,
      );
      expect(new Set(places).size).toBe(4);
      const again = await drawFromRows(store, { projectId: project.id, how, count: 4, seed: 3 });
      expect(again).toEqual(drawn);
    }
  });
});

describe('the language of the rows', () => {
  it('is Korean where a good part of the letters is Hangul', () => {
    const store = tempStore();
    const korean = projectWith(
      store,
      'text',
      [{ input: '이 영화는 Netflix 에서 봤어요' }],
      [],
      'K',
    );
    const english = projectWith(store, 'text', [{ input: 'The word 밥 means rice' }], [], 'E');
    expect([korean, english].map(({ id }) => languageOf(store, id))).toEqual(['ko', 'en']);
    expect([languageOfText(''), languageOfText('12 + 3'), languageOfText('한국어')]).toEqual([
      ...['en', 'en', 'ko'],
    ]);
    expect(suggestFor(store, english.id).projectId).toBe(english.id);
  });
});
