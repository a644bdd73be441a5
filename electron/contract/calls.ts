import { z } from 'zod';
import {
  Batch,
  ColumnMapping,
  ComparisonRow,
  Dataset,
  EngineReport,
  Estimate,
  Example,
  ExampleId,
  Exemplar,
  ExemplarPack,
  ExportRecord,
  Extraction,
  ExtractionSettings,
  FileHandle,
  FileInspection,
  Id,
  LiveExtraction,
  MappingPreview,
  MetricPoint,
  ParseRules,
  ParseSummary,
  ParseTrials,
  Part,
  PartCounts,
  Preferences,
  PriceEntry,
  Project,
  PromptPreview,
  PromptTemplate,
  RationaleFilter,
  RationaleRow,
  Run,
  RunSettings,
  Sample,
  Scoreboard,
  Split,
  SplitSettings,
  StudentAnswer,
  Task,
  Teacher,
  TeacherReport,
  TemplateDraft,
} from './entities.ts';
import { ErrorValue } from './errors.ts';
import { JobRecord } from './jobs.ts';

const Count = z.number().int().nonnegative();
const Nothing = z.strictObject({});
const InProject = z.strictObject({ projectId: Id });
const pageOf = <T extends z.ZodType>(row: T) =>
  z.strictObject({ rows: z.array(row), total: Count });
const Window = { offset: Count, limit: z.number().int().min(1).max(500) };
const Name = z.string().trim().min(1).max(120);

/** Everything the pipeline list and the empty states need, counted from saved rows. */
export const ProjectOverview = z.strictObject({
  project: Project,
  datasets: Count,
  examples: Count,
  withGold: Count,
  /** Examples that came with a recorded completion or rationale. */
  recorded: Count,
  /** Newest extraction, if any. */
  extraction: Extraction.nullable(),
  parsed: Count,
  unparsed: Count,
  splits: Count,
  runs: Count,
  finishedRuns: Count,
  evaluations: Count,
  exports: Count,
  /** Jobs of this project that are not settled. */
  activeJobs: z.array(JobRecord),
});
export type ProjectOverview = z.infer<typeof ProjectOverview>;

export const AppInfo = z.strictObject({
  version: z.string(),
  mode: z.enum(['electron', 'browser', 'cli']),
  platform: z.string(),
  workspace: z.string(),
  /** Whether keys can be kept in the OS keychain here; else for the session only. */
  keychain: z.boolean(),
});
export type AppInfo = z.infer<typeof AppInfo>;

export interface CallDefinition {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}
const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) =>
  ({ input, output }) as const;

/**
 * Every question the renderer and the command line can put to main: name -> input and output schema.
 * Handlers and clients are inferred from this table.
 */
export const calls = {
  'app.info': call(Nothing, AppInfo),
  'app.preferences': call(Nothing, Preferences),
  'app.savePreferences': call(Preferences, Preferences),

  'projects.list': call(Nothing, z.array(Project)),
  'projects.create': call(
    z.strictObject({ name: Name, task: Task, labels: z.array(z.string().min(1)).max(1000) }),
    Project,
  ),
  /** Makes the sample project and imports its generated rows. */
  'projects.createSample': call(
    z.strictObject({ rows: z.number().int().min(50).max(100_000), seed: Count }),
    Project,
  ),
  'projects.overview': call(InProject, ProjectOverview),
  'projects.rename': call(z.strictObject({ projectId: Id, name: Name }), Project),
  'projects.remove': call(InProject, Nothing),

  /** Opens the native file dialog (Electron); null when the person closes it. Browsers upload instead. */
  'files.choose': call(Nothing, FileHandle.nullable()),

  'import.inspect': call(z.strictObject({ fileId: Id }), FileInspection),
  'import.preview': call(
    z.strictObject({ fileId: Id, projectId: Id, mapping: ColumnMapping }),
    MappingPreview,
  ),
  'import.start': call(
    z.strictObject({
      fileId: Id,
      projectId: Id,
      name: Name.nullable(),
      mapping: ColumnMapping,
      givenPart: Part.nullable(),
    }),
    JobRecord,
  ),
  'datasets.list': call(InProject, z.array(Dataset)),
  'datasets.remove': call(z.strictObject({ datasetId: Id }), Nothing),
  'examples.page': call(z.strictObject({ projectId: Id, ...Window }), pageOf(Example)),

  'templates.list': call(InProject, z.array(PromptTemplate)),
  /** The built-in template for the project's task, in the language of its rows, not yet saved. */
  'templates.suggest': call(InProject, TemplateDraft),
  /** Ready-made templates that fit the project's task. */
  'templates.packs': call(InProject, z.array(ExemplarPack)),
  'templates.fromPack': call(z.strictObject({ projectId: Id, packId: z.string() }), TemplateDraft),
  /** Saves a new version; an extraction keeps the exact version it used. */
  'templates.save': call(TemplateDraft, PromptTemplate),
  /** The exact messages a teacher would be sent for one example, counted, with what to look out for. */
  'templates.preview': call(
    z.strictObject({
      template: TemplateDraft,
      exampleId: ExampleId,
      /** For its context length and capabilities. */
      teacherId: Id.nullable(),
      maxTokens: z.number().int().positive(),
    }),
    PromptPreview,
  ),
  /** An imported row as an exemplar; its rationale is empty where none is known. */
  'templates.exemplarOf': call(z.strictObject({ projectId: Id, exampleId: ExampleId }), Exemplar),
  /**
   * Rows with a gold label and a rationale that agrees with it, outside every test part, drawn as
   * exemplars. `pool`: rows there were to draw from.
   */
  'templates.drawExemplars': call(
    z.strictObject({
      projectId: Id,
      how: z.enum(['random', 'diverse']),
      count: z.number().int().min(1).max(50),
      seed: Count,
    }),
    z.strictObject({ exemplars: z.array(Exemplar), pool: Count }),
  ),

  'teachers.list': call(InProject, z.array(Teacher)),
  'teachers.save': call(
    z.strictObject({
      /** Null for a new one. */
      teacherId: Id.nullable(),
      projectId: Id,
      kind: Teacher.shape.kind,
      provider: Teacher.shape.provider.default('other'),
      name: Name,
      baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
      /** May be empty until one was chosen from those that the server lists. */
      model: z.string().trim().max(200),
      apiVersion: z
        .string()
        .trim()
        .regex(/^[\w.-]{1,40}$/)
        .nullable()
        .default(null),
      contextTokens: z.number().int().min(128).max(100_000_000).nullable().default(null),
    }),
    Teacher,
  ),
  /** Keeps a key (keychain where there is one, else for this session); an empty key forgets it. */
  'teachers.setKey': call(z.strictObject({ teacherId: Id, key: z.string().max(2_000) }), Teacher),
  /**
   * Lists the server's models and, where one is chosen, asks a tiny question to see what it honours.
   * The findings are saved with the teacher. Failure is an answer, not an error.
   */
  'teachers.probe': call(
    z.strictObject({ teacherId: Id }),
    z.strictObject({
      teacher: Teacher,
      ok: z.boolean(),
      /** What it wrote; empty when only models were listed. */
      text: z.string(),
      error: ErrorValue.nullable(),
    }),
  ),

  'prices.list': call(Nothing, z.array(PriceEntry)),
  'prices.save': call(PriceEntry.pick({ model: true, price: true }), PriceEntry),
  /** Forgets what was entered; a built-in price comes back. */
  'prices.remove': call(PriceEntry.pick({ model: true }), Nothing),
  /** The price that requests to this teacher are reckoned with; servers on this machine cost nothing. */
  'prices.of': call(z.strictObject({ teacherId: Id }), PriceEntry.nullable()),

  'extractions.list': call(InProject, z.array(Extraction)),
  'extractions.start': call(
    z.strictObject({
      projectId: Id,
      teacherId: Id,
      /** Null for the recorded teacher, and to use the built-in template. */
      templateId: Id.nullable(),
      settings: ExtractionSettings,
    }),
    JobRecord,
  ),
  /** Goes on with an extraction: more rows, another budget or pace, failed rows again. */
  'extractions.continue': call(
    z.strictObject({ extractionId: Id, settings: ExtractionSettings }),
    JobRecord,
  ),
  /** What an extraction with these settings would still need, from the answers there are already. */
  'extractions.estimate': call(
    z.strictObject({
      projectId: Id,
      teacherId: Id,
      templateId: Id.nullable(),
      settings: ExtractionSettings,
    }),
    Estimate,
  ),
  'extractions.live': call(
    z.strictObject({ extractionId: Id, newest: z.number().int().min(1).max(100) }),
    LiveExtraction,
  ),
  'extractions.report': call(z.strictObject({ extractionId: Id }), TeacherReport),
  'extractions.batches': call(z.strictObject({ extractionId: Id }), z.array(Batch)),
  /** What a set of rules makes of saved completions, without saving it. */
  'extractions.tryParse': call(
    z.strictObject({
      extractionId: Id,
      rules: ParseRules,
      offset: Count,
      limit: z.number().int().min(1).max(200),
    }),
    ParseTrials,
  ),
  /** Cuts saved completions into rationale and label again; the teacher is not asked. */
  'extractions.parse': call(
    z.strictObject({
      extractionId: Id,
      /** Other rules than before, kept with the extraction; null for those it has. */
      rules: ParseRules.nullable().default(null),
    }),
    ParseSummary,
  ),
  /** The rules an extraction's completions are parsed with. */
  'extractions.rules': call(z.strictObject({ extractionId: Id }), ParseRules),
  /** Counts over all rows, or over those of one imported file. */
  'extractions.summary': call(
    z.strictObject({ extractionId: Id, datasetId: Id.nullable().default(null) }),
    ParseSummary,
  ),
  'rationales.page': call(
    z.strictObject({ extractionId: Id, filter: RationaleFilter, ...Window }),
    pageOf(RationaleRow),
  ),
  /** Every answer to one row. */
  'rationales.samples': call(
    z.strictObject({ extractionId: Id, exampleId: ExampleId }),
    z.array(Sample),
  ),

  'splits.list': call(InProject, z.array(Split)),
  'splits.preview': call(
    z.strictObject({ projectId: Id, settings: SplitSettings }),
    z.strictObject({
      counts: PartCounts,
      /** Gold label -> share of each part, for classification; empty elsewhere. */
      labels: z.array(z.strictObject({ label: z.string(), counts: PartCounts })),
      /** Rows of validation and test whose masked text also stands in train. */
      maskedLeaks: Count,
    }),
  ),
  'splits.create': call(
    z.strictObject({ projectId: Id, name: Name.nullable(), settings: SplitSettings }),
    Split,
  ),

  /** Settings that suit the project's rows and this machine, with the reasons left to the screen. */
  'runs.suggest': call(
    z.strictObject({ projectId: Id, splitId: Id, method: RunSettings.shape.method }),
    RunSettings,
  ),
  'runs.start': call(
    z.strictObject({
      projectId: Id,
      splitId: Id,
      extractionId: Id.nullable(),
      name: Name.nullable(),
      settings: RunSettings,
    }),
    z.strictObject({ run: Run, job: JobRecord }),
  ),
  'runs.list': call(InProject, z.array(Run)),
  'runs.metrics': call(z.strictObject({ runId: Id, afterStep: Count }), z.array(MetricPoint)),
  'runs.remove': call(z.strictObject({ runId: Id }), Nothing),

  /** Decodes the part with every run that has no saved evaluation on it yet. */
  'compare.start': call(
    z.strictObject({ projectId: Id, splitId: Id, runIds: z.array(Id).min(1), part: Part }),
    JobRecord,
  ),
  'compare.scoreboard': call(
    z.strictObject({ projectId: Id, splitId: Id, part: Part }),
    Scoreboard,
  ),
  'compare.page': call(
    z.strictObject({
      splitId: Id,
      part: Part,
      runIds: z.array(Id),
      filter: z.enum(['all', 'disagree']),
      ...Window,
    }),
    pageOf(ComparisonRow),
  ),

  'exports.start': call(z.strictObject({ runId: Id, name: Name.nullable() }), JobRecord),
  'exports.list': call(InProject, z.array(ExportRecord)),
  /** Asks the exported folder itself, with no store and no teacher. */
  'exports.predict': call(
    z.strictObject({ exportId: Id, text: z.string().min(1).max(20_000) }),
    StudentAnswer,
  ),

  'jobs.list': call(z.strictObject({ projectId: Id.nullable() }), z.array(JobRecord)),
  'jobs.pause': call(z.strictObject({ jobId: Id }), JobRecord),
  'jobs.resume': call(z.strictObject({ jobId: Id }), JobRecord),
  'jobs.cancel': call(z.strictObject({ jobId: Id }), JobRecord),

  /** `measure` also times each engine, one after another: up to a minute with a software adapter. */
  'engines.list': call(
    z.strictObject({ measure: z.boolean().default(false) }),
    z.array(EngineReport),
  ),
} as const satisfies Record<string, CallDefinition>;

export type CallName = keyof typeof calls;
/** What a caller writes (before defaults and transforms). */
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
/** What a handler reads. */
export type CallArguments<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export const callNames = Object.keys(calls) as readonly CallName[];

/** The only shapes an answer to a call has: a thrown class would not survive the border. */
export type CallResult<N extends CallName> =
  | { readonly ok: true; readonly value: CallOutput<N> }
  | { readonly ok: false; readonly error: ErrorValue };

export type Handlers = {
  [N in CallName]: (input: CallArguments<N>) => CallOutput<N> | Promise<CallOutput<N>>;
};
