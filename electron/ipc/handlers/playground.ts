import type { CallArguments } from '../../contract/calls.ts';
import { systemKey, systemOf } from '../../contract/entities.ts';
import type { Extraction, PlaygroundAnswer, Price } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { methodTraits } from '../../core/methods.ts';
import {
  playgroundSystems,
  predictFileJob,
  savedAnswerTask,
  studentAnswer,
  studentQuestion,
  whyNot,
} from '../../stages/compare/playground/index.ts';
import type { FoundAnswer } from '../../stages/compare/playground/index.ts';
import { askOnce, priceOfQuestion } from '../../stages/extract/index.ts';
import { textsTask } from '../../stages/import/index.ts';
import type { Store } from '../../store/store.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';
import { presentPrice } from './prices.ts';

type Names =
  | 'playground.systems'
  | 'playground.ask'
  | 'playground.cancel'
  | 'playground.predictFile'
  | 'playground.files';
type Question = CallArguments<'playground.ask'>;

/** Answering a file, with the reading of files that imports do. */
export const predictFileDefinition = predictFileJob((threads, input, options) => {
  const { path, sourceName, read, columns, choices, rationale } = input;
  const file = { path, name: sourceName };
  return threads.run(textsTask, { file, read, columns, choices, rationale }, options);
});

/** Teachers and students asked what a person types, and files that students answer. */
export function playgroundHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, jobs, files, questions } = deps;
  return {
    'playground.systems': ({ projectId }) =>
      playgroundSystems(store, store.projects.get(projectId).id, async (extraction) => {
        const price = presentPrice(store, extraction.teacher);
        const perQuestion = price && (await priceOfQuestion(store, extraction, price));
        return { price, perQuestion };
      }),
    'playground.ask': (question) =>
      questions.run(question.questionId, (signal) =>
        systemOf(question.system).kind === 'teacher'
          ? askTeacher(deps, question, signal)
          : askStudent(deps, question, signal),
      ),
    'playground.cancel': ({ questionId }) => {
      questions.cancel(questionId);
      return {};
    },
    'playground.predictFile': (input) => {
      const { projectId, fileId, columns, choices, rationale, read, format } = input;
      const file = files.resolve(fileId);
      const runIds = [...new Set(input.runIds)];
      refuseUnready(deps, { ...input, runIds });
      return jobs.start(predictFileDefinition, {
        projectId,
        subjectId: null,
        title: `Answer ${file.name}`,
        input: {
          ...{ runIds, path: file.path, sourceName: file.name },
          ...{ columns: [...new Set(columns)], choices, rationale, read, format },
        },
      });
    },
    'playground.files': ({ projectId }) =>
      store.resultFiles.predicted(store.projects.get(projectId).id),
  };
}

async function askStudent(
  { store, asking }: HandlerDeps,
  { projectId, system, ...asked }: Question,
  signal: AbortSignal,
): Promise<PlaygroundAnswer> {
  const run = store.runs.get(systemOf(system).id);
  requireSameProject(run, projectId, 'This run');
  const question = studentQuestion(store, run, asked);
  return studentAnswer(run, question, await asking.ask(question, signal));
}

async function askTeacher(
  deps: HandlerDeps,
  question: Question,
  signal: AbortSignal,
): Promise<PlaygroundAnswer> {
  const { store, keys } = deps;
  const extraction = store.extractions.get(systemOf(question.system).id);
  requireSameProject(extraction, question.projectId, 'This extraction');
  if (whyNot(extraction) !== null) return savedAnswer(deps, extraction, question, signal);
  const { text, choices } = question;
  const answer = await askOnce(
    store,
    extraction,
    { input: text, choices },
    {
      key: keys.get(extraction.teacher.id),
      price: chargedPrice(store, extraction),
      signal,
    },
  );
  const { milliseconds, cost } = answer;
  return {
    ...{ system: systemKey.teacher(extraction.id), confidence: null, probabilities: [] },
    // Its label stands at the end of what it writes.
    ...{ labelMilliseconds: milliseconds, milliseconds, cost, savedFor: null },
    ...withoutKeys(deps, answer),
  };
}

/** The price that a teacher charges; null where it charges nothing, or nobody knows. */
function chargedPrice(store: Store, { teacher }: Extraction): Price | null {
  const price = presentPrice(store, teacher);
  return price !== null && price.input === 0 && price.output === 0 ? null : price;
}

/** What a teacher that can't be asked has answered to a row of this text. */
async function savedAnswer(
  deps: HandlerDeps,
  extraction: Extraction,
  { text, choices }: Question,
  signal: AbortSignal,
): Promise<PlaygroundAnswer> {
  const { store, threads } = deps;
  const input = { database: store.path, extractionId: extraction.id, text, choices };
  const found: FoundAnswer | null = await threads.run(savedAnswerTask, input, { signal });
  if (found === null) throw nothingSaved(extraction);
  const milliseconds = found.milliseconds ?? 0;
  return {
    ...{ system: systemKey.teacher(extraction.id), confidence: null, probabilities: [] },
    ...{ labelMilliseconds: milliseconds, milliseconds, cost: null, savedFor: found.externalId },
    ...withoutKeys(deps, found),
  };
}

/** A server may send the key back that it was sent. */
function withoutKeys(
  { keys }: HandlerDeps,
  said: Pick<PlaygroundAnswer, 'label' | 'rationale' | 'completion'>,
): Pick<PlaygroundAnswer, 'label' | 'rationale' | 'completion'> {
  const clean = (text: string | null) => (text === null ? null : keys.redactText(text));
  return {
    label: clean(said.label),
    rationale: clean(said.rationale),
    completion: clean(said.completion),
  };
}

function nothingSaved(extraction: Extraction): StudioError {
  const { name, kind } = extraction.teacher;
  return kind === 'recorded'
    ? new StudioError(
        'not-found',
        `The answers of “${name}” came with the data: it can’t be asked anything new, and no row of the project has this text.`,
        'Paste the text of a row that it has answered, or ask the students alone.',
      )
    : new StudioError(
        'invalid-input',
        `“${name}” has no address, or no model is chosen for it.`,
        'Complete it under Teacher, then ask again.',
      );
}

/** @throws StudioError not-found, invalid-input */
function refuseUnready(
  { store }: HandlerDeps,
  { projectId, runIds, rationale }: CallArguments<'playground.predictFile'>,
): void {
  store.projects.get(projectId);
  for (const runId of runIds) {
    const run = store.runs.get(runId);
    requireSameProject(run, projectId, 'This run');
    if (store.runs.checkpoint(runId, 'best') === null) {
      throw new StudioError(
        'not-found',
        `“${run.name}” has no checkpoint yet.`,
        'Let it train until its first validation, then ask it.',
      );
    }
    if (methodTraits[run.settings.method].needsTeacher && rationale === null) {
      throw new StudioError(
        'invalid-input',
        `“${run.name}” reads the teacher’s rationale with every question.`,
        'Choose the column that has it, or leave this student out.',
      );
    }
  }
}
