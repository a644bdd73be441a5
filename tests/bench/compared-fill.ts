import { runSettingsDefaults, systemKey } from '../../electron/contract/entities.ts';
import type { Comparing, RunSettings } from '../../electron/contract/entities.ts';
import { Random } from '../../electron/core/random.ts';
import type { Studio } from '../../electron/ipc/studio.ts';
import { defaultExtractionSettings } from '../../electron/stages/extract/index.ts';

/** A comparison as trainings and evaluations leave it, with answers that were drawn. */

const labels = ['yes', 'no', 'maybe'] as const;
const students = 3;
const rowsAtOnce = 2_000;
const step = 100;

const settings: RunSettings = {
  ...{ method: 'step-by-step', labelSource: 'gold', rationales: 'parsed', lambda: 1 },
  ...{ preset: 'micro', labelPrefix: 'predict: ', rationalePrefix: 'explain: ', steps: step },
  ...{ batchSize: 8, learningRate: 0.001, weightDecay: 0, warmupShare: 0.1, clipNorm: 1 },
  ...{ evaluateEvery: 50, validationRows: 10, maxInputTokens: 64, maxLabelTokens: 8 },
  ...{ maxRationaleTokens: 64, vocabularySize: 500, seed: 1 },
  ...runSettingsDefaults,
};

/** Imports the rows, and saves the answers of a teacher and three students to all but the first. */
export async function fillComparison(
  studio: Studio,
  file: string,
  seed: number,
): Promise<Comparing> {
  const projectId = await importRows(studio, file);
  const { store } = studio;
  const ids = [...store.data.examples(projectId)].map(({ id, gold }) => ({ id, gold }));
  const [learned, ...tested] = ids;
  const split = store.splits.create({
    ...{ projectId, name: null, leaks: null },
    settings: {
      ...{ kind: 'random', validation: 0, test: 0.9, stratify: false, seed, fold: null },
      ...{ groupByMaskedText: false, maskNames: false, groupColumn: null, timeColumn: null },
      move: null,
    },
    members: new Map([
      [learned?.id ?? 0, 'train' as const],
      ...tested.map(({ id }) => [id, 'test' as const] as const),
    ]),
  });
  const random = new Random(seed);
  const extractionId = answerAsTeacher(studio, projectId, tested, random);
  const runs = Array.from({ length: students }, (_, at) => {
    const run = store.runs.create({
      ...{ projectId, splitId: split.id, extractionId, name: `Student ${at + 1}` },
      settings: { ...settings, seed: at + 1 },
      ...{ trainRows: 1, rationaleRows: 1, studyId: null, parentId: null },
    });
    store.runs.setModel(run.id, { parameters: 1_000_000, engine: 'cpu' });
    const folder = `${studio.folders.run(run.id)}/best`;
    store.runs.saveCheckpoint(run.id, { which: 'best', step, folder, validation: 0.5 });
    answerAsStudent(studio, { runId: run.id, splitId: split.id }, tested, random);
    return run.id;
  });
  for (let noted = 0; noted < 200; noted++) {
    store.answers.saveNote(projectId, random.pick(tested).id, 'Looked at.');
  }
  return {
    ...{ projectId, splitId: split.id, part: 'test' },
    systems: [systemKey.teacher(extractionId), ...runs.map(systemKey.run)],
  };
}

async function importRows({ ask, files, jobs }: Studio, file: string): Promise<string> {
  const { id: projectId } = await ask('projects.create', {
    ...{ name: 'Compared', task: 'classification', labels: [...labels] },
  });
  const { fileId } = files.register(file);
  const { suggested: mapping } = await ask('import.inspect', { fileId });
  const job = await ask('import.start', {
    ...{ fileId, projectId, name: null, mapping, givenPart: null },
  });
  const { state, error } = await jobs.settled(job.id);
  if (state !== 'succeeded') throw new Error(error?.message ?? state);
  return projectId;
}

interface Asked {
  readonly id: number;
  readonly gold: string | null;
}

/** Right in about that share of rows; one in fifty has no label. */
function drawLabel(random: Random, gold: string | null, right: number): string | null {
  if (random.next() < 0.02) return null;
  return random.next() < right ? gold : random.pick(labels);
}

function answerAsTeacher(
  { store }: Studio,
  projectId: string,
  rows: readonly Asked[],
  random: Random,
): string {
  const teacher = store.teachers.save({
    ...{ teacherId: null, projectId, kind: 'practice', provider: 'other', name: 'Teacher' },
    ...{ baseUrl: null, model: 'm', apiVersion: null, contextTokens: null },
  });
  const { id: extractionId } = store.extractions.create({
    ...{ projectId, teacherId: teacher.id, templateId: null, price: null, seed: 1 },
    settings: defaultExtractionSettings,
  });
  for (const some of slices(rows)) {
    store.extractions.saveCompletions(
      extractionId,
      some.map(({ id: exampleId, gold }) => {
        const label = drawLabel(random, gold, 0.8);
        const rationale = `Row ${exampleId} has ${random.integer(2, 9)} of them, so it is ${label}.`;
        return {
          completion: {
            ...{ exampleId, sample: 0, text: rationale, failure: null, finishReason: 'stop' },
            ...{ promptTokens: 90, completionTokens: 12, milliseconds: 300 },
            ...{ requestHash: null, reused: false },
          },
          rationale: { exampleId, sample: 0, label, rationale, correct: label === gold },
        };
      }),
      { soon: true },
    );
    store.health.save(
      extractionId,
      some.map(({ id: exampleId }) => ({
        exampleId,
        findings:
          random.next() < 0.25 ? [{ flag: 'truncated' as const, evidence: '', at: null }] : [],
      })),
    );
  }
  return extractionId;
}

function answerAsStudent(
  { store }: Studio,
  of: { readonly runId: string; readonly splitId: string },
  rows: readonly Asked[],
  random: Random,
): void {
  const { id } = store.evaluations.open({ ...of, part: 'test', checkpointStep: step });
  for (const some of slices(rows)) {
    store.evaluations.savePredictions(
      id,
      some.map(({ id: exampleId, gold }) => {
        const label = drawLabel(random, gold, 0.6) ?? '';
        return {
          ...{ exampleId, label, correct: label === gold, milliseconds: 12 },
          rationale: `Row ${exampleId} has ${random.integer(2, 9)}, so it is ${label}.`,
          confidence: random.next(),
        };
      }),
    );
  }
}

function* slices<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += rowsAtOnce) {
    yield all.slice(from, from + rowsAtOnce);
  }
}
