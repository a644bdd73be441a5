import type { Extraction, Price } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Store } from '../../store/store.ts';
import type { TeacherAnswer } from '../../teacher/client.ts';
import { TeacherError } from '../../teacher/errors.ts';
import { openTeacher } from '../../teacher/open.ts';
import { compileRules, parseCompletion } from '../../teacher/parse.ts';
import { costOf } from '../../teacher/prices.ts';
import type { PromptRow } from '../../teacher/prompt.ts';
import { tokenCounter } from '../../teacher/tokens.ts';
import { PromptMeter } from './prompt-meter.ts';
import { Questions } from './questions.ts';
import type { Question } from './questions.ts';
import { rulesOf, templateOf } from './reading.ts';

/** Attempts after the first: somebody waits for the answer. */
const retries = 1;
/** Answers whose tokens say what a further one may take: the newest. */
const answersRead = 1_000;

export interface OnceOptions {
  /** In clear, for this request; null where none is kept. */
  readonly key: string | null;
  /** Null where nobody knows it. */
  readonly price: Price | null;
  readonly signal?: AbortSignal;
}

/** What a teacher answered to one question, which is saved nowhere. */
export interface OnceAnswer {
  readonly completion: string;
  /** Null where the rules find no answer in the completion. */
  readonly label: string | null;
  readonly rationale: string | null;
  readonly milliseconds: number;
  /** US dollars; null without a price. */
  readonly cost: number | null;
}

/**
 * Asks the teacher of an extraction one question, put and read as the extraction does it: template,
 * exemplars, temperature, length, rules. One answer, of which nothing is saved.
 *
 * @throws StudioError as the teacher's client does; `invalid-input` for a recorded teacher;
 *   `job-cancelled` when the signal was aborted
 */
export async function askOnce(
  store: Store,
  extraction: Extraction,
  row: PromptRow,
  { key, price, signal }: OnceOptions,
): Promise<OnceAnswer> {
  const { teacher, settings } = extraction;
  const { task, labels } = store.projects.get(extraction.projectId);
  const questions = questionsOf(store, extraction);
  const question = questions.of(row);
  const client = openTeacher(teacher, key, { timeoutSeconds: settings.timeoutSeconds, retries });
  let answer: TeacherAnswer;
  try {
    const request = questions.settings(question, 0, 1);
    answer = await client.complete(question.messages, { ...request, signal });
  } catch (caught) {
    throw signal?.aborted === true ? letGo() : caught;
  }
  const [first] = answer.completions;
  if (first === undefined || first instanceof TeacherError) throw first ?? letGo();
  const rules = compileRules(rulesOf(store, extraction));
  const { choices } = row;
  const parsed = parseCompletion(first.text, rules, task, { labels, choices });
  const cost = price === null ? null : await costOfAnswer(price, question, first.text, answer);
  return {
    ...{ completion: first.text, label: parsed.label, rationale: parsed.rationale, cost },
    milliseconds: answer.milliseconds,
  };
}

/**
 * What one more question is likely to cost: the mean of what saved answers took; before there are any,
 * the most that an answer of full length to an empty question can cost.
 */
export async function priceOfQuestion(
  store: Store,
  extraction: Extraction,
  price: Price,
): Promise<{ dollars: number; basis: 'about' | 'most' }> {
  const costs = store.extractions
    .usage(extraction.id, answersRead)
    .flatMap(({ promptTokens, completionTokens }) =>
      promptTokens === null || completionTokens === null
        ? []
        : [costOf(price, promptTokens, completionTokens)],
    );
  if (costs.length > 0) {
    return { dollars: costs.reduce((sum, cost) => sum + cost, 0) / costs.length, basis: 'about' };
  }
  const question = questionsOf(store, extraction).of({ input: '', choices: null });
  const meter = new PromptMeter(await tokenCounter());
  const promptTokens = meter.bound(meter.count(question));
  return { dollars: costOf(price, promptTokens, extraction.settings.maxTokens), basis: 'most' };
}

function questionsOf(store: Store, extraction: Extraction): Questions {
  const { teacher, settings } = extraction;
  const project = store.projects.get(extraction.projectId);
  const template = templateOf(store, extraction, project);
  return new Questions({ teacher, template, project, settings });
}

/** By the server's count of tokens, else by the count made here. */
async function costOfAnswer(
  price: Price,
  question: Question,
  text: string,
  { promptTokens, completionTokens }: TeacherAnswer,
): Promise<number> {
  if (promptTokens !== null && completionTokens !== null) {
    return costOf(price, promptTokens, completionTokens);
  }
  const meter = new PromptMeter(await tokenCounter());
  return costOf(
    price,
    promptTokens ?? meter.count(question),
    completionTokens ?? meter.countText(text),
  );
}

function letGo(): StudioError {
  return new StudioError(
    'job-cancelled',
    'The question was stopped before the teacher answered it.',
    'Ask again when you like. A request that was under way may have been paid for.',
  );
}
