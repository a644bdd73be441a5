import { z } from 'zod';
import { Count } from './basics.ts';
import {
  Batch,
  ColumnMapping,
  DataExport,
  DataExportFormat,
  Dataset,
  DatasetDifference,
  EngineReport,
  Estimate,
  Example,
  ExampleId,
  Exemplar,
  ExemplarPack,
  Extraction,
  ExtractionSettings,
  FileHandle,
  FileInspection,
  HealthSummary,
  Id,
  ImportOptions,
  LeakReport,
  LiveExtraction,
  MappingPreview,
  ParseRules,
  ParseSummary,
  ParseTrials,
  Part,
  Preferences,
  PriceEntry,
  Project,
  PromptPreview,
  PromptTemplate,
  ReadOptions,
  ReviewAction,
  ReviewAgreement,
  ReviewChange,
  ReviewProgress,
  ReviewRow,
  RowDetail,
  RowQuery,
  Sample,
  SavedView,
  Split,
  SplitPreview,
  SplitSettings,
  Task,
  Teacher,
  TeacherReport,
  TemplateDraft,
} from './entities.ts';
import { AppInfo, ProjectOverview } from './app.ts';
import { ErrorValue } from './errors.ts';
import { JobRecord } from './jobs.ts';
import { InExtraction, InProject, Name, Nothing, Window, call, pageOf } from './call.ts';
import type { CallDefinition } from './call.ts';
import { comparisonCalls } from './comparison-calls.ts';
import { exportCalls } from './export-calls.ts';
import { trainingCalls } from './training-calls.ts';

export { AppInfo, ProjectOverview } from './app.ts';
export type { CallDefinition } from './call.ts';

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

  /** The same for a folder of text files. */
  'files.chooseFolder': call(Nothing, FileHandle.nullable()),
  /** Text that was pasted, kept as a file until it is imported. */
  'files.paste': call(z.strictObject({ text: z.string().min(1).max(50_000_000) }), FileHandle),

  'import.inspect': call(
    z.strictObject({ fileId: Id, read: ReadOptions.prefault({}) }),
    FileInspection,
  ),
  'import.preview': call(
    z.strictObject({
      fileId: Id,
      projectId: Id,
      mapping: ColumnMapping,
      read: ReadOptions.prefault({}),
    }),
    MappingPreview,
  ),
  /** How a newer version of a file differs from the data set that an earlier one became. */
  'import.compare': call(
    z.strictObject({
      fileId: Id,
      datasetId: Id,
      mapping: ColumnMapping,
      givenPart: Part.nullable().default(null),
      options: ImportOptions.prefault({}),
    }),
    DatasetDifference,
  ),
  'import.start': call(
    z.strictObject({
      fileId: Id,
      projectId: Id,
      name: Name.nullable(),
      mapping: ColumnMapping,
      givenPart: Part.nullable(),
      options: ImportOptions.prefault({}),
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
  /** Every answer to one row. */
  'rationales.samples': call(
    z.strictObject({ extractionId: Id, exampleId: ExampleId }),
    z.array(Sample),
  ),

  'rows.page': call(
    z.strictObject({
      projectId: Id,
      /** Whose answers, flags and reviews; null: data alone. */
      extractionId: Id.nullable(),
      query: RowQuery.prefault({}),
      ...Window,
    }),
    pageOf(ReviewRow).extend({
      /** False while newly saved rows are not yet found by their words. */
      searchReady: z.boolean(),
    }),
  ),
  'rows.detail': call(z.strictObject({ extractionId: Id, exampleId: ExampleId }), RowDetail),

  'health.summary': call(z.strictObject({ extractionId: Id }), HealthSummary),
  /** Checks the rows that were not checked since their answer was saved; all of them with `again`. */
  'health.start': call(
    z.strictObject({ extractionId: Id, again: z.boolean().default(false) }),
    JobRecord,
  ),

  /** Changes the review of some rows: of those listed, or of all that a query finds. */
  'reviews.apply': call(
    z.strictObject({
      extractionId: Id,
      target: z.union([
        z.strictObject({ exampleIds: z.array(ExampleId).min(1).max(10_000) }),
        z.strictObject({ query: RowQuery }),
      ]),
      change: ReviewChange,
    }),
    ReviewAction,
  ),
  'reviews.undo': call(InExtraction, ReviewAction),
  'reviews.redo': call(InExtraction, ReviewAction),
  'reviews.progress': call(InExtraction, ReviewProgress),
  'reviews.tags': call(InExtraction, z.array(z.strictObject({ tag: z.string(), rows: Count }))),
  /** Writes this person's review into a file that another workspace can import. */
  'reviews.export': call(
    z.strictObject({ extractionId: Id, reviewer: z.string().trim().min(1).max(80) }),
    z.strictObject({ path: z.string(), rows: Count }),
  ),
  'reviews.import': call(
    z.strictObject({ extractionId: Id, fileId: Id }),
    z.strictObject({ reviewer: z.string(), rows: Count, unmatched: Count }),
  ),
  'reviews.forget': call(
    z.strictObject({ extractionId: Id, reviewer: z.string().min(1).max(80) }),
    Nothing,
  ),
  'reviews.agreement': call(InExtraction, z.array(ReviewAgreement)),

  'views.list': call(InProject, z.array(SavedView)),
  /** A view of that name is replaced. */
  'views.save': call(z.strictObject({ projectId: Id, name: Name, query: RowQuery }), SavedView),
  'views.remove': call(z.strictObject({ viewId: Id }), Nothing),

  /** Writes rows into a file of the workspace that other tools read. */
  'data.export': call(
    z.strictObject({
      projectId: Id,
      extractionId: Id.nullable(),
      query: RowQuery.prefault({}),
      format: DataExportFormat,
    }),
    JobRecord,
  ),
  /** Files written so, the newest first. */
  'data.exports': call(InProject, z.array(DataExport)),

  'splits.list': call(InProject, z.array(Split)),
  'splits.preview': call(z.strictObject({ projectId: Id, settings: SplitSettings }), SplitPreview),
  /** Columns that rows were imported with, to group or to order by. */
  'splits.columns': call(
    InProject,
    z.array(
      z.strictObject({
        column: z.string(),
        rows: Count,
        distinct: Count,
        /** Whether its values can be ordered by time: dates or numbers. */
        time: z.boolean(),
      }),
    ),
  ),
  /** Looks for rows that are too much alike in different parts. */
  'splits.checkLeaks': call(
    z.strictObject({
      projectId: Id,
      settings: SplitSettings,
      threshold: z.number().min(0.5).max(1),
    }),
    JobRecord,
  ),
  /** What was found for these settings and the rows there are now; null where it was not looked for. */
  'splits.leaks': call(
    z.strictObject({
      projectId: Id,
      settings: SplitSettings,
      threshold: z.number().min(0.5).max(1),
    }),
    LeakReport.nullable(),
  ),
  /** Freezes all folds of settings with `fold`; their names end in the fold's number. */
  'splits.createFolds': call(
    z.strictObject({ projectId: Id, name: Name.nullable(), settings: SplitSettings }),
    z.array(Split),
  ),
  'splits.create': call(
    z.strictObject({ projectId: Id, name: Name.nullable(), settings: SplitSettings }),
    Split,
  ),

  ...trainingCalls,

  ...comparisonCalls,

  ...exportCalls,

  'jobs.list': call(z.strictObject({ projectId: Id.nullable() }), z.array(JobRecord)),
  'jobs.pause': call(z.strictObject({ jobId: Id }), JobRecord),
  'jobs.resume': call(z.strictObject({ jobId: Id }), JobRecord),
  'jobs.cancel': call(z.strictObject({ jobId: Id }), JobRecord),
  /** Puts a waiting job at another place of its queue, 0 for the next; answers all that wait. */
  'queue.move': call(z.strictObject({ jobId: Id, place: Count }), z.array(JobRecord)),
  /** Takes up what waited or trained when the studio was closed, in its order. */
  'queue.resume': call(Nothing, z.array(JobRecord)),

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
