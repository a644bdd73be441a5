import { systemKey } from '../../../../electron/contract/entities.ts';
import type { Language, RunSettings } from '../../../../electron/contract/entities.ts';
import { gatherFacts } from '../../../../electron/stages/compare/report/facts/index.ts';
import type { ReportFacts } from '../../../../electron/stages/compare/report/facts/schema.ts';
import type { Store } from '../../../../electron/store/store.ts';
import { teacherReport } from '../../../../electron/stages/extract/report.ts';
import { suggestRunSettings } from '../../../../electron/stages/train/suggest.ts';
import { answeredRun, comparing } from '../board.ts';
import {
  answered,
  exampleIds,
  newDataset,
  newExtraction,
  newTeacher,
  opened,
  row,
  newSplit,
} from '../../store/workspace.ts';

export const languages = ['en', 'ko'] as const;

/** Texts that come in wherever a person or a model wrote something. */
export interface Texts {
  readonly project: string;
  readonly input: string;
  readonly label: string;
  readonly rationale: string;
  readonly teacher: string;
  readonly run: string;
}

export const plainTexts: Texts = {
  project: 'Moods',
  input: 'The soup was cold.',
  label: 'bad',
  rationale: 'Cold soup disappoints.',
  teacher: 'Teacher',
  run: 'first',
};

/** Test rows; two more train, two validate. */
export const testRows = 6;

/**
 * A classification with a teacher and two students that differ by their seed. Of the six test rows the
 * teacher answers five right and one not at all, one student four, the other three.
 */
export function ground(texts: Texts = plainTexts, settings: Partial<RunSettings> = {}) {
  const store = opened();
  const project = store.projects.create({
    ...{ name: texts.project, task: 'classification', synthetic: false },
    labels: [texts.label, 'good'],
  });
  const gold = (place: number): string => (place % 2 === 0 ? texts.label : 'good');
  newDataset(
    store,
    project,
    Array.from({ length: 10 }, (_, place) =>
      row(`r${place}`, { input: `${texts.input} ${place}`, gold: gold(place) }),
    ),
  );
  const ids = exampleIds(store, project);
  const split = newSplit(
    store,
    project,
    ids.map((id, place) => [id, place < 2 ? 'train' : place < 4 ? 'validation' : 'test']),
  );
  const test = ids.slice(4);
  const teacher = store.teachers.save({
    ...newTeacher(store, project, 'openai-compatible'),
    ...{ teacherId: null, name: texts.teacher, model: 'm-1' },
    ...{ baseUrl: 'https://user:secret@teacher.example/v1?key=secret', provider: 'other' },
  });
  const extraction = newExtraction(
    store,
    project,
    teacher,
    {},
    {
      ...{ input: 1, output: 2, batchShare: 0.5 },
    },
  );
  store.extractions.saveCompletions(
    extraction.id,
    test.map((id, place) => {
      const label = place === 5 ? null : gold(place);
      const made = answered(id, label, label !== null);
      return {
        ...made,
        rationale: { ...made.rationale, rationale: label === null ? null : texts.rationale },
      };
    }),
  );
  const student = (seed: number, wrong: readonly number[]) => {
    const run = answeredRun(
      store,
      split,
      { ...settings, seed },
      test.map((exampleId, place) => ({
        exampleId,
        label: wrong.includes(place) ? 'neither' : gold(place),
        right: !wrong.includes(place),
        rationale: texts.rationale,
        confidence: wrong.includes(place) ? 0.4 : 0.9,
      })),
      `${texts.run} ${seed}`,
    );
    store.runs.saveMetrics(run.id, [metric(10, 2, null), metric(20, 1, { correct: 1, rows: 2 })]);
    return run;
  };
  const runs = [student(1, [4, 5]), student(2, [3, 4, 5])];
  const systems = [systemKey.teacher(extraction.id), ...runs.map(({ id }) => systemKey.run(id))];
  return { store, project, split, extraction, runs, on: comparing(split, systems) };
}

const metric = (
  step: number,
  loss: number,
  validation: { correct: number; rows: number } | null,
) => ({
  ...{ step, labelLoss: loss, rationaleLoss: 2 * loss, loss: 3 * loss, learningRate: 0.001 },
  ...{ gradientNorm: 1, tokensPerSecond: 100, validation, memoryBytes: null },
  ...{ mutualInformation: null, balance: null },
});

export interface Asked {
  readonly language?: Language;
  readonly title?: string;
  readonly examples?: number;
}

/** The facts of a report, gathered as the thread does. */
export const factsOf = (
  store: Store,
  on: ReturnType<typeof comparing>,
  { language = 'en', title = 'A title', examples = 4 }: Asked = {},
): Promise<ReportFacts> =>
  gatherFacts(
    store,
    { comparing: on, title, language, examples, createdAt: '2026-01-02T03:04:05.000Z' },
    { reportTeacher: teacherReport, suggest: suggestRunSettings },
    () => Promise.resolve(),
  );
