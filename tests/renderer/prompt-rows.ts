import type {
  Example,
  ExemplarPack,
  ParseTrial,
  ParseTrials,
  PromptPreview,
  PromptTemplate,
  TemplateDraft,
} from '../../electron/contract/entities.ts';
import type { Answers } from './fakes.ts';
import { createdAt } from './rows.ts';

export const exemplar = (input: string, more: { rationale?: string; answer?: string } = {}) => ({
  input,
  choices: null,
  rationale: 'It is warm.',
  answer: 'red',
  ...more,
});

export const template = (more: Partial<TemplateDraft> = {}): TemplateDraft => ({
  projectId: 'p1',
  name: 'Colours',
  style: 'few-shot-cot',
  instruction: 'Name a colour: {labels}. {format}',
  inputTemplate: 'Q: {input}\nA:',
  exemplars: [exemplar('A rose?'), exemplar('A brick?'), exemplar('A tomato?')],
  selection: { how: 'all', count: 2, seed: 0 },
  answerPhrase: 'So the answer is',
  parse: {
    stopSequences: ['\nQ:'],
    rules: [{ kind: 'phrases', phrases: ['So the answer is'] }],
    read: 'task',
  },
  ...more,
});

export const savedTemplate = (more: Partial<PromptTemplate> = {}): PromptTemplate => ({
  ...template(),
  id: 'v1',
  version: 1,
  createdAt,
  ...more,
});

export const example = (id: number): Example => ({
  id,
  datasetId: 'd1',
  externalId: `r${id}`,
  input: `What colour is thing ${id}?`,
  choices: null,
  gold: 'red',
  givenPart: null,
});

export const packs: ExemplarPack[] = [
  {
    id: 'sentiment-en',
    language: 'en',
    use: 'sentiment',
    task: 'classification',
    exemplars: 6,
    labels: ['positive', 'negative'],
  },
  {
    id: 'sentiment-ko',
    language: 'ko',
    use: 'sentiment',
    task: 'classification',
    exemplars: 5,
    labels: ['긍정', '부정'],
  },
];

export const preview = (more: Partial<PromptPreview> = {}): PromptPreview => ({
  exampleId: 1,
  messages: [
    { role: 'system', content: 'Name a colour.' },
    { role: 'user', content: 'Q: What colour is thing 1?\nA:' },
  ],
  tokens: 1_000,
  shown: [2, 0],
  warnings: [],
  ...more,
});

/** A main with three rows, two packs and the built-in template; saving makes versions. */
export const promptAnswers = (saved: PromptTemplate[] = []): Answers => ({
  'templates.list': () => saved,
  'templates.suggest': () => template(),
  'templates.packs': () => packs,
  'templates.fromPack': () =>
    template({ name: '감성', instruction: '긍정인지 부정인지 답하시오.' }),
  'templates.preview': () => preview(),
  'templates.save': (input) => savedTemplate({ ...(input as TemplateDraft), id: 'v2', version: 2 }),
  'examples.page': (input) => {
    const { offset } = input as { offset: number };
    return { rows: [example(offset + 1)], total: 3 };
  },
});

const text = 'It is warm. So the answer is red.';

export const trial = (exampleId: number, more: Partial<ParseTrial> = {}): ParseTrial => ({
  exampleId,
  externalId: `r${exampleId}`,
  completion: text,
  gold: 'red',
  before: { rationale: 'It is warm.', label: 'red' },
  byRule: ['red'],
  after: { rationale: 'It is warm.', label: 'red', rule: 0, correct: true },
  rationaleAt: [0, 11],
  answerAt: [29, 32],
  ...more,
});

export const trials = (more: Partial<ParseTrials> = {}): ParseTrials => ({
  rows: [
    trial(1),
    trial(2, { before: { rationale: null, label: null } }),
    trial(3, {
      byRule: [null],
      before: { rationale: null, label: null },
      after: { rationale: null, label: null, rule: null, correct: false },
      rationaleAt: null,
      answerAt: null,
    }),
  ],
  total: 120,
  parsedBefore: 1,
  parsedAfter: 2,
  changed: 1,
  ...more,
});
