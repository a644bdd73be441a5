import { render, screen } from '@testing-library/svelte';
import { calls } from '../../electron/contract/calls.ts';
import { CompareFilter } from '../../electron/contract/entities.ts';
import type {
  CompareDetail,
  CompareRow,
  Part,
  System,
  SystemKey,
} from '../../electron/contract/entities.ts';
import { countRows, filterRows } from '../../electron/core/comparison/filter.ts';
import { sheetOf } from '../../electron/core/comparison/sheet-of.ts';
import { termMask } from '../../electron/core/comparison/terms.ts';
import type { AnswerSheet } from '../../electron/core/comparison/sheet.ts';
import { Comparison } from '../../renderer/wizards/compare/comparison.svelte.ts';
import RowsView from '../../renderer/wizards/compare/rows/RowsView.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { overview, project } from './rows.ts';

export const system = (key: SystemKey, more: Partial<System> = {}): System => {
  const isTeacher = key.startsWith('teacher:');
  return {
    ...{ key, kind: isTeacher ? 'teacher' : 'student', name: key, needsTeacher: false },
    teacherKind: isTeacher ? 'recorded' : null,
    ...{ method: isTeacher ? null : 'step-by-step', labelSource: isTeacher ? null : 'gold' },
    ...{ seed: null, trainRows: null, studyId: null, group: null, imported: null },
    ...{ answered: 6, withConfidence: isTeacher ? 0 : 6, complete: true },
    ...more,
  };
};

const labels = ['yes', 'no', 'yes', 'yes', 'no', 'yes'];

/** Six rows: the teacher is right on the first four, the students on every other. */
export class FakeComparison {
  readonly systems: readonly System[];
  readonly notes = new Map<number, string>();
  /** What the next note is refused with. */
  refusal: { code: 'internal'; message: string; hint: string } | null = null;
  readonly #sheet: AnswerSheet;

  constructor(systems: readonly System[]) {
    this.systems = systems;
    const rows = labels.map((gold, at) => ({
      ...{ exampleId: at + 1, gold, choices: null, inputLength: 10 * (at + 1), noted: false },
    }));
    this.#sheet = sheetOf(
      'classification',
      rows,
      systems.map(({ key, kind }) => ({
        key,
        answers: rows.map(({ exampleId, gold }, at) => {
          const correct = kind === 'teacher' ? at < 4 : at % 2 === 0;
          const label = correct ? gold : gold === 'yes' ? 'no' : 'yes';
          return { exampleId, label, correct, confidence: kind === 'teacher' ? null : at / 10 };
        }),
      })),
    );
  }

  get #now(): AnswerSheet {
    const noted = Uint8Array.from(this.#sheet.exampleIds, (id) => (this.notes.has(id) ? 1 : 0));
    return { ...this.#sheet, noted };
  }

  /** Of what the sheet holds; other conditions are not asked for here. */
  #masks({ terms }: CompareFilter): Uint8Array[] {
    const none = () => [];
    const { exampleIds, labels, gold, inputLengths } = this.#sheet;
    const rows = { length: exampleIds.length, labels, gold, inputLengths, inputs: none };
    return terms.map((term) =>
      termMask(term, { ...rows, column: none, datasets: none, flagged: none }),
    );
  }

  readonly answers: Answers = {
    'datasets.list': () => [],
    'compare.rows': (input) => {
      const { filter, offset, limit, systems } = calls['compare.rows'].input.parse(input);
      const places = [...filterRows(this.#now, filter, this.#masks(filter))];
      const rows = places.slice(offset, offset + limit).map((place) => this.#row(place, systems));
      return { rows, total: places.length };
    },
    'compare.countRows': (input) => {
      const { filters } = calls['compare.countRows'].input.parse(input);
      return {
        counts: filters.map((filter) => countRows(this.#now, filter, this.#masks(filter))),
        ...{ rows: 6, goldLabels: 2, lengths: [20, 40] },
        golds: [
          { label: 'yes', rows: 4 },
          { label: 'no', rows: 2 },
        ],
      };
    },
    'compare.row': (input) => {
      const { exampleId, systems } = calls['compare.row'].input.parse(input);
      return this.#detail(exampleId, systems);
    },
    'compare.saveNote': (input) => {
      const { exampleId, note } = calls['compare.saveNote'].input.parse(input);
      if (this.refusal !== null) return { failure: this.refusal };
      this.notes.set(exampleId, note);
      return {};
    },
  };

  #row(place: number, keys: readonly SystemKey[]): CompareRow {
    const exampleId = place + 1;
    return {
      ...{ exampleId, externalId: `row-${exampleId}`, input: `Input ${exampleId}` },
      ...{ gold: labels[place] ?? null, noted: this.notes.has(exampleId) },
      answers: keys.map((key) => {
        const at = this.systems.findIndex((each) => each.key === key);
        const columns = this.#sheet.systems[at];
        const confidence = columns?.confidence[place] ?? Number.NaN;
        return {
          label: this.#sheet.labels[columns?.label[place] ?? -1] ?? null,
          correct: columns?.correct[place] === 1,
          confidence: Number.isNaN(confidence) ? null : confidence,
          asked: true,
        };
      }),
    };
  }

  #detail(exampleId: number, keys: readonly SystemKey[]): CompareDetail {
    const { answers, gold } = this.#row(exampleId - 1, keys);
    return {
      ...{ exampleId, externalId: `row-${exampleId}`, input: `Input ${exampleId}, whole` },
      ...{ choices: ['yes', 'no'], gold, note: this.notes.get(exampleId) ?? '' },
      columns: [{ column: 'topic', value: 'birds' }],
      answers: answers.map((answer, at) => ({
        ...answer,
        rationale: at === 0 ? 'Birds can fly, so yes.' : 'Birds can swim, so yes.',
        milliseconds: at === 0 ? null : 12,
        leadsToLabel: at === 0 ? true : false,
        wrongArithmetic: at === 0 ? null : '2 + 2 = 5 (4)',
      })),
    };
  }
}

export const two = [
  system('teacher:t', { name: 'PaLM' }),
  system('run:a', { name: 'Small', needsTeacher: true }),
];

/** The rows view of a comparison of these systems. */
export async function rowsOf(
  systems: readonly System[] = two,
  filter: Partial<CompareFilter> = {},
) {
  const main = new FakeComparison(systems);
  const transport = new FakeTransport(main.answers);
  const { app, context } = inApp(transport);
  const comparison = new Comparison(app, 'p1');
  comparison.splitId = 's1';
  comparison.part = 'test' satisfies Part;
  comparison.all = { rows: 6, withGold: 6, looks: 1, systems: [...systems] };
  comparison.turn(
    systems.map(({ key }) => key),
    true,
  );
  comparison.filter = CompareFilter.parse(filter);
  const props = { comparison, overview: overview({ project: project() }) };
  const rendered = render(RowsView, { props, context });
  await screen.findByTestId('row-detail');
  return { main, transport, app, comparison, ...rendered };
}
