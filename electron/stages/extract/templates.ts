import type { Exemplar, PromptPreview, Teacher, TemplateDraft } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { Random } from '../../core/random.ts';
import { isCorrect } from '../../core/score.ts';
import type { FullExample, Store } from '../../store/store.ts';
import { defaultParseRules, parseCompletion } from '../../teacher/parse.ts';
import { composePrompt, suggestTemplate } from '../../teacher/prompt.ts';
import { drawExemplars, selectorFor } from '../../teacher/selection.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import { warningsOf } from '../../teacher/warnings.ts';
import { Breath } from './breath.ts';
import { languageOf } from './language.ts';
import { PromptMeter } from './prompt-meter.ts';
import { testIds, testRowLookup } from './test-rows.ts';

export { languageOf } from './language.ts';

export interface PreviewInput {
  readonly template: TemplateDraft;
  readonly exampleId: number;
  /** For its context length and capabilities; null when none is chosen yet. */
  readonly teacher: Teacher | null;
  readonly maxTokens: number;
}

/** Candidates among which exemplars are drawn; of more rows so many are drawn first. */
const candidatesKept = 5_000;
/** Earlier extractions that are searched for rationales, the newest first. */
const extractionsSearched = 3;

/** The built-in template for the project's task, in the language of its rows. */
export function suggestFor(store: Store, projectId: string): TemplateDraft {
  return suggestTemplate(store.projects.get(projectId), languageOf(store, projectId));
}

/**
 * The exact messages a teacher would be sent for one example, counted, with what to look out for.
 *
 * @throws StudioError not-found
 */
export async function previewPrompt(store: Store, input: PreviewInput): Promise<PromptPreview> {
  const { template, exampleId, teacher, maxTokens } = input;
  const project = store.projects.get(template.projectId);
  const example = store.data.example(exampleId);
  const select = selectorFor(template.exemplars, template.selection);
  const prompt = composePrompt(template, project, example, select);
  const tokens = new PromptMeter(await tokenCounter()).count(prompt);
  const capabilities = teacher?.capabilities ?? null;
  const warnings = warningsOf(template, {
    ...{ task: project.task, labels: project.labels, tokens, maxTokens },
    testRow: await testRowLookup(store, project.id),
    contextTokens: teacher?.contextTokens ?? null,
    capabilities: capabilities?.model === teacher?.model ? capabilities : null,
  });
  const { messages, shown } = prompt;
  return { exampleId, messages, tokens, shown, warnings };
}

/**
 * An imported row as an exemplar: its gold label, and a rationale that leads to it, where one came
 * with the row or an earlier extraction has one. What is not known is empty.
 *
 * @throws StudioError not-found when the row is of another project
 */
export function exemplarOf(store: Store, projectId: string, exampleId: number): Exemplar {
  const example = store.data.example(exampleId);
  if (store.data.get(example.datasetId).projectId !== projectId) {
    throw new StudioError(
      'not-found',
      'This row is not part of the project.',
      'Choose a row of this project.',
    );
  }
  const { input, choices, gold } = example;
  const rationale =
    recordedRationale(store, projectId, example) ?? extractedRationale(store, projectId, example);
  return { input, choices, rationale: rationale ?? '', answer: gold ?? '' };
}

/**
 * Draws exemplars from the project's rows that have a gold label and a rationale that agrees with
 * it. Rows of a test part are left out, in whatever split. `pool`: rows there were to draw from.
 */
export async function drawFromRows(
  store: Store,
  {
    projectId,
    how,
    count,
    seed,
  }: { projectId: string; how: 'random' | 'diverse'; count: number; seed: number },
): Promise<{ exemplars: Exemplar[]; pool: number }> {
  const excluded = testIds(store, projectId);
  const extracted = newestExtractions(store, projectId).map(({ id }) =>
    store.extractions.parsed(id),
  );
  const random = new Random(seed);
  const breath = new Breath();
  const candidates: Exemplar[] = [];
  let pool = 0;
  for (const example of store.data.examples(projectId)) {
    await breath.take();
    const { id, input, choices, gold } = example;
    if (gold === null || excluded.has(id)) continue;
    const parses = extracted.map((rows) => rows.get(id));
    const agreeing = parses.find((parse) => parse?.correct === true && parse.rationale !== '');
    const rationale = recordedRationale(store, projectId, example) ?? agreeing?.rationale;
    if (rationale === undefined) continue;
    pool += 1;
    // Reservoir sampling (Vitter 1985, algorithm R): each row has the same chance to be kept.
    const place = pool <= candidatesKept ? pool - 1 : random.integer(0, pool - 1);
    if (place < candidatesKept) candidates[place] = { input, choices, rationale, answer: gold };
  }
  return { exemplars: drawExemplars(candidates, how, count, seed), pool };
}

/** The rationale that came with a row and leads to its gold label. */
function recordedRationale(store: Store, projectId: string, example: FullExample): string | null {
  const { gold, choices, recordedRationale: rationale, recordedCompletion: completion } = example;
  if (gold === null) return null;
  if (rationale !== null) return rationale;
  if (completion === null) return null;
  const { task, labels } = store.projects.get(projectId);
  const parsed = parseCompletion(completion, defaultParseRules(task), task, { labels, choices });
  return isCorrect(task, parsed.label, gold, choices) ? parsed.rationale : null;
}

/** The rationale of an answer to a row that gave its gold label, the newest first. */
function extractedRationale(store: Store, projectId: string, example: FullExample): string | null {
  const { id, gold, choices } = example;
  if (gold === null) return null;
  const { task } = store.projects.get(projectId);
  for (const extraction of newestExtractions(store, projectId)) {
    const right = store.extractions
      .samples(extraction.id, id)
      .find(({ rationale, label }) => rationale !== null && isCorrect(task, label, gold, choices));
    if (right !== undefined) return right.rationale;
  }
  return null;
}

const newestExtractions = (store: Store, projectId: string): { id: string }[] =>
  store.extractions.list(projectId).slice(-extractionsSearched).reverse();
