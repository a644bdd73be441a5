import { z } from 'zod';
import { Count, ExampleId, Id, Part } from './basics.ts';
import { InProject, Name, Nothing, Window, call, pageOf } from './call.ts';
import { Comparing, Scoreboard, SystemKey, Systems } from './comparison.ts';
import {
  CompareDetail,
  CompareFilter,
  CompareRow,
  JudgeChoice,
  JudgePair,
  JudgeProgress,
  JudgeResult,
  RowCounts,
  Slices,
} from './comparison-rows.ts';
import {
  Cascade,
  CascadeCurve,
  CascadeTarget,
  CostReport,
  CostSettings,
  PlaygroundAnswer,
  PlaygroundSystem,
  PredictedFile,
  ReportRecord,
} from './comparison-use.ts';
import { ReadOptions } from './data.ts';
import { JobRecord } from './jobs.ts';

/** Two systems whose rationales are judged; the order does not matter. */
const Judged = {
  projectId: Id,
  splitId: Id,
  part: Part,
  a: SystemKey,
  b: SystemKey,
};
const Cascaded = { projectId: Id, splitId: Id, runId: Id, extractionId: Id };

/** Calls about teacher and students on the same rows. On the test part, those that show scores count as a look. */
export const comparisonCalls = {
  /** Who has answered rows of the part, without their scores. */
  'compare.systems': call(z.strictObject({ projectId: Id, splitId: Id, part: Part }), Systems),
  /**
   * Decodes the part with every run that lacks predictions on it or their confidence, and with
   * `speed` times each of them. An extraction is asked for its missing rows through its own calls.
   */
  'compare.start': call(
    z.strictObject({
      projectId: Id,
      splitId: Id,
      runIds: z.array(Id).min(1),
      part: Part,
      speed: z.boolean().default(true),
    }),
    JobRecord,
  ),
  'compare.scoreboard': call(
    Comparing.extend({ margin: z.number().min(0).max(0.5).default(0.02) }),
    Scoreboard,
  ),
  'compare.rows': call(
    Comparing.extend({ filter: CompareFilter.prefault({}), ...Window }),
    pageOf(CompareRow),
  ),
  /** How many rows each of these filters leaves. */
  'compare.countRows': call(
    Comparing.extend({ filters: z.array(CompareFilter).max(40) }),
    RowCounts,
  ),
  'compare.row': call(Comparing.extend({ exampleId: ExampleId }), CompareDetail),
  'compare.slices': call(Comparing, Slices),
  /** A person's note on a row; empty takes it away. */
  'compare.saveNote': call(
    z.strictObject({ projectId: Id, exampleId: ExampleId, note: z.string().max(10_000) }),
    Nothing,
  ),

  /** The next pair that was not judged; null when all were. */
  'judge.next': call(z.strictObject(Judged), JudgePair.nullable()),
  'judge.progress': call(z.strictObject(Judged), JudgeProgress),
  /** `choice` is of the sides as `judge.next` showed them. Its answer does not tell whose they are. */
  'judge.save': call(
    z.strictObject({ ...Judged, exampleId: ExampleId, choice: JudgeChoice }),
    JudgeProgress,
  ),
  /** Takes the newest judgement back; answers its row, to be judged again, or null. */
  'judge.undo': call(z.strictObject(Judged), JudgePair.nullable()),
  /** Tells who was preferred, and keeps that it was looked at. */
  'judge.result': call(z.strictObject(Judged), JudgeResult),
  /** Of all pairs of systems whose result was looked at before, the newest judged first. */
  'judge.results': call(InProject, z.array(JudgeResult)),

  'playground.systems': call(InProject, z.array(PlaygroundSystem)),
  /** Asks one system one question. Nothing is saved; a teacher that costs money is paid for it. */
  'playground.ask': call(
    z.strictObject({
      projectId: Id,
      system: SystemKey,
      text: z.string().trim().min(1).max(20_000),
      choices: z.array(z.string().trim().min(1).max(1_000)).max(26).nullable().default(null),
      /** For a student that reads the teacher's rationale. */
      teacherRationale: z.string().max(20_000).nullable().default(null),
      /** A name by which it can be cancelled, made by who asks; null without. */
      questionId: Id.nullable().default(null),
    }),
    PlaygroundAnswer,
  ),
  /** Lets a question go; it fails with `job-cancelled`. One that has its answer already is left alone. */
  'playground.cancel': call(z.strictObject({ questionId: Id }), Nothing),
  /** Answers every row of a file with students, into a file of the workspace. */
  'playground.predictFile': call(
    z.strictObject({
      projectId: Id,
      runIds: z.array(Id).min(1).max(16),
      fileId: Id,
      /** Columns whose texts make up the input, in their order. */
      columns: z.array(z.string()).min(1).max(20),
      /** A column with the choices of each row; null without. */
      choices: z.string().nullable().default(null),
      /** A column with the teacher's rationale, for students that read it; null without. */
      rationale: z.string().nullable().default(null),
      read: ReadOptions.prefault({}),
      format: z.enum(['csv', 'jsonl']),
    }),
    JobRecord,
  ),
  'playground.files': call(InProject, z.array(PredictedFile)),

  'costs.report': call(Comparing, CostReport),
  'costs.save': call(z.strictObject({ projectId: Id, settings: CostSettings }), CostSettings),

  'cascade.curve': call(z.strictObject({ ...Cascaded, target: CascadeTarget }), CascadeCurve),
  /** Chooses on validation, confirms on test (a look), and keeps both with the run. */
  'cascade.save': call(z.strictObject({ ...Cascaded, target: CascadeTarget }), Cascade),
  'cascade.list': call(InProject, z.array(Cascade)),
  'cascade.remove': call(z.strictObject({ cascadeId: Id }), Nothing),

  /** Writes what is compared into one HTML file and one JSON file. */
  'report.start': call(
    Comparing.extend({
      title: Name,
      language: z.enum(['en', 'ko']),
      /** Examples that are shown in it. */
      examples: Count.max(100).default(12),
    }),
    JobRecord,
  ),
  'report.list': call(InProject, z.array(ReportRecord)),
} as const;
