import type { Command } from 'commander';
import type { Accuracy, TeacherReport } from '../../contract/entities.ts';
import { Language } from '../../contract/entities.ts';
import { numberFor, wordFor } from '../arguments.ts';
import { writeReport } from '../comparison-report.ts';
import type { ReportFileOptions } from '../comparison-report.ts';
import { findExtraction } from '../extraction.ts';
import { spendLine } from '../money.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { percent, table } from '../table.ts';
import { parts } from './import.ts';

interface ReportOptions extends GlobalOptions, Omit<ReportFileOptions, 'out'> {
  readonly extraction?: string;
  readonly out?: string;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description(
      'what the teacher did: answers, labels, agreement, failures, cost; with --out, the whole comparison as a file',
    )
    .option('--extraction <id>', 'the extraction to report on; the newest otherwise')
    .option('--out <folder>', 'write teacher and students compared into one HTML and one JSON file')
    .option(
      '--part <part>',
      `with --out: the part they are compared on: ${parts.join(', ')}`,
      wordFor('--part', parts),
      'test',
    )
    .option('--split <split>', 'with --out: the split, by name or id; the newest otherwise')
    .option(
      '--language <code>',
      'with --out: en or ko',
      wordFor('--language', Language.options),
      'en',
    )
    .option('--title <title>', 'with --out: title of the report; the project’s name otherwise')
    .option(
      '--examples <n>',
      'with --out: rows that are shown',
      numberFor('--examples', '12', { min: 0, max: 100, whole: true }),
      12,
    )
    .addHelpText(
      'after',
      `
Every figure is counted from saved rows. Intervals are Wilson's, of 95%.

Examples:
  stepwise report
  stepwise report --json
  stepwise report --out reports --language ko

A report on the test part is a look at its scores. Its files open anywhere, with no connection.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ReportOptions>();
      await Session.use(options, async (session) => {
        const { out } = options;
        if (out !== undefined) return writeReport(session, { ...options, out });
        const project = await session.project();
        const { id, teacher } = await findExtraction(session, project, options.extraction ?? null);
        const report = await session.ask('extractions.report', { extractionId: id });
        session.terminal.print(`${teacher.name}\n\n${reportText(report)}`);
        session.terminal.result(report);
      });
    });
}

/** The report as tables, one below the other; what there is nothing of is left out. */
export function reportText(report: TeacherReport): string {
  return [
    overview(report),
    labelTable(report),
    confusionTable(report),
    agreementTable(report),
    lengthTable(report),
    pairs(
      'ended by',
      report.finishReasons.map(({ reason, rows }) => [reason, rows]),
    ),
    pairs(
      'failed because',
      report.failures.map(({ code, message, rows }) => [`${code}: ${message}`, rows]),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const scored = ({ correct, rows, accuracy, low, high }: Accuracy): string =>
  `${percent(accuracy)} (${correct} of ${rows}; ${percent(low)} to ${percent(high)})`;

function overview({ rows, parsed, unparsed, failed, score, ...rest }: TeacherReport): string {
  const { agreement, rationaleWords: words, latency, spend } = rest;
  const lines = [
    ['rows answered', String(rows)],
    ['with an answer that could be read', `${parsed} (${share(parsed, rows)})`],
    ['without one', String(unparsed)],
    ['failed', String(failed)],
    ['right, of rows with a gold label', score === null ? 'no gold labels' : scored(score)],
    ...(agreement === null ? [] : [['agreement of samples', percent(agreement.mean)]]),
    ...(words === null
      ? []
      : [['words of a rationale', `${words.p50} (5% below ${words.p5}, 5% above ${words.p95})`]]),
    ...(latency === null
      ? []
      : [['milliseconds for an answer', `${latency.p50} (5% above ${latency.p95})`]]),
    ['used', spend.requests + spend.reused === 0 ? 'no requests' : spendLine(spend)],
  ];
  return table(['what', 'figure'], lines, ['left', 'left']);
}

const share = (part: number, all: number): string => (all === 0 ? '–' : percent(part / all));

function labelTable({ labels, moreLabels }: TeacherReport): string {
  if (labels.length === 0) return '';
  const rows = labels.map(({ label, teacher, gold }) => [label, String(teacher), String(gold)]);
  const more = moreLabels === 0 ? '' : `\n  and ${moreLabels} more labels`;
  return table(['label', 'teacher', 'gold'], rows, ['left', 'right', 'right']) + more;
}

/** Gold labels down, the teacher's across. */
function confusionTable({ confusion }: TeacherReport): string {
  if (confusion === null) return '';
  const { labels, counts, other, unparsed } = confusion;
  const rows = labels.map((label, at) => [
    label,
    ...(counts[at] ?? []).map(String),
    String(other[at] ?? 0),
    String(unparsed[at] ?? 0),
  ]);
  const head = ['gold \\ teacher', ...labels, 'other', 'no answer'];
  return table(head, rows, ['left', ...head.slice(1).map(() => 'right' as const)]);
}

function agreementTable({ agreement }: TeacherReport): string {
  if (agreement === null) return '';
  const rows = agreement.rows.map(({ votes, answers, rows: count, score }) => [
    `${votes} of ${answers}`,
    String(count),
    score === null ? '–' : scored(score),
  ]);
  return table(['answers that agree', 'rows', 'right'], rows, ['left', 'right', 'left']);
}

const lengthTable = ({ rationaleLengths }: TeacherReport): string =>
  pairs(
    'words of the rationale',
    rationaleLengths.map(({ from, to, rows }) => [
      from === to ? `${from}` : `${from} to ${to}`,
      rows,
    ]),
  );

function pairs(name: string, counted: readonly (readonly [string, number])[]): string {
  if (counted.length === 0) return '';
  const rows = counted.map(([what, rows]) => [what, String(rows)]);
  return table([name, 'rows'], rows, ['left', 'right']);
}
