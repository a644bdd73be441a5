import { z } from 'zod';
import { Count, ExampleId, Id, Task, Time } from './basics.ts';

// ---------------------------------------------------------------- endpoints

export const TeacherKind = z.enum(['openai-compatible', 'recorded', 'practice']);
export type TeacherKind = z.infer<typeof TeacherKind>;

/** Who wrote the server behind an address; decides what is known of it before it is asked. */
export const Provider = z.enum([
  'openai',
  'azure',
  'ollama',
  'llamacpp',
  'vllm',
  'lmstudio',
  'other',
]);
export type Provider = z.infer<typeof Provider>;

/** `unknown`: the probe could not tell, and the studio goes on as if it were not there. */
export const Support = z.enum(['yes', 'no', 'unknown']);
export type Support = z.infer<typeof Support>;

/** What a server was seen to honour, so that requests use it and screens can say it. */
export const Capabilities = z.strictObject({
  probedAt: Time,
  /** The model that was probed; findings of another model do not hold. */
  model: z.string(),
  /** Names of its models, at most 500; null when the server does not list them. */
  models: z.array(z.string()).nullable(),
  /** A system message is followed. */
  systemRole: Support,
  temperature: Support,
  /** Stop sequences end the text. */
  stop: Support,
  /** Several completions in one request (`n`). */
  several: Support,
  seed: Support,
  logprobs: Support,
  /** Tokens are counted in the answer. */
  usage: Support,
  /** Answers follow a JSON schema (`response_format`). */
  jsonSchema: Support,
  /** File-based batches at a lower price. */
  batches: Support,
  /** The parameter that limits the length of an answer. */
  lengthLimit: z.enum(['max_tokens', 'max_completion_tokens', 'unknown']),
  /** Of the probing request. */
  milliseconds: z.number().nonnegative(),
});
export type Capabilities = z.infer<typeof Capabilities>;

export const Teacher = z.strictObject({
  id: Id,
  projectId: Id,
  kind: TeacherKind,
  provider: Provider,
  name: z.string().min(1).max(120),
  /** `http(s)://…/v1`, for Azure the resource's address; null for the recorded and the practice teacher. */
  baseUrl: z.string().nullable(),
  /** For Azure the name of the deployment. Empty until one is chosen. */
  model: z.string(),
  /** Azure's `api-version`; null for its `/openai/v1` address and for every other server. */
  apiVersion: z.string().nullable(),
  /** Tokens of prompt and answer that the model takes together; null when nobody said. */
  contextTokens: z.number().int().positive().nullable(),
  capabilities: Capabilities.nullable(),
  /** Whether a key is kept; the key itself never leaves the main process. */
  keyKept: z.enum(['none', 'keychain', 'session', 'environment']),
  createdAt: Time,
});
export type Teacher = z.infer<typeof Teacher>;

/** US dollars for a million tokens. */
export const Price = z.strictObject({
  input: z.number().min(0).max(100_000),
  output: z.number().min(0).max(100_000),
  /** What a batch costs of that: 0.5 is half price. */
  batchShare: z.number().min(0).max(1),
});
export type Price = z.infer<typeof Price>;

/** One row of the price table. */
export const PriceEntry = z.strictObject({
  /** Name of a model as its server calls it; a `*` at the end stands for any ending. */
  model: z.string().trim().min(1).max(200),
  price: Price,
  /** `built-in` until a person changes it. */
  origin: z.enum(['built-in', 'entered']),
  /** When the figure was true: the day it was looked up or entered. */
  asOf: z.string(),
});
export type PriceEntry = z.infer<typeof PriceEntry>;

// ---------------------------------------------------------------- prompts

export const Exemplar = z.strictObject({
  input: z.string(),
  choices: z.array(z.string()).nullable(),
  rationale: z.string(),
  answer: z.string(),
});
export type Exemplar = z.infer<typeof Exemplar>;

/** One way to find the answer in a completion. */
export const ParseRule = z.discriminatedUnion('kind', [
  /** After the first of these phrases that occurs, at its last place; compared without regard to case. */
  z.strictObject({
    kind: z.literal('phrases'),
    phrases: z.array(z.string().min(1)).min(1),
  }),
  /**
   * A regular expression in RE2's syntax (linear time). The group `answer`, else the first group,
   * else the whole match is the answer; the group `rationale`, else what stands before the match,
   * the rationale. The last match counts.
   */
  z.strictObject({ kind: z.literal('pattern'), pattern: z.string().min(1).max(1_000) }),
  /** Fields of the first JSON object in the text. */
  z.strictObject({
    kind: z.literal('json'),
    answer: z.string().min(1).max(100),
    rationale: z.string().max(100),
  }),
  /** The last line that is not blank is the answer. */
  z.strictObject({ kind: z.literal('last-line') }),
]);
export type ParseRule = z.infer<typeof ParseRule>;

/** How the text that a rule found is read: as the task asks, or as one kind of thing. */
export const AnswerReading = z.enum(['task', 'text', 'number', 'expression', 'letter']);
export type AnswerReading = z.infer<typeof AnswerReading>;

/** How a completion is cut into rationale and label. */
export const ParseRules = z.strictObject({
  /** Where the model starts to invent the next question; everything from there on is dropped. */
  stopSequences: z.array(z.string().min(1)),
  /** Tried in order until one finds an answer. */
  rules: z.array(ParseRule).min(1).max(20),
  read: AnswerReading,
});
export type ParseRules = z.infer<typeof ParseRules>;

export const PromptStyle = z.enum([
  /** Worked examples with their reasoning, then the row (paper section 3.1). */
  'few-shot-cot',
  /** No worked example: the instruction asks for reasoning (Kojima et al. 2022). */
  'zero-shot-cot',
  /** Only the label: for distilling labels without rationales. */
  'label-only',
  /** An answer in JSON under a schema, where the server can. */
  'structured',
]);
export type PromptStyle = z.infer<typeof PromptStyle>;

/** Which of a template's exemplars a prompt shows. */
export const ExemplarSelection = z.strictObject({
  how: z.enum([
    /** All of them, in their order. */
    'all',
    /** `count` of them, drawn once with the seed. */
    'random',
    /** `count` of them, as unlike each other as can be found. */
    'diverse',
    /** For each row the `count` most like it, the most alike last. */
    'nearest',
  ]),
  count: z.number().int().min(1).max(50),
  seed: Count,
});
export type ExemplarSelection = z.infer<typeof ExemplarSelection>;

export const PromptTemplate = z.strictObject({
  id: Id,
  projectId: Id,
  name: z.string().min(1).max(120),
  version: z.number().int().positive(),
  style: PromptStyle,
  /**
   * `{labels}` stands for the project's label set, `{format}` for what the style asks of an answer
   * (reasoning, then the answer phrase and the answer), in the template's language.
   */
  instruction: z.string(),
  /**
   * How a row is put to the teacher, up to where it is to go on: `Q: {input}\nA:`. `{input}` is the
   * text with its choices, `{text}` without them, `{choices}` the choices alone.
   */
  inputTemplate: z.string().min(1),
  exemplars: z.array(Exemplar).max(200),
  selection: ExemplarSelection,
  /** The phrase exemplars end with, as in `So the answer is`. */
  answerPhrase: z.string().min(1),
  parse: ParseRules,
  createdAt: Time,
});
export type PromptTemplate = z.infer<typeof PromptTemplate>;

/** A template as it is before it is saved. */
export const TemplateDraft = PromptTemplate.omit({ id: true, version: true, createdAt: true });
export type TemplateDraft = z.infer<typeof TemplateDraft>;

export const Language = z.enum(['en', 'ko']);
export type Language = z.infer<typeof Language>;

/** A ready-made template with exemplars that were written for this app. */
export const ExemplarPack = z.strictObject({
  id: z.string(),
  language: Language,
  use: z.enum([
    'entailment',
    'commonsense',
    'arithmetic',
    'sentiment',
    'intent',
    'topic',
    'reading',
    'text',
    'classification',
  ]),
  task: Task,
  exemplars: Count,
  /** Labels its exemplars use; empty where the task has no classes. */
  labels: z.array(z.string()),
});
export type ExemplarPack = z.infer<typeof ExemplarPack>;

/** Something about a template that a person should know before money is spent on it. */
export const TemplateWarning = z.strictObject({
  code: z.enum([
    /** An exemplar is a row of the test part of a split: its score would be flattered. */
    'exemplar-in-test',
    /** The parser does not read the exemplar's own answer as that answer. */
    'exemplar-unread',
    /** The exemplar's answer is none of the project's labels. */
    'exemplar-label-unknown',
    /** The exemplar lacks its input, rationale or answer. */
    'exemplar-incomplete',
    /** Prompt and longest answer together are longer than the model's context. */
    'too-long',
    /** Nothing of the row would be shown. */
    'no-input',
    /** A style with worked examples has none. */
    'no-exemplars',
    /** The server was seen not to follow a JSON schema. */
    'structured-unsupported',
    /** A pattern is no regular expression of RE2. */
    'pattern-invalid',
    /** The server takes fewer stop sequences than the template has: the rest are applied here. */
    'stops-cut',
  ]),
  /** Position of the exemplar it is about, from 0. */
  exemplar: Count.nullable(),
  /** What was found, as it stands in the data: an external id, a label, a message. */
  detail: z.string(),
  /** Tokens, for `too-long`: needed and allowed. */
  tokens: z.strictObject({ needed: Count, allowed: Count }).nullable(),
});
export type TemplateWarning = z.infer<typeof TemplateWarning>;

export const ChatMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/** A prompt as one row would be asked with it. */
export const PromptPreview = z.strictObject({
  exampleId: ExampleId,
  messages: z.array(ChatMessage),
  /** Of the prompt, counted with OpenAI's o200k_base: other models' counts differ somewhat. */
  tokens: Count,
  /** Positions of the exemplars shown, in the order shown. */
  shown: z.array(Count),
  warnings: z.array(TemplateWarning),
});
export type PromptPreview = z.infer<typeof PromptPreview>;
