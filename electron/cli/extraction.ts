import type {
  Extraction,
  ExtractionSettings,
  ParseRules,
  ParseSummary,
  Project,
  Teacher,
  TemplateDraft,
} from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { settingsHash } from '../core/hash.ts';
import { defaultExtractionSettings } from '../stages/extract/index.ts';
import { newestOf } from './session.ts';
import type { Session } from './session.ts';
import { findTeacher, recordedTeacher } from './teachers.ts';
import { watchBatches, watchSpend } from './watching.ts';

/** Asks the teacher for every row that has no saved answer yet. */
export async function extractRows(
  session: Session,
  project: Project,
  teacher: Teacher,
  settings: ExtractionSettings,
  templateId: string | null = null,
): Promise<Extraction> {
  const job = await session.ask('extractions.start', {
    projectId: project.id,
    teacherId: teacher.id,
    templateId,
    settings,
  });
  const again = 'Run the same command again: it asks only for the rows still missing.';
  if (settings.mode === 'batch') {
    const goesOn = `The server goes on with what it was handed. ${again}`;
    await session.wait(job, goesOn, watchBatches(session, job));
  } else {
    await session.wait(job, again, watchSpend(session, job));
  }
  return findExtraction(session, project, job.subjectId);
}

/**
 * Parses the given or the newest extraction again. Where the answers came with the imported rows,
 * they are first brought together as the recorded extraction, new ones included.
 *
 * @param rules other rules than before, kept with the extraction; null for those it has
 * @throws StudioError rows-missing
 */
export async function parseAnswers(
  session: Session,
  project: Project,
  extractionId: string | null,
  rules: ParseRules | null = null,
): Promise<{ extraction: Extraction; summary: ParseSummary }> {
  const projectId = project.id;
  let chosen =
    extractionId === null
      ? newestOf(await session.ask('extractions.list', { projectId }))
      : await findExtraction(session, project, extractionId);
  const { recorded } = await session.ask('projects.overview', { projectId });
  if (
    extractionId === null &&
    recorded > 0 &&
    (chosen?.teacher.kind ?? 'recorded') === 'recorded'
  ) {
    const teacher = await findTeacher(session, project, recordedTeacher);
    chosen = await extractRows(session, project, teacher, defaultExtractionSettings);
  }
  if (chosen === null) throw nothingAnswered('There are no completions to parse.');
  const summary = await session.ask('extractions.parse', { extractionId: chosen.id, rules });
  return { extraction: chosen, summary };
}

/** An extraction by id; without one the newest. @throws StudioError not-found, rows-missing */
export async function findExtraction(
  session: Session,
  project: Project,
  extractionId: string | null,
): Promise<Extraction> {
  const extractions = await session.ask('extractions.list', { projectId: project.id });
  if (extractionId === null) {
    const newest = newestOf(extractions);
    if (newest) return newest;
    throw nothingAnswered('There are no completions yet.');
  }
  const found = extractions.find((row) => row.id === extractionId);
  if (found) return found;
  throw new StudioError(
    'not-found',
    `There is no extraction “${extractionId}” in “${project.name}”.`,
    'Leave --extraction out to take the newest.',
  );
}

const nothingAnswered = (message: string): StudioError =>
  new StudioError(
    'rows-missing',
    message,
    'Run `stepwise extract`, or import a file with completion=COLUMN in --map.',
  );

/** A template's saved version, saved now where no version of it is the same. */
export async function keepTemplate(session: Session, draft: TemplateDraft): Promise<string> {
  const same = settingsHash(draft);
  const templates = await session.ask('templates.list', { projectId: draft.projectId });
  const saved = templates.find(
    ({ id: _id, version: _version, createdAt: _at, ...text }) => settingsHash(text) === same,
  );
  return (saved ?? (await session.ask('templates.save', draft))).id;
}
