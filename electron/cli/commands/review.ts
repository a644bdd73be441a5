import type { Command } from 'commander';
import type {
  Extraction,
  Project,
  ReviewAction,
  ReviewAgreement,
  ReviewChange,
  ReviewProgress,
} from '../../contract/entities.ts';
import type { CallInput } from '../../contract/calls.ts';
import { everyRow } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { findExtraction } from '../extraction.ts';
import { addQueryOptions, readQuery, saysWhich } from '../row-query.ts';
import type { QueryOptions } from '../row-query.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';

interface ReviewOptions extends GlobalOptions {
  readonly extraction?: string;
}
interface TargetOptions extends ReviewOptions, QueryOptions {
  readonly id?: string[];
  readonly all?: boolean;
  readonly remove?: boolean;
}
interface ExportOptions extends ReviewOptions {
  readonly as?: string;
}

type Work<Options> = (at: {
  session: Session;
  project: Project;
  extraction: Extraction;
  options: Options;
  words: readonly string[];
}) => Promise<void>;

/** Rows named by their ids that are looked up at once. */
const pageRows = 500;

export function addReview(program: Command): void {
  const review = program
    .command('review')
    .description('accept and reject rationales, undo it, and compare what two people said')
    .addHelpText(
      'after',
      `
Examples:
  stepwise review reject --flag wrong-arithmetic
  stepwise review accept --answers parsed --verdict none
  stepwise review reject --id row-17 --id row-18
  stepwise review undo
  stepwise review export --as Kim
  stepwise review import kim.jsonl
  stepwise review agreement`,
    );
  const command = (words: string, description: string): Command =>
    review
      .command(words)
      .description(description)
      .option('--extraction <id>', 'the extraction that is reviewed; the newest otherwise');

  runs<ReviewOptions>(command('progress', 'how many rows were judged'), showProgress);
  const verdicts = [
    ['accept', 'accept rows', { kind: 'verdict', verdict: 'accepted' }],
    [
      'reject',
      'reject rows: their rationales are not learned',
      { kind: 'verdict', verdict: 'rejected' },
    ],
    ['clear', 'take the verdict of rows back', { kind: 'verdict', verdict: null }],
  ] as const;
  for (const [name, description, change] of verdicts) {
    runs<TargetOptions>(targeted(command(name, description)), (at) => apply(at, change));
  }
  runs<TargetOptions>(
    targeted(command('tag <name>', 'tag rows')).option('--remove', 'take the tag off instead'),
    (at) => {
      const tag = at.words[0] ?? '';
      return apply(at, { kind: 'tag', tag, add: at.options.remove !== true });
    },
  );
  runs<ReviewOptions>(command('undo', 'take the newest change back'), async (at) => {
    tell(at.session, await at.session.ask('reviews.undo', { extractionId: at.extraction.id }));
  });
  runs<ReviewOptions>(command('redo', 'do again what was undone last'), async (at) => {
    tell(at.session, await at.session.ask('reviews.redo', { extractionId: at.extraction.id }));
  });
  runs<ExportOptions>(
    command('export', 'write your review into a file for another workspace').option(
      '--as <name>',
      'the name that it carries; otherwise the one in the preferences',
    ),
    exportReview,
  );
  runs<ReviewOptions>(command('import <file>', 'take in another person’s review'), importReview);
  runs<ReviewOptions>(
    command('forget <name>', 'remove another person’s review'),
    async ({ session, extraction, words }) => {
      const reviewer = words[0] ?? '';
      await session.ask('reviews.forget', { extractionId: extraction.id, reviewer });
      session.terminal.print(`The review by ${reviewer} is gone.`);
      session.terminal.result({ reviewer });
    },
  );
  runs<ReviewOptions>(
    command('agreement', 'how far two people agree: Cohen’s kappa'),
    showAgreement,
  );
}

/** Runs the work of a command with its extraction. */
function runs<Options extends ReviewOptions>(command: Command, work: Work<Options>): void {
  command.action(async (...args: unknown[]) => {
    const words = args.filter((arg): arg is string => typeof arg === 'string');
    const options = command.optsWithGlobals<Options>();
    await Session.use(options, async (session) => {
      const project = await session.project();
      const extraction = await findExtraction(session, project, options.extraction ?? null);
      await work({ session, project, extraction, options, words });
    });
  });
}

function targeted(command: Command): Command {
  return addQueryOptions(command)
    .option(
      '--id <id>',
      'a row by its id; may be given again',
      (id: string, ids: string[] = []) => [...ids, id],
    )
    .option('--all', 'every row');
}

async function apply(
  { session, project, extraction, options }: Parameters<Work<TargetOptions>>[0],
  change: ReviewChange,
): Promise<void> {
  const target = await targetOf(session, project, extraction, options);
  tell(
    session,
    await session.ask('reviews.apply', { extractionId: extraction.id, target, change }),
  );
}

/** @throws StudioError invalid-input when nobody said which rows are meant */
async function targetOf(
  session: Session,
  project: Project,
  extraction: Extraction,
  options: TargetOptions,
): Promise<CallInput<'reviews.apply'>['target']> {
  const { id: ids, all } = options;
  if ([ids !== undefined, all === true, saysWhich(options)].filter(Boolean).length !== 1) {
    throw new StudioError(
      'invalid-input',
      'Say which rows are meant: by --id, by filters such as --flag, or --all; one of the three.',
      'For example: stepwise review reject --flag wrong-arithmetic',
    );
  }
  if (ids === undefined) return { query: await readQuery(session, project, options) };
  return { exampleIds: await exampleIds(session, project, extraction, ids) };
}

/** The rows that carry these ids in their files. @throws StudioError not-found */
async function exampleIds(
  session: Session,
  project: Project,
  extraction: Extraction,
  ids: readonly string[],
): Promise<number[]> {
  const missing = new Set(ids);
  const found: number[] = [];
  const query = { ...everyRow, answers: 'answered' as const };
  for (let offset = 0; ; offset += pageRows) {
    const { rows, total } = await session.ask('rows.page', {
      ...{ projectId: project.id, extractionId: extraction.id, query, offset, limit: pageRows },
    });
    for (const { externalId, exampleId } of rows) {
      if (!ids.includes(externalId)) continue;
      found.push(exampleId);
      missing.delete(externalId);
    }
    if (missing.size === 0 || offset + pageRows >= total) break;
  }
  const [first] = missing;
  if (first === undefined) return found;
  throw new StudioError(
    'not-found',
    `No row with an answer has the id “${first}”.`,
    'Look the ids up in the imported file.',
  );
}

function tell(session: Session, { change, rows, undone, id }: ReviewAction): void {
  const what = describe(change);
  const how = undone ? `Undone: ${what}` : `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  session.terminal.print(`${how}, ${rows} ${rows === 1 ? 'row' : 'rows'}.`);
  session.terminal.result({ id, change, rows, undone });
}

function describe(change: ReviewChange): string {
  switch (change.kind) {
    case 'verdict':
      return change.verdict ?? 'verdict taken back';
    case 'tag':
      return change.add ? `tagged “${change.tag}”` : `tag “${change.tag}” taken off`;
    case 'note':
      return 'note';
    case 'edit':
      return 'edited';
  }
}

const showProgress: Work<ReviewOptions> = async ({ session, extraction }) => {
  const progress = await session.ask('reviews.progress', { extractionId: extraction.id });
  session.terminal.print(progressText(progress));
  session.terminal.result(progress);
};

/** What was reviewed, as a table. */
export function progressText({ rows, accepted, rejected, ...more }: ReviewProgress): string {
  const left = rows - accepted - rejected;
  const lines = [
    ...[
      ['rows with an answer', rows],
      ['accepted', accepted],
      ['rejected', rejected],
    ],
    ...[
      ['without a verdict', left],
      ['edited', more.edited],
      ['stale', more.stale],
    ],
    ['with a note', more.noted],
  ].map((line) => line.map(String));
  return table(['what', 'rows'], lines, ['left', 'right']);
}

const exportReview: Work<ExportOptions> = async ({ session, extraction, options }) => {
  const reviewer = options.as ?? (await session.ask('app.preferences', {})).reviewer;
  if (reviewer.trim() === '') {
    throw new StudioError(
      'invalid-input',
      'The review has no name yet.',
      'Say whose it is: stepwise review export --as NAME',
    );
  }
  const { path, rows } = await session.ask('reviews.export', {
    extractionId: extraction.id,
    reviewer,
  });
  session.terminal.print(`Wrote ${rows} reviewed rows by ${reviewer}: ${path}`);
  session.terminal.result({ path, rows });
};

const importReview: Work<ReviewOptions> = async ({ session, extraction, words }) => {
  const { fileId } = session.studio.files.register(words[0] ?? '');
  const read = await session.ask('reviews.import', { extractionId: extraction.id, fileId });
  const { reviewer, rows, unmatched } = read;
  const without = unmatched === 0 ? '' : `; ${unmatched} are about rows that are not here`;
  session.terminal.print(`Took in ${rows} rows reviewed by ${reviewer}${without}.`);
  session.terminal.result(read);
};

const showAgreement: Work<ReviewOptions> = async ({ session, extraction }) => {
  const pairs = await session.ask('reviews.agreement', { extractionId: extraction.id });
  session.terminal.print(agreementText(pairs));
  session.terminal.result({ agreement: pairs });
};

/** Each two people with their agreement, as a table. */
export function agreementText(pairs: readonly ReviewAgreement[]): string {
  if (pairs.length === 0) {
    return 'Nobody else’s review is here yet: stepwise review import FILE';
  }
  const name = (reviewer: string): string => (reviewer === '' ? 'you' : reviewer);
  const lines = pairs.map(({ a, b, rows, observed, kappa, interval }) => [
    `${name(a)} and ${name(b)}`,
    String(rows),
    rows === 0 ? '–' : percent(observed),
    kappa === null ? '–' : kappa.toFixed(2),
    interval === null ? '–' : `${interval[0].toFixed(2)} to ${interval[1].toFixed(2)}`,
  ]);
  const head = ['who', 'rows judged by both', 'same verdict', 'kappa', '95%'];
  return table(head, lines, ['left', 'right', 'right', 'right', 'left']);
}
