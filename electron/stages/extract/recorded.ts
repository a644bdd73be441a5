import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Extraction } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { PendingExample, Store } from '../../store/store.ts';
import type { JobContext } from '../job.ts';
import { decideFor, readerFor } from './reading.ts';
import type { Answered } from './saver.ts';
import { defaultExtractionSettings } from './settings.ts';

/** Rows copied in one transaction. */
const batchRows = 200;

/**
 * The project's recorded teacher and its one extraction, made when they don't exist: the completions
 * and rationales that came with the imported files.
 */
export function ensureRecordedExtraction(store: Store, projectId: string): Extraction {
  return store.transaction(() => {
    const teacher =
      store.teachers.list(projectId).find(({ kind }) => kind === 'recorded') ??
      store.teachers.save({
        teacherId: null,
        projectId,
        kind: 'recorded',
        provider: 'other',
        name: 'Recorded completions',
        baseUrl: null,
        model: '',
        apiVersion: null,
        contextTokens: null,
      });
    return (
      store.extractions
        .list(projectId)
        .find((extraction) => extraction.teacher.id === teacher.id) ??
      store.extractions.create({
        projectId,
        teacherId: teacher.id,
        templateId: null,
        settings: defaultExtractionSettings,
        price: null,
        seed: 0,
      })
    );
  });
}

/**
 * Copies what came with the examples into the extraction. Examples without anything recorded are
 * passed over.
 *
 * @throws StudioError rows-missing when no example has anything recorded
 */
export async function copyRecorded(context: JobContext, extraction: Extraction): Promise<void> {
  const { store, signal } = context;
  const { extractions } = store;
  const read = readerFor(store, extraction);
  const decide = decideFor(store, extraction);
  let after = 0;
  while (!signal.aborted) {
    const page = extractions.pendingPage(extraction.id, after, batchRows);
    after = page.at(-1)?.id ?? after;
    const rows = page.flatMap((example): Answered[] => {
      const text = recordedText(example);
      return text === null
        ? []
        : [{ completion: copied(example, text), rationale: read(example, text, 0) }];
    });
    if (rows.length > 0) extractions.saveCompletions(extraction.id, rows, { decide });
    const { completed, wanted } = extractions.get(extraction.id);
    if (page.length < batchRows && completed === 0) throw nothingRecorded();
    context.progress({ done: completed, total: wanted, phase: 'working' });
    context.saved('rationales');
    if (page.length < batchRows) return;
    await nextTurn();
  }
}

function copied(example: PendingExample, text: string): Answered['completion'] {
  return {
    exampleId: example.id,
    sample: 0,
    text,
    failure: null,
    finishReason: null,
    promptTokens: null,
    completionTokens: null,
    milliseconds: null,
    requestHash: null,
    reused: false,
  };
}

function recordedText(example: PendingExample): string | null {
  return example.recordedCompletion ?? example.recordedRationale;
}

function nothingRecorded(): StudioError {
  return new StudioError(
    'rows-missing',
    'No row of this project came with a recorded completion or rationale.',
    'Import a file with a completion or rationale column, or ask a teacher on a server.',
  );
}
