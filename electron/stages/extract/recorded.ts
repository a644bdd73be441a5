import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Extraction } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type { PendingExample, Store } from '../../store/store.ts';
import type { JobContext } from '../job.ts';
import { readerFor } from './reading.ts';
import type { Answered } from './saver.ts';
import { defaultExtractionSettings } from './settings.ts';

/** Rows copied in one transaction. */
const batchRows = 500;

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
        name: 'Recorded completions',
        baseUrl: null,
        model: '',
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
  const read = readerFor(store, extraction);
  const pending = store.extractions
    .pending(extraction.id)
    .map((example) => ({ example, text: recordedText(example) }))
    .filter((row): row is { example: PendingExample; text: string } => row.text !== null);
  const before = extraction.completed;
  if (pending.length + before === 0) throw nothingRecorded();

  for (let start = 0; start < pending.length && !signal.aborted; start += batchRows) {
    const batch = pending.slice(start, start + batchRows);
    store.extractions.saveCompletions(
      extraction.id,
      batch.map(({ example, text }): Answered => ({
        completion: {
          exampleId: example.id,
          text,
          failure: null,
          finishReason: null,
          promptTokens: null,
          completionTokens: null,
          milliseconds: null,
        },
        rationale: read(example, text),
      })),
    );
    const { completed } = store.extractions.get(extraction.id);
    context.progress({ done: completed, total: before + pending.length, phase: 'working' });
    context.saved('rationales');
    await nextTurn();
  }
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
