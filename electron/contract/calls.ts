import { z } from 'zod';
import {
  ColumnMapping,
  ComparisonRow,
  Dataset,
  EngineReport,
  Example,
  ExampleId,
  ExportRecord,
  Extraction,
  ExtractionSettings,
  FileHandle,
  FileInspection,
  Id,
  MappingPreview,
  MetricPoint,
  ParseSummary,
  Part,
  PartCounts,
  Preferences,
  Project,
  PromptTemplate,
  RationaleFilter,
  RationaleRow,
  Run,
  RunSettings,
  Scoreboard,
  Split,
  SplitSettings,
  StudentAnswer,
  Task,
  Teacher,
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
  /** The built-in template for the project's task, not yet saved. */
  'templates.suggest': call(
    InProject,
    PromptTemplate.omit({ id: true, version: true, createdAt: true }),
  ),
  /** Saves a new version; an extraction keeps the exact version it used. */
  'templates.save': call(
    PromptTemplate.omit({ id: true, version: true, createdAt: true }),
    PromptTemplate,
  ),
  /** The exact messages a teacher would be sent for one example. */
  'templates.render': call(
    z.strictObject({
      template: PromptTemplate.omit({ id: true, version: true, createdAt: true }),
      exampleId: ExampleId,
    }),
    z.strictObject({
      messages: z.array(z.strictObject({ role: z.enum(['system', 'user']), content: z.string() })),
    }),
  ),

  'teachers.list': call(InProject, z.array(Teacher)),
  'teachers.save': call(
    z.strictObject({
      /** Null for a new one. */
      teacherId: Id.nullable(),
      projectId: Id,
      kind: Teacher.shape.kind,
      name: Name,
      baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
      model: z.string().trim().max(200),
    }),
    Teacher,
  ),
  /** Keeps a key (keychain where there is one, else for this session); an empty key forgets it. */
  'teachers.setKey': call(z.strictObject({ teacherId: Id, key: z.string().max(2_000) }), Teacher),
  /** Asks for one short completion, to see that address, key and model work. Failure is an answer, not an error. */
  'teachers.test': call(
    z.strictObject({ teacherId: Id }),
    z.strictObject({ ok: z.boolean(), text: z.string(), error: ErrorValue.nullable() }),
  ),

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
  /** Cuts saved completions into rationale and label again; the teacher is not asked. */
  'extractions.parse': call(z.strictObject({ extractionId: Id }), ParseSummary),
  /** Counts over all rows, or over those of one imported file. */
  'extractions.summary': call(
    z.strictObject({ extractionId: Id, datasetId: Id.nullable().default(null) }),
    ParseSummary,
  ),
  'rationales.page': call(
    z.strictObject({ extractionId: Id, filter: RationaleFilter, ...Window }),
    pageOf(RationaleRow),
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
