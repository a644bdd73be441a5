import { calls } from '../../electron/contract/calls.ts';
import type { CallInput, CallName } from '../../electron/contract/calls.ts';

const id = 'b7b0f9c4-2f5e-4b51-9f2f-3a3c9a3f8a10';
const window = { offset: 0, limit: 10 };
const mapping = {
  id: null,
  input: 'question',
  template: null,
  label: 'answer',
  choices: [],
  rationale: null,
  completion: null,
};
const rules = {
  stopSequences: ['Q:'],
  rules: [
    { kind: 'phrases' as const, phrases: ['So the answer is'] },
    { kind: 'pattern' as const, pattern: 'answer: (.+)' },
    { kind: 'json' as const, answer: 'answer', rationale: 'rationale' },
    { kind: 'last-line' as const },
  ],
  read: 'task' as const,
};
const template = {
  projectId: id,
  name: 'Few-shot',
  style: 'few-shot-cot' as const,
  instruction: 'Think, then answer.',
  inputTemplate: 'Q: {input}\nA:',
  exemplars: [{ input: '1 + 1?', choices: null, rationale: 'One and one.', answer: '2' }],
  selection: { how: 'all' as const, count: 8, seed: 1 },
  answerPhrase: 'So the answer is',
  parse: rules,
};
const extraction = {
  concurrency: 4,
  temperature: 0,
  maxTokens: 256,
  timeoutSeconds: 60,
  retries: 2,
  limit: null,
  samples: 2,
  keepRationales: 1,
  seed: 7,
  budget: 1.5,
  maxRequests: 100,
  mode: 'requests' as const,
};
const split = {
  kind: 'random' as const,
  validation: 0.1,
  test: 0.1,
  stratify: true,
  groupByMaskedText: true,
  seed: 1,
};
const run = {
  method: 'step-by-step' as const,
  labelSource: 'gold' as const,
  rationales: 'parsed' as const,
  lambda: 1,
  preset: 'micro' as const,
  labelPrefix: 'predict: ',
  rationalePrefix: 'explain: ',
  steps: 4,
  batchSize: 4,
  learningRate: 1e-3,
  weightDecay: 0.01,
  warmupShare: 0,
  clipNorm: 1,
  evaluateEvery: 2,
  validationRows: 4,
  maxInputTokens: 32,
  maxLabelTokens: 4,
  maxRationaleTokens: 16,
  vocabularySize: 300,
  seed: 7,
};
const arm = { method: 'finetune' as const, labelSource: 'gold' as const };
const bakeOff = { kind: 'bake-off' as const, arms: [arm], seeds: [1, 2], settings: run };
const sweep = {
  ...{ kind: 'sweep' as const, arm, settings: run, medianRule: true },
  axes: [
    { kind: 'list' as const, key: 'batchSize' as const, values: [8, 16] },
    {
      ...{ kind: 'range' as const, key: 'learningRate' as const, scale: 'log' as const },
      ...{ low: 1e-4, high: 1e-2 },
    },
  ],
  search: { kind: 'random' as const, trials: 4, seed: 1 },
};

const compared = {
  ...{ projectId: id, splitId: id, part: 'validation' as const },
  systems: [`teacher:${id}`, `run:${id}`],
};
const judged = {
  ...{ projectId: id, splitId: id, part: 'test' as const },
  ...{ a: `teacher:${id}`, b: `run:${id}` },
};
const rowFilter = {
  ...{ disagree: true, right: [`teacher:${id}`], wrong: [`run:${id}`], noted: true, text: 'pears' },
  unsure: { system: `run:${id}`, below: 0.6 },
  said: { system: `run:${id}`, label: null },
  terms: [
    { kind: 'gold' as const, label: 'yes' },
    { kind: 'length' as const, from: 10, to: null },
    { kind: 'flagged' as const, flagged: true },
  ],
  sort: { by: 'confidence' as const, system: `run:${id}` },
};

/** A right input for every call, without the fields that may be left out; the rows it names need not exist. */
export const examples: { readonly [N in CallName]: CallInput<N> } = {
  'app.info': {},
  'app.preferences': {},
  'app.savePreferences': { language: 'ko', theme: 'dark' },
  'projects.list': {},
  'projects.create': { name: 'Reviews', task: 'classification', labels: ['good', 'bad'] },
  'projects.createSample': { rows: 60, seed: 1 },
  'projects.overview': { projectId: id },
  'projects.rename': { projectId: id, name: 'Other' },
  'projects.remove': { projectId: id },
  'files.choose': {},
  'files.chooseFolder': {},
  'files.paste': { text: 'question,answer\nWhat is red?,A colour\n' },
  'import.inspect': { fileId: id },
  'import.preview': { fileId: id, projectId: id, mapping },
  'import.compare': { fileId: id, datasetId: id, mapping },
  'import.start': { fileId: id, projectId: id, name: null, mapping, givenPart: null },
  'datasets.list': { projectId: id },
  'datasets.remove': { datasetId: id },
  'examples.page': { projectId: id, ...window },
  'templates.list': { projectId: id },
  'templates.suggest': { projectId: id },
  'templates.packs': { projectId: id },
  'templates.fromPack': { projectId: id, packId: 'arithmetic-ko' },
  'templates.save': template,
  'templates.preview': { template, exampleId: 1, teacherId: null, maxTokens: 256 },
  'templates.exemplarOf': { projectId: id, exampleId: 1 },
  'templates.drawExemplars': { projectId: id, how: 'diverse', count: 4, seed: 1 },
  'teachers.list': { projectId: id },
  'teachers.save': {
    teacherId: null,
    projectId: id,
    kind: 'openai-compatible',
    name: 'Server',
    baseUrl: 'http://127.0.0.1:9/v1',
    model: 'teacher',
  },
  'teachers.setKey': { teacherId: id, key: 'sk-example' },
  'teachers.probe': { teacherId: id },
  'prices.list': {},
  'prices.save': { model: 'teacher', price: { input: 0.1, output: 0.4, batchShare: 0.5 } },
  'prices.remove': { model: 'teacher' },
  'prices.of': { teacherId: id },
  'extractions.list': { projectId: id },
  'extractions.start': { projectId: id, teacherId: id, templateId: null, settings: extraction },
  'extractions.continue': { extractionId: id, settings: extraction },
  'extractions.estimate': { projectId: id, teacherId: id, templateId: null, settings: extraction },
  'extractions.live': { extractionId: id, newest: 20 },
  'extractions.report': { extractionId: id },
  'extractions.batches': { extractionId: id },
  'extractions.tryParse': { extractionId: id, rules, ...window },
  'extractions.parse': { extractionId: id },
  'extractions.rules': { extractionId: id },
  'extractions.summary': { extractionId: id },
  'rationales.samples': { extractionId: id, exampleId: 1 },
  'rows.page': { projectId: id, extractionId: id, ...window },
  'rows.detail': { extractionId: id, exampleId: 1 },
  'health.summary': { extractionId: id },
  'health.start': { extractionId: id },
  'reviews.apply': {
    extractionId: id,
    target: { exampleIds: [1, 2] },
    change: { kind: 'verdict', verdict: 'accepted' },
  },
  'reviews.undo': { extractionId: id },
  'reviews.redo': { extractionId: id },
  'reviews.progress': { extractionId: id },
  'reviews.tags': { extractionId: id },
  'reviews.export': { extractionId: id, reviewer: 'Kim' },
  'reviews.import': { extractionId: id, fileId: id },
  'reviews.forget': { extractionId: id, reviewer: 'Kim' },
  'reviews.agreement': { extractionId: id },
  'views.list': { projectId: id },
  'views.save': { projectId: id, name: 'Suspicious', query: { sort: 'suspicion' } },
  'views.remove': { viewId: id },
  'data.export': { projectId: id, extractionId: null, format: 'jsonl' },
  'data.exports': { projectId: id },
  'splits.list': { projectId: id },
  'splits.columns': { projectId: id },
  'splits.checkLeaks': { projectId: id, settings: split, threshold: 0.8 },
  'splits.leaks': { projectId: id, settings: split, threshold: 0.8 },
  'splits.createFolds': {
    projectId: id,
    name: null,
    settings: { ...split, fold: { of: 5, index: 0 } },
  },
  'splits.preview': { projectId: id, settings: split },
  'splits.create': { projectId: id, name: null, settings: split },
  'runs.suggest': { projectId: id, splitId: id, method: 'finetune' },
  'runs.start': { projectId: id, splitId: id, extractionId: null, name: null, settings: run },
  'runs.rows': { splitId: id, extractionId: null, settings: run },
  'runs.preflight': { splitId: id, extractionId: null, settings: run },
  'runs.list': { projectId: id },
  'runs.metrics': { runId: id, afterStep: 0 },
  'runs.samples': { runId: id },
  'runs.keepBest': { runId: id },
  'runs.rename': { runId: id, name: 'Better' },
  'runs.remove': { runId: id },
  'runs.lookAtImport': { splitId: id, source: { path: '/nowhere/at/all' } },
  'runs.import': {
    ...{ splitId: id, extractionId: null, source: { fileId: id }, name: 'From elsewhere' },
    asking: { method: 'distill', labelPrefix: 'predict: ', rationalePrefix: '' },
  },
  'runs.importedFrom': { runId: id },
  'students.list': {},
  'students.check': { path: '/nowhere/at/all' },
  'students.add': { fileId: id },
  'students.remove': { studentId: id },
  'studies.preview': { projectId: id, splitId: id, extractionId: null, plan: sweep },
  'studies.start': { projectId: id, splitId: id, extractionId: null, name: null, plan: bakeOff },
  'studies.list': { projectId: id },
  'studies.result': { studyId: id },
  'studies.remove': { studyId: id, withRuns: true },
  'compare.systems': { projectId: id, splitId: id, part: 'test' },
  'compare.start': { projectId: id, splitId: id, runIds: [id], part: 'test' },
  'compare.scoreboard': { projectId: id, splitId: id, part: 'test', systems: ['run:r'] },
  'compare.rows': { ...compared, ...window },
  'compare.countRows': { ...compared, filters: [{}, rowFilter] },
  'compare.row': { ...compared, exampleId: 7 },
  'compare.saveNote': { projectId: id, exampleId: 7, note: 'Reads “3” as “8”.' },
  'playground.systems': { projectId: id },
  'playground.ask': {
    ...{ projectId: id, system: `run:${id}`, text: 'How many?' },
  },
  'playground.cancel': { questionId: 'q1' },
  'playground.predictFile': {
    ...{ projectId: id, runIds: [id], fileId: id, columns: ['question'], format: 'jsonl' },
  },
  'playground.files': { projectId: id },
  'costs.report': { projectId: id, splitId: id, part: 'test', systems: [`teacher:${id}`] },
  'costs.save': {
    projectId: id,
    settings: { machineHour: 0.1, teacherPerThousand: { [id]: 2.5 }, volume: 1_000 },
  },
  'cascade.curve': {
    ...{ projectId: id, splitId: id, runId: id, extractionId: id },
    target: { kind: 'student', accuracy: 0.94 },
  },
  'cascade.save': {
    ...{ projectId: id, splitId: id, runId: id, extractionId: id },
    target: { kind: 'together', loss: 0.01 },
  },
  'report.start': {
    ...compared,
    ...{ title: 'Apples compared', language: 'ko' },
  },
  'report.list': { projectId: id },
  'cascade.list': { projectId: id },
  'cascade.remove': { cascadeId: id },
  'compare.slices': compared,
  'judge.next': judged,
  'judge.progress': judged,
  'judge.save': { ...judged, exampleId: 7, choice: 'neither' },
  'judge.undo': judged,
  'judge.result': judged,
  'judge.results': { projectId: id },
  'exports.options': { runId: id },
  'exports.start': {
    ...{ runId: id, name: null, checkpoint: { which: 'step', step: 50 }, proofRows: 200 },
    ...{ formats: ['huggingface', 'onnx-int8'], into: { path: '/exports' } },
  },
  'exports.list': { projectId: id },
  'exports.check': { exportId: id },
  'exports.snippets': { exportId: id },
  'exports.predict': { exportId: id, text: 'How many?' },
  'jobs.list': { projectId: null },
  'jobs.pause': { jobId: id },
  'jobs.resume': { jobId: id },
  'jobs.cancel': { jobId: id },
  'queue.move': { jobId: id, place: 0 },
  'queue.resume': {},
  'engines.list': {},
};

/** Calls whose example names rows that do not exist; the others can be answered by an empty workspace. */
export const namesMissingRows = (name: CallName): boolean =>
  JSON.stringify(examples[name]).includes(id);

export interface WrongInput {
  readonly what: string;
  readonly input: unknown;
}

/** Values that no field of the contract takes. */
const wrongValues: readonly unknown[] = [Symbol('wrong'), -0.5, [['nested']], NaN];

/** Fields that have a usual value, which holds where they are left out. */
const usual: Partial<Record<CallName, readonly string[]>> = {
  'exports.start': ['checkpoint', 'formats', 'into', 'proofRows'],
};

/** Every way of spoiling a call's example: other containers, a field too many, one missing, one wrong. */
export function wrongInputs(name: CallName): WrongInput[] {
  const right: Readonly<Record<string, unknown>> = examples[name];
  const containers = [undefined, null, 'text', 7, [], [right], true, () => right].map((input) => ({
    what: `${typeof input} ${String(input)}`,
    input,
  }));
  const added = ['projectID', '__proto__ ', 'constructor'].map((field) => ({
    what: `with “${field}”`,
    input: { ...right, [field]: 'x' },
  }));
  const fields = Object.keys(right).flatMap((field) => {
    const others = Object.entries(right).filter(([name]) => name !== field);
    const wrong = wrongValues.map((value) => ({
      what: `“${field}” = ${String(value)}`,
      input: { ...right, [field]: value },
    }));
    if (usual[name]?.includes(field)) return wrong;
    const missing = [Object.fromEntries(others), { ...right, [field]: undefined }].map((input) => ({
      what: `without “${field}”`,
      input,
    }));
    return [...missing, ...wrong];
  });
  return [...containers, ...added, ...fields];
}

export const allCalls = Object.keys(examples).filter((name): name is CallName =>
  Object.hasOwn(calls, name),
);
