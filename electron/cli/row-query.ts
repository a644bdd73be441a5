import type { Command } from 'commander';
import { AnswerState, HealthFlag, RowQuery, healthFlags } from '../contract/entities.ts';
import type { Project } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import { wordFor } from './arguments.ts';
import type { Session } from './session.ts';

/** Options by which a command is told which rows are meant. */
export interface QueryOptions {
  readonly search?: string;
  readonly flag?: HealthFlag[];
  readonly answers?: AnswerState;
  readonly label?: string;
  readonly gold?: string;
  readonly verdict?: RowQuery['verdict'];
  readonly tag?: string;
  readonly dataset?: string;
}

const verdicts = RowQuery.shape.verdict.unwrap().options;
const gather =
  <T>(read: (text: string) => T) =>
  (text: string, before: T[] = []) => [...before, read(text)];

/** Adds the options that say which rows are meant; all that are given must hold. */
export function addQueryOptions(command: Command): Command {
  return command
    .option('--search <words>', 'rows with all these words; "…" is a phrase')
    .option(
      '--flag <flag>',
      `rows with this flag; may be given again: ${healthFlags.join(', ')}`,
      gather(wordFor('--flag', HealthFlag.options)),
    )
    .option(
      '--answers <state>',
      AnswerState.options.join(', '),
      wordFor('--answers', AnswerState.options),
    )
    .option('--label <label>', 'rows with this label of the teacher')
    .option('--gold <label>', 'rows with this gold label')
    .option('--verdict <verdict>', verdicts.join(', '), wordFor('--verdict', verdicts))
    .option('--tag <tag>', 'rows with this tag')
    .option('--dataset <name>', 'rows of one imported file');
}

/** Whether any of them was given. */
export const saysWhich = (options: QueryOptions): boolean =>
  [
    options.search,
    options.flag,
    options.answers,
    options.label,
    options.gold,
    options.verdict,
    options.tag,
    options.dataset,
  ].some((option) => option !== undefined);

/** @throws StudioError not-found for a data set that is not there */
export async function readQuery(
  session: Session,
  project: Project,
  options: QueryOptions,
): Promise<RowQuery> {
  return RowQuery.parse({
    text: options.search ?? '',
    datasetId: options.dataset === undefined ? null : await datasetId(session, project, options),
    gold: options.gold ?? null,
    answers: options.answers ?? 'all',
    label: options.label ?? null,
    flags: options.flag ?? [],
    verdict: options.verdict ?? 'any',
    tag: options.tag ?? null,
  });
}

async function datasetId(
  session: Session,
  project: Project,
  { dataset: named }: QueryOptions,
): Promise<string> {
  const datasets = await session.ask('datasets.list', { projectId: project.id });
  const found = datasets.findLast(({ id, name }) => id === named || name === named);
  if (found !== undefined) return found.id;
  throw new StudioError(
    'not-found',
    `There is no dataset “${named ?? ''}” in “${project.name}”.`,
    `There are: ${datasets.map(({ name }) => name).join(', ')}`,
  );
}
