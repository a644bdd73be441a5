import { composeInput, foldWhitespace } from '../../../core/text.ts';
import { openReader } from '../../../store/open.ts';
import type { FullExample, Store } from '../../../store/store.ts';
import type { ThreadTask } from '../../threads.ts';

export interface SavedAnswerInput {
  /** The store's file. */
  readonly database: string;
  readonly extractionId: string;
  readonly text: string;
  /** Null finds a row whatever its choices are. */
  readonly choices: readonly string[] | null;
}

/** What a teacher answered to a row of the project. */
export interface FoundAnswer {
  /** The row's id in its file. */
  readonly externalId: string;
  readonly completion: string | null;
  readonly label: string | null;
  readonly rationale: string | null;
  /** Null where nobody took the time. */
  readonly milliseconds: number | null;
}

/** Looks through the project's rows in a thread; see {@link findSavedAnswer}. */
export const savedAnswerTask: ThreadTask<SavedAnswerInput, never, FoundAnswer | null> = {
  name: 'compare.saved-answer',
  run(input) {
    const store = openReader(input.database);
    try {
      return Promise.resolve(findSavedAnswer(store, input));
    } finally {
      store.close();
    }
  },
};

/** The saved answer to the first row that has this text and an answer; null where there is none. */
export function findSavedAnswer(
  store: Store,
  { extractionId, text, choices }: Omit<SavedAnswerInput, 'database'>,
): FoundAnswer | null {
  const { projectId } = store.extractions.get(extractionId);
  const wanted = foldWhitespace(composeInput(text, choices));
  const asked = ({ input, choices: own }: FullExample): string =>
    foldWhitespace(composeInput(input, choices === null ? null : own));
  for (const example of store.data.examples(projectId)) {
    if (asked(example) !== wanted) continue;
    const samples = store.extractions.samples(extractionId, example.id);
    const chosen = samples.find((sample) => sample.chosen) ?? samples[0];
    if (chosen === undefined || chosen.failure !== null) continue;
    const { completion, label, rationale, milliseconds } = chosen;
    return { externalId: example.externalId, completion, label, rationale, milliseconds };
  }
  return null;
}
