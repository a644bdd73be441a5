import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, vi } from 'vitest';
import {
  extractionSettingsDefaults,
  runSettingsDefaults,
  splitSettingsDefaults,
  mappingDefaults,
} from '../../../electron/contract/entities.ts';
import type {
  ColumnMapping,
  Dataset,
  Extraction,
  ExtractionSettings,
  MappedRow,
  Part,
  Price,
  Project,
  Run,
  RunSettings,
  Split,
  SplitSettings,
  Teacher,
} from '../../../electron/contract/entities.ts';
import type { Migration } from '../../../electron/store/migrate.ts';
import { openStore } from '../../../electron/store/open.ts';
import type { NewCompletion, NewRationale, Store } from '../../../electron/store/store.ts';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** An empty folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-store-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A path for a store file that is not there yet. */
export const newPath = (): string => join(temporaryFolder(), 'store.sqlite');

/** A store on a real file, closed after the test. */
export function opened(path = newPath(), migrations?: readonly Migration[]): Store {
  const store = openStore(path, migrations);
  cleanups.push(() => store.close());
  return store;
}

/** A store and its connection. */
export function watched() {
  const path = newPath();
  const connections: Database.Database[] = [];
  const pragma = Database.prototype.pragma;
  const spy = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (
    this: Database.Database,
    ...input
  ) {
    connections.push(this);
    return pragma.apply(this, input);
  });
  const store = opened(path);
  spy.mockRestore();
  const db = (): Database.Database => {
    const last = connections.at(-1);
    if (!last) throw new Error('the store asked nothing of its connection');
    return last;
  };
  return { store, path, db };
}

export const mapping: ColumnMapping = {
  id: 'id',
  input: 'question',
  template: null,
  label: 'answer',
  choices: [],
  rationale: null,
  completion: null,
  ...mappingDefaults,
};

export const row = (externalId: string, more: Partial<MappedRow> = {}): MappedRow => ({
  externalId,
  input: `How many apples are in basket ${externalId}?`,
  gold: '7',
  choices: null,
  rationale: null,
  completion: null,
  part: null,
  meta: null,
  ...more,
});

/** Rows with the ids `1` to `count`. */
export const rows = (count: number, more: Partial<MappedRow> = {}): MappedRow[] =>
  Array.from({ length: count }, (_, index) => row(String(index + 1), more));

export const newProject = (store: Store, name = 'Apples'): Project =>
  store.projects.create({ name, task: 'arithmetic', labels: [], synthetic: false });

export const newDataset = (
  store: Store,
  project: Project,
  content: Iterable<MappedRow>,
  givenPart: Part | null = null,
): Dataset =>
  store.data.create(
    {
      projectId: project.id,
      name: 'Baskets',
      sourceName: 'baskets.csv',
      sourceSha256: 'a'.repeat(64),
      mapping,
      givenPart,
      seed: 3,
    },
    content,
  );

export const exampleIds = (store: Store, project: Project): number[] =>
  Array.from(store.data.examples(project.id), ({ id }) => id);

export const newTeacher = (
  store: Store,
  project: Project,
  kind: Teacher['kind'] = 'practice',
): Teacher =>
  store.teachers.save({
    ...{ teacherId: null, projectId: project.id, kind, provider: 'other', name: 'Teacher' },
    ...{ baseUrl: null, model: 'm-1', apiVersion: null, contextTokens: null },
  });

export const extractionSettings: ExtractionSettings = {
  concurrency: 4,
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 30,
  retries: 2,
  limit: null,
  ...extractionSettingsDefaults,
};

export const newExtraction = (
  store: Store,
  project: Project,
  teacher: Teacher,
  settings: Partial<ExtractionSettings> = {},
  price: Price | null = null,
): Extraction =>
  store.extractions.create({
    ...{ projectId: project.id, teacherId: teacher.id, templateId: null, seed: 5, price },
    settings: { ...extractionSettings, ...settings },
  });

/** A request of 16 bytes, as its hash would be. */
export const requestHash = (number: number): Uint8Array => new Uint8Array(16).fill(number);

/** An answer with its parse; without a label it is unparsed. */
export const answered = (
  exampleId: number,
  label: string | null,
  correct: boolean | null,
  more: Partial<NewCompletion> = {},
): { completion: NewCompletion; rationale: NewRationale } => {
  const sample = more.sample ?? 0;
  return {
    completion: {
      ...{ exampleId, sample, text: `Because. So the answer is ${label}.`, failure: null },
      ...{ finishReason: 'stop', promptTokens: 90, completionTokens: 12, milliseconds: 310.5 },
      ...{ requestHash: null, reused: false },
      ...more,
    },
    rationale: { exampleId, sample, label, rationale: label === null ? null : 'Because.', correct },
  };
};

export const failed = (
  exampleId: number,
  message = 'Too many requests',
  more: Partial<NewCompletion> = {},
): { completion: NewCompletion; rationale: null } => ({
  completion: {
    ...{ exampleId, sample: 0, text: null, failure: { code: 'teacher-rate-limited', message } },
    ...{ finishReason: null, promptTokens: null, completionTokens: null, milliseconds: null },
    ...{ requestHash: null, reused: false },
    ...more,
  },
  rationale: null,
});

export const splitSettings: SplitSettings = {
  ...splitSettingsDefaults,
  kind: 'random',
  validation: 0.1,
  test: 0.1,
  stratify: false,
  groupByMaskedText: true,
  seed: 11,
};

export const newSplit = (store: Store, project: Project, members: [number, Part][]): Split =>
  store.splits.create({
    ...{ projectId: project.id, name: null, settings: splitSettings },
    ...{ members: new Map(members), leaks: null },
  });

export const runSettings: RunSettings = {
  method: 'step-by-step',
  labelSource: 'gold',
  rationales: 'parsed',
  lambda: 1,
  preset: 'micro',
  labelPrefix: 'predict: ',
  rationalePrefix: 'explain: ',
  steps: 100,
  batchSize: 8,
  learningRate: 0.001,
  weightDecay: 0,
  warmupShare: 0.1,
  clipNorm: 1,
  evaluateEvery: 50,
  validationRows: 10,
  maxInputTokens: 64,
  maxLabelTokens: 16,
  maxRationaleTokens: 64,
  vocabularySize: 500,
  seed: 17,
  ...runSettingsDefaults,
};

export const newRun = (
  store: Store,
  split: Split,
  more: Partial<Parameters<Store['runs']['create']>[0]> = {},
): Run =>
  store.runs.create({
    ...{ projectId: split.projectId, splitId: split.id, extractionId: null, name: null },
    ...{ settings: runSettings, trainRows: 8, rationaleRows: 6, studyId: null, parentId: null },
    ...more,
  });

/** What a refused call says: its code; fails when nothing was thrown. */
export function refusal(call: () => unknown): { code: unknown; message: string; hint: unknown } {
  try {
    call();
  } catch (caught) {
    if (!(caught instanceof Error)) throw caught;
    return {
      code: 'code' in caught ? caught.code : null,
      message: caught.message,
      hint: 'hint' in caught ? caught.hint : null,
    };
  }
  throw new Error('nothing was refused');
}
