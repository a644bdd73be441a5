import type { Project, Teacher, TemplateDraft, TemplateWarning } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { Session } from './session.ts';

/** Warnings that are told one by one. */
const mostTold = 5;

/** What a person should know, by its code; `detail` as it stands in the data. */
const sentences: Readonly<Record<TemplateWarning['code'], (detail: string) => string>> = {
  'exemplar-in-test': (detail) =>
    `it is row ${detail} of a test part, so the score there would be flattered.`,
  'exemplar-unread': (detail) =>
    `the rules do not read its own answer as that answer${detail === '' ? '' : ` (they read: ${detail})`}.`,
  'exemplar-label-unknown': (detail) => `its answer “${detail}” is none of the project's labels.`,
  'exemplar-incomplete': (detail) => `it lacks its ${detail}.`,
  'too-long': () => "Prompt and longest answer together do not fit into the model's context.",
  'no-input': () => 'Nothing of the row would be shown.',
  'no-exemplars': () => 'The style needs worked examples, and there are none.',
  'structured-unsupported': () => 'The server was seen not to follow a JSON schema.',
  'pattern-invalid': (detail) => `The pattern “${detail}” is no regular expression of RE2.`,
  'stops-cut': (detail) =>
    `The server takes fewer stop sequences; the rest are applied here (${detail}).`,
};

/**
 * Says what a person should know about a template before money is spent on it.
 *
 * @throws StudioError template-invalid when nothing of a row would be shown: every row would be asked
 * the same, and paid for
 */
export async function tellWarnings(
  session: Session,
  project: Project,
  {
    teacher,
    template,
    maxTokens,
  }: { teacher: Teacher; template: TemplateDraft; maxTokens: number },
): Promise<void> {
  const page = { projectId: project.id, offset: 0, limit: 1 };
  const [row] = (await session.ask('examples.page', page)).rows;
  if (row === undefined) return;
  const { warnings } = await session.ask('templates.preview', {
    ...{ template, exampleId: row.id, teacherId: teacher.id, maxTokens },
  });
  if (warnings.some(({ code }) => code === 'no-input')) {
    throw new StudioError(
      'template-invalid',
      'The template shows nothing of a row, so every row would be asked the same.',
      'Put {input} into its inputTemplate.',
    );
  }
  for (const warning of warnings.slice(0, mostTold)) session.terminal.note(warningLine(warning));
  const more = warnings.length - mostTold;
  if (more > 0) session.terminal.note(`And ${more} more to look at in the template.`);
}

/** A warning as one line. */
export function warningLine({ code, exemplar, detail, tokens }: TemplateWarning): string {
  const needs =
    tokens === null ? '' : ` They need ${tokens.needed} tokens; it takes ${tokens.allowed}.`;
  const about = exemplar === null ? 'Template: ' : `Template, worked example ${exemplar + 1}: `;
  return `${about}${sentences[code](detail)}${needs}`;
}
