import type { NewCompletion, NewRationale, Store } from '../store/store.ts';

/**
 * The store as jobs write to it. A server may repeat the key it was sent in an answer or a refusal;
 * what it said is cleaned here, where every word of it passes on its way to the disk.
 *
 * @param redact strikes keys out of a text
 */
export function cleanStore(store: Store, redact: (text: string) => string): Store {
  const { extractions } = store;
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  const completion = (row: NewCompletion): NewCompletion => ({
    ...row,
    text: orNull(row.text),
    finishReason: orNull(row.finishReason),
    failure: row.failure && { code: row.failure.code, message: redact(row.failure.message) },
  });
  const rationale = (row: NewRationale): NewRationale => ({
    ...row,
    label: orNull(row.label),
    rationale: orNull(row.rationale),
  });
  return {
    ...store,
    extractions: {
      ...extractions,
      saveCompletions: (extractionId, rows, options) =>
        extractions.saveCompletions(
          extractionId,
          rows.map((row) => ({
            completion: completion(row.completion),
            rationale: row.rationale && rationale(row.rationale),
          })),
          options,
        ),
      saveBatch: (batch) => extractions.saveBatch({ ...batch, error: orNull(batch.error) }),
    },
  };
}
