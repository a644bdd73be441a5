import { systemOf } from '../../../../contract/entities.ts';
import type { Cascade } from '../../../../contract/entities.ts';
import { importWords, isImportExpressible } from './import-command.ts';
import type {
  ReportFacts,
  ReproduceNote,
  ReproduceStep,
  StudentFacts,
  TeacherFacts,
} from './schema.ts';
import { splitWords } from './split-command.ts';
import { trainingWords } from './training-command.ts';

type Known = Omit<ReportFacts, 'reproduce'>;

/**
 * The commands that would do it all again with these settings, and why they may bring something
 * else. Files are named as they were, without their folders.
 */
export function reproduce(facts: Known): ReportFacts['reproduce'] {
  const { project, data, teachers, split, students, part, cascades } = facts;
  const files = project.synthetic ? [] : data;
  const trained = [...students].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const steps: ReproduceStep[] = [
    ...(project.synthetic ? [] : [{ what: 'project' as const, argv: projectWords(project) }]),
    ...files.map((file) => ({ what: 'data' as const, argv: importWords(file) })),
    // The newest answers are what later commands take: those that taught come last.
    ...taughtLast(teachers, trained).map((teacher, place) => ({
      what: 'teacher' as const,
      argv: teacherWords(teacher, templateFile(place)),
    })),
    { what: 'split', argv: splitWords(split) },
    ...trained.map((run, place) => ({
      what: 'train' as const,
      argv:
        run.imported === null
          ? trainingWords(run, {
              split: split.name,
              before: trained.slice(0, place).filter(({ imported }) => imported === null),
            })
          : importStudentWords(run, run.imported, split.name),
    })),
    { what: 'compare', argv: ['compare', '--part', part, '--split', split.name] },
    ...cascades.flatMap((cascade) => cascadeStep(cascade, trained, split.name)),
    { what: 'report', argv: reportWords(facts) },
  ];
  return { steps, notes: notesOf(facts) };
}

/** Where a template of the document is to be saved before its command can read it. */
export const templateFile = (place: number): string => `template-${place + 1}.json`;

export function taughtLast(
  teachers: readonly TeacherFacts[],
  students: readonly StudentFacts[],
): TeacherFacts[] {
  const taught = new Set(students.map(({ taughtBy }) => taughtBy));
  const rank = ({ key }: TeacherFacts): number => (taught.has(key) ? 1 : 0);
  return [...teachers].sort((a, b) => rank(a) - rank(b) || (a.createdAt < b.createdAt ? -1 : 1));
}

/** A folder that does not say how it is asked is told so again. */
const importStudentWords = (
  { name, settings }: StudentFacts,
  { folder, trainingKnown }: NonNullable<StudentFacts['imported']>,
  split: string,
): string[] => [
  ...['import-student', folder, '--split', split, '--name', name],
  ...(trainingKnown ? [] : ['--method', settings.method, '--label-prefix', settings.labelPrefix]),
  ...(trainingKnown || settings.method !== 'step-by-step'
    ? []
    : ['--rationale-prefix', settings.rationalePrefix]),
];

const projectWords = ({ name, task, labels }: ReportFacts['project']): string[] => [
  ...['project', 'new', name, '--task', task],
  ...(labels.length === 0 ? [] : ['--labels', labels.join(',')]),
];

/** Environment variable that a key is read from; its value stands nowhere. */
const keyVariable = 'STEPWISE_API_KEY';

function teacherWords(teacher: TeacherFacts, template: string): string[] {
  const { kind, settings, provider, apiVersion, model, address } = teacher;
  if (kind === 'recorded') return ['parse'];
  const { temperature, maxTokens, samples, keepRationales, seed, limit, concurrency } = settings;
  const asked = [
    ...['--temperature', String(temperature), '--max-tokens', String(maxTokens)],
    ...['--samples', String(samples), '--keep-rationales', String(keepRationales)],
    ...['--concurrency', String(concurrency)],
    ...(seed === null ? [] : ['--seed', String(seed)]),
    ...(limit === null ? [] : ['--limit', String(limit)]),
  ];
  if (kind === 'practice') return ['extract', '--teacher', 'practice', ...asked];
  const { timeoutSeconds, retries, budget, maxRequests, mode } = settings;
  return [
    ...['extract', '--teacher', address ?? 'https://ADDRESS/v1', '--model', model],
    ...['--provider', provider, '--key-env', keyVariable],
    ...(apiVersion === null ? [] : ['--azure-api-version', apiVersion]),
    ...(teacher.template === null ? [] : ['--template', template]),
    ...asked,
    ...['--timeout-seconds', String(timeoutSeconds), '--retries', String(retries)],
    ...(budget === null ? [] : ['--budget', String(budget)]),
    ...(maxRequests === null ? [] : ['--max-requests', String(maxRequests)]),
    ...(mode === 'batch' ? ['--batch'] : []),
  ];
}

function cascadeStep(
  { runId, target }: Cascade,
  students: readonly StudentFacts[],
  split: string,
): ReproduceStep[] {
  const student = students.find(({ key }) => systemOf(key).id === runId);
  if (student === undefined) return [];
  const argv = ['cascade', '--student', student.name, '--split', split, ...targetWords(target)];
  return [{ what: 'cascade', argv: [...argv, '--confirm'] }];
}

function targetWords(target: Cascade['target']): string[] {
  switch (target.kind) {
    case 'student':
      return ['--accuracy', String(target.accuracy)];
    case 'together':
      return ['--loss', String(target.loss)];
    case 'threshold':
      return ['--threshold', String(target.threshold)];
  }
}

const reportWords = ({ title, part, language, split, examples }: Known): string[] => [
  ...['report', '--out', 'report', '--part', part, '--split', split.name],
  ...['--language', language, '--title', title, '--examples', String(examples.rows.length)],
];

function notesOf({ project, data, teachers, students }: Known): ReproduceNote[] {
  const trainedHere = students.filter(({ imported }) => imported === null);
  const asked = teachers.filter(({ kind }) => kind === 'openai-compatible');
  const found: readonly (readonly [ReproduceNote, boolean])[] = [
    ['sample-rows', project.synthetic],
    ['asked-teacher', asked.length > 0],
    ['template', asked.some(({ template }) => template !== null)],
    ['own-rules', teachers.some(({ parse }) => parse !== null)],
    [
      'reviewed',
      teachers.some(({ review }) => review.accepted + review.rejected + review.edited > 0),
    ],
    ['pretrained', trainedHere.some(({ settings }) => settings.student !== null)],
    ['other-engine', trainedHere.some(({ settings }) => settings.engine !== 'cpu')],
    [
      'not-expressible',
      project.labels.some((label) => label.includes(',')) ||
        !(project.synthetic || data.every(isImportExpressible)),
    ],
  ];
  return found.flatMap(([note, holds]) => (holds ? [note] : []));
}
