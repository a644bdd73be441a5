import type { Command } from 'commander';
import { everyRow } from '../../contract/entities.ts';
import type {
  Extraction,
  HealthFinding,
  HealthFlag,
  HealthSummary,
  Project,
} from '../../contract/entities.ts';
import { numberFor } from '../arguments.ts';
import { findExtraction } from '../extraction.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';

interface CheckOptions extends GlobalOptions {
  readonly extraction?: string;
  readonly again?: boolean;
  readonly examples: number;
}

/** A row with a flag, and what it was raised for. */
interface Example {
  readonly id: string;
  readonly label: string | null;
  readonly rationale: string | null;
  readonly evidence: string;
}

/** What each flag says, in a line. */
const meanings: Readonly<Record<HealthFlag, string>> = {
  'no-rationale': 'the answer came without an explanation',
  'wrong-label': 'the label differs from the gold label',
  'wrong-arithmetic': 'an equation in the text does not hold',
  'contradicts-label': 'the text comes to another answer than its label',
  truncated: 'the text was cut off before its end',
  'near-empty': 'fewer than four words',
  'letter-only': 'names an option by its letter and says nothing more',
  'repeats-input': 'says again what the input says, and no more',
  'no-answer-number': 'mentions none of the numbers of the answer',
  identical: 'the same text for five or more different inputs',
  'low-agreement': 'at most half of three or more answers agree',
  'other-language': 'in another language than the input',
};

export function addCheck(program: Command): void {
  program
    .command('check')
    .description(
      'look for what is wrong with rationales: arithmetic, contradictions, cut-off texts',
    )
    .option('--extraction <id>', 'the extraction to check; the newest otherwise')
    .option('--again', 'check every row anew, and not only those that were not checked')
    .option(
      '--examples <number>',
      'rows shown for each flag',
      numberFor('--examples', '3', { min: 0, max: 100, whole: true }),
      0,
    )
    .addHelpText(
      'after',
      `
A row's suspicion is the sum of the weights of its flags. Rows with a flag are found again with
stepwise review … --flag FLAG; to leave suspicious ones out of a training, choose its rows there.

Examples:
  stepwise check
  stepwise check --examples 5
  stepwise check --json    {"checked":…,"answered":…,"clean":…,"flags":[…],"suspicion":[…],"examples":{…}}`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CheckOptions>();
      await Session.use(options, async (session) => {
        const project = await session.project();
        const extraction = await findExtraction(session, project, options.extraction ?? null);
        const again = options.again === true;
        const job = await session.ask('health.start', { extractionId: extraction.id, again });
        await session.wait(job, 'Run the same command again: it goes on with the rows left.');
        const summary = await session.ask('health.summary', { extractionId: extraction.id });
        const examples = await examplesOf(session, project, extraction, summary, options.examples);
        session.terminal.print(healthText(summary, examples));
        session.terminal.result({ ...summary, examples: Object.fromEntries(examples) });
      });
    });
}

/** The first rows with each flag. */
async function examplesOf(
  session: Session,
  project: Project,
  extraction: Extraction,
  { flags }: HealthSummary,
  limit: number,
): Promise<Map<HealthFlag, Example[]>> {
  const examples = new Map<HealthFlag, Example[]>();
  if (limit === 0) return examples;
  for (const { flag, rows: count } of flags) {
    if (count === 0) continue;
    const { rows } = await session.ask('rows.page', {
      projectId: project.id,
      extractionId: extraction.id,
      query: { ...everyRow, flags: [flag] },
      ...{ offset: 0, limit },
    });
    const found: Example[] = [];
    for (const { exampleId, externalId: id, label, rationale } of rows) {
      const detail = await session.ask('rows.detail', { extractionId: extraction.id, exampleId });
      found.push({ id, label, rationale, evidence: evidenceOf(detail.findings, flag) });
    }
    examples.set(flag, found);
  }
  return examples;
}

const evidenceOf = (findings: readonly HealthFinding[], flag: HealthFlag): string =>
  findings.find((finding) => finding.flag === flag)?.evidence ?? '';

/** What was found as a table, and examples of each flag below it. */
export function healthText(
  { checked, answered, clean, flags }: HealthSummary,
  examples: ReadonlyMap<HealthFlag, readonly Example[]>,
): string {
  const share = (rows: number): string => (checked === 0 ? '–' : percent(rows / checked));
  const counted = flags.map(({ flag, weight, rows }) => [
    ...[flag, String(weight), String(rows), share(rows), meanings[flag]],
  ]);
  const left = answered === checked ? '' : ` ${answered - checked} are still to be checked.`;
  return [
    `${checked} rows checked, ${clean} of them without a flag (${share(clean)}).${left}`,
    table(['flag', 'weight', 'rows', 'share', 'meaning'], counted, [
      'left',
      'right',
      'right',
      'right',
      'left',
    ]),
    ...[...examples].map(([flag, rows]) => exampleText(flag, rows)),
  ].join('\n\n');
}

function exampleText(flag: HealthFlag, rows: readonly Example[]): string {
  const lines = rows.flatMap(({ id, evidence, label, rationale }) => [
    `  ${id}${evidence === '' ? '' : `: ${evidence}`}`,
    `    ${oneLine(rationale ?? '–')} -> ${label ?? '–'}`,
  ]);
  return [`${flag}:`, ...lines].join('\n');
}

const widest = 160;
const oneLine = (text: string): string => {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length <= widest ? line : `${line.slice(0, widest - 1)}…`;
};
