import type { Command } from 'commander';
import type {
  Estimate,
  Extraction,
  ExtractionSettings,
  Project,
  Teacher,
  TemplateDraft,
} from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorValue } from '../../contract/errors.ts';
import { defaultExtractionSettings } from '../../stages/extract/index.ts';
import { numberFor, readPrice } from '../arguments.ts';
import { CommandEnd, limitReached } from '../command-end.ts';
import { extractRows, findExtraction, keepTemplate } from '../extraction.ts';
import { estimateTable, spendLine } from '../money.ts';
import { Session } from '../session.ts';
import type { GlobalOptions } from '../session.ts';
import { addServerOptions, chooseTeacher, readKey, wantedTeacher } from '../teachers.ts';
import type { TeacherOptions } from '../teachers.ts';
import { readTemplate } from '../template-file.ts';
import { tellWarnings } from '../template-warnings.ts';
import { summaryForScripts, summaryLine } from './parse.ts';

type ChosenSettings = Partial<Omit<ExtractionSettings, 'mode'>>;
interface ExtractOptions extends GlobalOptions, TeacherOptions, ChosenSettings {
  readonly pack?: string;
  readonly template?: string;
  readonly price?: { input: number; output: number };
  readonly pilot?: number;
  readonly estimate?: boolean;
  readonly batch?: boolean;
}

export function addExtract(program: Command): void {
  const command = program
    .command('extract')
    .description('ask the teacher for a rationale and a label for every row')
    .requiredOption(
      '--teacher <teacher>',
      'practice (a rule-based program for the sample project), recorded (completions of the imported rows), or the address of an OpenAI-compatible server',
    );
  addServerOptions(command)
    .option('--pack <id>', 'ask with the exemplars of a pack (see stepwise packs)')
    .option('--template <file>', 'ask with the prompt template in this JSON file')
    .option(
      '--concurrency <n>',
      `requests at a time (${defaultExtractionSettings.concurrency})`,
      numberFor('--concurrency', '8', { min: 1, max: 256, whole: true }),
    )
    .option(
      '--limit <n>',
      'only n rows, spread evenly over the data',
      numberFor('--limit', '100', { min: 1, whole: true }),
    )
    .option(
      '--temperature <t>',
      `sampling temperature (${defaultExtractionSettings.temperature})`,
      numberFor('--temperature', '0', { min: 0, max: 2 }),
    )
    .option(
      '--samples <n>',
      "answers to each row; the majority's label counts",
      numberFor('--samples', '5', { min: 1, max: 20, whole: true }),
    )
    .option(
      '--keep-rationales <n>',
      'rationales kept for each row, of answers that agree with its label',
      numberFor('--keep-rationales', '3', { min: 1, max: 20, whole: true }),
    )
    .option(
      '--seed <n>',
      'seed sent with each request, where the server takes one',
      numberFor('--seed', '1', { min: 0, whole: true }),
    )
    .option(
      '--max-tokens <n>',
      `longest completion, in tokens (${defaultExtractionSettings.maxTokens})`,
      numberFor('--max-tokens', '512', { min: 1, max: 32_768, whole: true }),
    )
    .option(
      '--timeout-seconds <s>',
      `longest wait for one answer (${defaultExtractionSettings.timeoutSeconds})`,
      numberFor('--timeout-seconds', '60', { min: 1, max: 3_600 }),
    )
    .option(
      '--retries <n>',
      `tries after a failure that may pass (${defaultExtractionSettings.retries})`,
      numberFor('--retries', '5', { min: 0, max: 10, whole: true }),
    )
    .option(
      '--pilot <n>',
      'ask n rows, spread evenly, with single requests, show what all would take, and stop',
      (text) => numberFor('--pilot', '20', { min: 1, whole: true })(text),
    )
    .option('--estimate', 'show what it would take, from the answers there are, and ask nothing')
    .option(
      '--budget <dollars>',
      'what this extraction may cost in all; it pauses before it would cost more',
      numberFor('--budget', '5', { min: 0, max: 1_000_000, above: true }),
    )
    .option(
      '--max-requests <n>',
      'requests it may send in all; it pauses there',
      numberFor('--max-requests', '10000', { min: 1, whole: true }),
    )
    .option(
      '--price <in/out>',
      "the model's price in dollars for a million tokens, saved in the price table",
      readPrice,
    )
    .option(
      '--batch',
      "hand the rows to the server's batch API: answers within a day at a lower price; the command may be left, and the same one collects them later",
    )
    .addHelpText(
      'after',
      `
No answer is asked for twice: with the same teacher, template, temperature, length and seed, only
rows that are still missing are asked for. When the budget or the cap of requests is reached, the
command says so, shows the figures and ends with exit code ${limitReached}; a higher one lets it go on.

Examples:
  stepwise extract --teacher practice
  stepwise extract --teacher http://127.0.0.1:11434/v1 --model qwen3:8b --concurrency 4
  stepwise extract --teacher https://api.openai.com/v1 --model gpt-4.1-mini \\
    --key-env OPENAI_API_KEY --pilot 20
  stepwise extract --teacher https://api.openai.com/v1 --model gpt-4.1-mini \\
    --key-env OPENAI_API_KEY --budget 5 --batch
  stepwise extract --teacher https://api.openai.com/v1 --model gpt-4.1-mini \\
    --key-env OPENAI_API_KEY --budget 5 --pack arithmetic-ko --samples 5 --temperature 0.7`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExtractOptions>();
      refuseContradictions(options);
      readKey(options.keyEnv);
      await Session.use(options, (session) => extract(session, options));
    });
}

/** @throws StudioError invalid-input before anything is opened */
function refuseContradictions(options: ExtractOptions): void {
  const { kind, model } = wantedTeacher(options);
  if (kind === 'openai-compatible' && model === '') {
    throw new StudioError(
      'invalid-input',
      'A server needs to know which model to ask.',
      'Add --model NAME with a model of that server; stepwise probe lists them.',
    );
  }
  if (options.pack !== undefined && options.template !== undefined) {
    throw new StudioError(
      'invalid-input',
      '--pack and --template both say how to ask.',
      'Leave one of them out.',
    );
  }
  const { samples, temperature, keepRationales } = { ...defaultExtractionSettings, ...options };
  if (kind === 'openai-compatible' && samples > 1 && temperature === 0) {
    throw new StudioError(
      'invalid-input',
      'At a temperature of 0 all samples of a row are the same answer.',
      'Add --temperature 0.7, or leave --samples out.',
    );
  }
  if (keepRationales > samples) {
    throw new StudioError(
      'invalid-input',
      `--keep-rationales ${keepRationales} is more than there will be: --samples is ${samples}.`,
      `Ask for as many: --samples ${keepRationales} --temperature 0.7`,
    );
  }
  if (options.pilot !== undefined && options.estimate) {
    throw new StudioError(
      'invalid-input',
      '--pilot asks the teacher, and --estimate asks nothing.',
      'Leave one of them out; a pilot shows its estimate, too.',
    );
  }
  if (options.batch && kind !== 'openai-compatible') {
    throw new StudioError(
      'invalid-input',
      '--batch needs a server with a batch API.',
      'Leave it out; practice and recorded answers come at once.',
    );
  }
  if (options.price !== undefined && model === '') {
    throw new StudioError(
      'invalid-input',
      '--price needs the name of a model.',
      'Add --model NAME; practice and recorded answers cost nothing.',
    );
  }
}

async function extract(session: Session, options: ExtractOptions): Promise<void> {
  const project = await session.project();
  const teacher = await chooseTeacher(session, project, options);
  if (options.price) await savePrice(session, teacher, options.price);
  const template = await chooseTemplate(session, project, options);
  const settings = settingsOf(options);
  if (teacher.kind === 'openai-compatible') {
    const { maxTokens } = settings;
    const draft = template ?? (await session.ask('templates.suggest', { projectId: project.id }));
    await tellWarnings(session, project, { teacher, template: draft, maxTokens });
  }
  const templateId = template === null ? null : await keepTemplate(session, template);
  const asked = { projectId: project.id, teacherId: teacher.id, templateId, settings };

  if (options.estimate) {
    const estimate = await session.ask('extractions.estimate', asked);
    session.terminal.print(estimateTable(estimate));
    session.terminal.result({ teacher: named(teacher), estimate });
    return;
  }
  const { pilot } = options;
  // A pilot is waited for: a batch may take a day.
  const running: ExtractionSettings =
    pilot === undefined ? settings : { ...settings, limit: pilot, mode: 'requests' };
  const { extraction, paused } = await runToLimit(session, project, teacher, running, templateId);
  const estimate = pilot === undefined ? null : await session.ask('extractions.estimate', asked);
  await tell(session, extraction, paused, estimate);
  if (paused) throw new CommandEnd(limitReached);
}

/** Runs an extraction to its end or to its budget; every other end is an error. */
async function runToLimit(
  session: Session,
  project: Project,
  teacher: Teacher,
  settings: ExtractionSettings,
  templateId: string | null,
): Promise<{ extraction: Extraction; paused: ErrorValue | null }> {
  try {
    const extraction = await extractRows(session, project, teacher, settings, templateId);
    return { extraction, paused: null };
  } catch (caught) {
    const isLimit =
      caught instanceof StudioError &&
      (caught.code === 'budget-reached' || caught.code === 'request-cap-reached');
    if (!isLimit) throw caught;
    const jobs = await session.ask('jobs.list', { projectId: project.id });
    const job = jobs.findLast(({ kind, state }) => kind === 'extract' && state === 'paused');
    const extraction = await findExtraction(session, project, job?.subjectId ?? null);
    return { extraction, paused: caught.toValue() };
  }
}

async function tell(
  session: Session,
  extraction: Extraction,
  paused: ErrorValue | null,
  estimate: Estimate | null,
): Promise<void> {
  const { terminal } = session;
  const { teacher, completed, wanted, failed, spend } = extraction;
  const summary = await session.ask('extractions.summary', { extractionId: extraction.id });
  terminal.print(`${teacher.name}: ${answeredLine(extraction)}`);
  terminal.print(summaryLine(summary));
  if (teacher.kind === 'openai-compatible') terminal.print(`Used: ${spendLine(spend)}.`);
  if (summary.unparsed > summary.parsed) {
    terminal.note(
      'Most answers could not be read. Before more are asked for: other rules read them again without asking (stepwise parse --rules FILE), or another prompt may do better.',
    );
  }
  if (failed > 0) {
    terminal.note('stepwise report says why rows failed; the same command asks for them again.');
  }
  if (estimate) terminal.print(`\n${estimateTable(estimate)}`);
  if (paused) terminal.note(`${paused.message}\n${paused.hint}`);
  terminal.result({
    extraction: extraction.id,
    teacher: named(teacher),
    wanted,
    completed,
    failed,
    ...summaryForScripts(summary),
    spend,
    ...(estimate ? { estimate } : {}),
    ...(paused ? { paused } : {}),
  });
}

/** How many answers there are; earlier runs may have asked for more than the last one. */
function answeredLine({ settings, completed, wanted, failed }: Extraction): string {
  const failures = failed > 0 ? `, ${failed} failed` : '';
  if (completed > wanted) {
    return `${completed} answers are there, with those of earlier runs; ${wanted} were wanted${failures}.`;
  }
  const answers = settings.samples > 1 ? 'answers given' : 'rows answered';
  return `${completed} of ${wanted} ${answers}${failures}.`;
}

const named = ({ kind, name, model }: Teacher) => ({ kind, name, model });

/** Half price is what servers with a batch API take for it; the price table has it to change. */
const usualBatchShare = 0.5;

async function savePrice(
  session: Session,
  { model }: Teacher,
  price: { input: number; output: number },
): Promise<void> {
  const known = (await session.ask('prices.list', {})).find((entry) => entry.model === model);
  const batchShare = known?.price.batchShare ?? usualBatchShare;
  await session.ask('prices.save', { model, price: { ...price, batchShare } });
}

/** The template that `--pack` or `--template` names; null for the built-in one. */
async function chooseTemplate(
  session: Session,
  project: Project,
  { pack, template }: ExtractOptions,
): Promise<TemplateDraft | null> {
  const projectId = project.id;
  if (template !== undefined) return readTemplate(template, projectId);
  if (pack === undefined) return null;
  return session.ask('templates.fromPack', { projectId, packId: pack });
}

function settingsOf(options: ExtractOptions): ExtractionSettings {
  const standard = defaultExtractionSettings;
  return {
    concurrency: options.concurrency ?? standard.concurrency,
    temperature: options.temperature ?? standard.temperature,
    maxTokens: options.maxTokens ?? standard.maxTokens,
    timeoutSeconds: options.timeoutSeconds ?? standard.timeoutSeconds,
    retries: options.retries ?? standard.retries,
    limit: options.limit ?? standard.limit,
    also: standard.also,
    samples: options.samples ?? standard.samples,
    keepRationales: options.keepRationales ?? standard.keepRationales,
    seed: options.seed ?? standard.seed,
    budget: options.budget ?? standard.budget,
    maxRequests: options.maxRequests ?? standard.maxRequests,
    mode: options.batch ? 'batch' : standard.mode,
  };
}
