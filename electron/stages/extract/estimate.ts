import type {
  Estimate,
  Extraction,
  ExtractionSettings,
  Price,
  Teacher,
} from '../../contract/entities.ts';
import type { FullExample, Store } from '../../store/store.ts';
import { estimate } from '../../teacher/estimate.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import { Breath } from './breath.ts';
import { continuedBy } from './continuing.ts';
import { PromptMeter } from './prompt-meter.ts';
import { Questions } from './questions.ts';
import { templateOf } from './reading.ts';

export interface EstimateInput {
  readonly projectId: string;
  readonly teacher: Teacher;
  /** Null for the built-in template. */
  readonly templateId: string | null;
  readonly settings: ExtractionSettings;
  readonly price: Price | null;
}

/** Answers whose use of tokens and time is looked at: the newest. */
const answersRead = 1_000;
/** Prompts that are counted: groups of neighbours, spread over the rows. */
const groups = 10;
const rowsInGroup = 5;

/**
 * What an extraction with these settings would still need: from the answers of the extraction that it
 * would go on with, and an upper bound from counted prompts of up to 50 rows.
 *
 * @throws StudioError not-found
 */
export async function estimateExtraction(store: Store, input: EstimateInput): Promise<Estimate> {
  const { teacher, settings, price } = input;
  const continued = continuedBy(store, { ...input, teacherId: teacher.id });
  const answers = openAnswers(store, input, continued);
  const { capabilities, model } = teacher;
  const known = capabilities?.model === model ? capabilities : null;
  const answersPerRequest = known?.several === 'yes' ? settings.samples : 1;
  const meanPrompt = price === null ? null : await meanPromptTokens(store, input);
  return estimate({
    answers,
    usage: continued === null ? [] : store.extractions.usage(continued.id, answersRead),
    price,
    batches: known?.batches === 'yes',
    concurrency: settings.concurrency,
    answersPerRequest,
    promptTokens:
      meanPrompt === null ? null : Math.ceil((meanPrompt * answers) / answersPerRequest),
    maxTokens: settings.maxTokens,
    spend: continued?.spend ?? null,
  });
}

/** Answers that the settings ask for and that are not there. */
function openAnswers(
  store: Store,
  { projectId, settings, teacher }: EstimateInput,
  continued: Extraction | null,
): number {
  const { examples, recorded } = store.data.count(projectId);
  const rows =
    Math.min(
      settings.limit ?? Number.POSITIVE_INFINITY,
      teacher.kind === 'recorded' ? recorded : examples,
    ) + store.extractions.alsoWanted(projectId, settings);
  const saved = continued === null ? 0 : store.extractions.saved(continued.id, settings);
  return Math.max(0, rows * settings.samples - saved);
}

/** Null without rows. */
async function meanPromptTokens(store: Store, input: EstimateInput): Promise<number | null> {
  const { projectId, teacher, settings } = input;
  const project = store.projects.get(projectId);
  const template = templateOf(store, input, project);
  const questions = new Questions({ teacher, template, project, settings });
  const meter = new PromptMeter(await tokenCounter());
  const breath = new Breath();
  let [tokens, rows] = [0, 0];
  for (const row of spreadRows(store, projectId)) {
    tokens += meter.count(questions.of(row));
    rows += 1;
    await breath.take();
  }
  return rows === 0 ? null : tokens / rows;
}

/** All rows of a small project, else some from all parts of it. */
function* spreadRows(
  store: Store,
  projectId: string,
): Generator<Pick<FullExample, 'input' | 'choices'>> {
  const { examples } = store.data.count(projectId);
  const few = examples <= groups * rowsInGroup;
  const limit = few ? groups * rowsInGroup : rowsInGroup;
  for (let group = 0; group < (few ? 1 : groups); group++) {
    const offset = few ? 0 : Math.floor((group * (examples - limit)) / (groups - 1));
    yield* store.data.page(projectId, { offset, limit }).rows;
  }
}
