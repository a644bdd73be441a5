import { z } from 'zod';
import { Count, Id } from './basics.ts';
import { InProject, Name, Nothing, call } from './call.ts';
import {
  CurvePoint,
  Preflight,
  Run,
  RunSamples,
  RunSettings,
  Student,
  StudentPreset,
  StudentReport,
  Study,
  StudyPlan,
  StudyPreview,
  StudyResult,
  TrainingRows,
} from './entities.ts';
import { JobRecord } from './jobs.ts';

/** A folder that was chosen in the system's dialog, or typed where there is none. */
const StudentSource = z.union([
  z.strictObject({ fileId: Id }),
  z.strictObject({ path: z.string().trim().min(1).max(4_096) }),
]);

/** Runs, pretrained students, studies. */
export const trainingCalls = {
  /**
   * Settings that suit the project's rows, the method and the student. `student` is the id of a
   * pretrained one, where `preset` is `folder`.
   */
  'runs.suggest': call(
    z.strictObject({
      projectId: Id,
      splitId: Id,
      method: RunSettings.shape.method,
      preset: StudentPreset.default('micro'),
      student: Id.nullable().default(null),
      lora: z.boolean().default(false),
    }),
    RunSettings,
  ),
  'runs.start': call(
    z.strictObject({
      projectId: Id,
      splitId: Id,
      extractionId: Id.nullable(),
      name: Name.nullable(),
      settings: RunSettings,
      /** The run whose settings these were made from. */
      parentId: Id.nullable().default(null),
    }),
    z.strictObject({ run: Run, job: JobRecord }),
  ),
  /** How many rows these settings would learn from. */
  'runs.rows': call(
    z.strictObject({ splitId: Id, extractionId: Id.nullable(), settings: RunSettings }),
    TrainingRows,
  ),
  /** Tries these settings for some steps in a process of its own; nothing is saved. */
  'runs.preflight': call(
    z.strictObject({ splitId: Id, extractionId: Id.nullable(), settings: RunSettings }),
    Preflight,
  ),
  'runs.list': call(InProject, z.array(Run)),
  'runs.metrics': call(z.strictObject({ runId: Id, afterStep: Count }), z.array(CurvePoint)),
  'runs.samples': call(z.strictObject({ runId: Id }), RunSamples),
  /** Ends a run that trains, is paused or was interrupted, and keeps the best student it has. */
  'runs.keepBest': call(z.strictObject({ runId: Id }), JobRecord),
  'runs.rename': call(z.strictObject({ runId: Id, name: Name }), Run),
  'runs.remove': call(z.strictObject({ runId: Id }), Nothing),

  'students.list': call(Nothing, z.array(Student)),
  /** Looks at a folder that was chosen (`fileId`) or typed (`path`), and keeps nothing. */
  'students.check': call(StudentSource, StudentReport),
  /** Puts a folder on the list; one with errors is refused. */
  'students.add': call(StudentSource, Student),
  'students.remove': call(z.strictObject({ studentId: Id }), Nothing),

  'studies.preview': call(
    z.strictObject({ projectId: Id, splitId: Id, extractionId: Id.nullable(), plan: StudyPlan }),
    StudyPreview,
  ),
  'studies.start': call(
    z.strictObject({
      projectId: Id,
      splitId: Id,
      extractionId: Id.nullable(),
      name: Name.nullable(),
      plan: StudyPlan,
    }),
    z.strictObject({ study: Study, job: JobRecord }),
  ),
  'studies.list': call(InProject, z.array(Study)),
  /** On the test part, a look at its scores. */
  'studies.result': call(z.strictObject({ studyId: Id }), StudyResult),
  /** Its runs stay unless they are to go with it. */
  'studies.remove': call(z.strictObject({ studyId: Id, withRuns: z.boolean() }), Nothing),
} as const;
