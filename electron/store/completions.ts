import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, toFullExample } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, byPages, found, now, nullableFlag, pageRows, written } from './sql.ts';
import type { ExtractionRows, NewRationale } from './store.ts';

interface CompletionParameters {
  extractionId: string;
  exampleId: number;
  text: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  milliseconds: number | null;
  savedAt: string;
}

interface RationaleParameters {
  extractionId: string;
  exampleId: number;
  label: string | null;
  rationale: string | null;
  correct: Flag | null;
}

type Methods = 'saveCompletions' | 'completions' | 'replaceRationales';

/** What the teacher wrote, and its parse. Every saved completion has one row in rationales. */
export function completionRows(db: Db): Pick<ExtractionRows, Methods> {
  const extractionExists = db.prepare<[string], { id: string }>(
    'SELECT id FROM extractions WHERE id = ?',
  );
  // A text replaces a failure or an older text; a failure only replaces a failure.
  const upsert = db.prepare<CompletionParameters>(
    `INSERT INTO completions (extraction_id, example_id, text, failed, failure_code, failure_message,
       finish_reason, prompt_tokens, completion_tokens, milliseconds, saved_at)
     VALUES (@extractionId, @exampleId, @text, @text IS NULL, @failureCode, @failureMessage,
       @finishReason, @promptTokens, @completionTokens, @milliseconds, @savedAt)
     ON CONFLICT (example_id, extraction_id) DO UPDATE SET
       text = excluded.text, failed = excluded.failed, failure_code = excluded.failure_code,
       failure_message = excluded.failure_message, finish_reason = excluded.finish_reason,
       prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
       milliseconds = excluded.milliseconds, saved_at = excluded.saved_at
     WHERE excluded.text IS NOT NULL OR completions.text IS NULL`,
  );
  // Writes nothing where no completion is saved: there is no parse of a failure.
  const upsertRationale = db.prepare<RationaleParameters>(
    `INSERT INTO rationales (extraction_id, example_id, label, parsed, rationale, correct)
     SELECT extraction_id, example_id, @label, @label IS NOT NULL, @rationale, @correct
     FROM completions
     WHERE extraction_id = @extractionId AND example_id = @exampleId AND failed = 0
     ON CONFLICT (example_id, extraction_id) DO UPDATE SET
       label = excluded.label, parsed = excluded.parsed, rationale = excluded.rationale, correct = excluded.correct`,
  );
  const unparsed = `
    INSERT OR REPLACE INTO rationales (extraction_id, example_id, label, parsed, rationale, correct)
    SELECT c.extraction_id, c.example_id, NULL, 0, NULL, iif(e.gold IS NULL, NULL, 0)
    FROM completions c JOIN examples e ON e.id = c.example_id
    WHERE c.extraction_id = @extractionId AND c.failed = 0`;
  const setUnparsed = db.prepare<{ extractionId: string; exampleId: number }>(
    `${unparsed} AND c.example_id = @exampleId`,
  );
  const setAllUnparsed = db.prepare<{ extractionId: string }>(unparsed);
  const selectNext = db.prepare<[string, number, number], FullExampleRow & { text: string }>(
    `SELECT ${fullExampleColumns}, c.text
     FROM completions c CROSS JOIN examples e ON e.id = c.example_id
     WHERE c.extraction_id = ? AND c.failed = 0 AND c.example_id > ?
     ORDER BY c.example_id LIMIT ?`,
  );

  const saveRationale = (extractionId: string, rationale: NewRationale): void => {
    const correct = nullableFlag(rationale.correct);
    written(upsertRationale.run({ ...rationale, extractionId, correct }), 'completion');
  };
  return {
    saveCompletions(extractionId, rows) {
      atomically(db, () => {
        found(extractionExists.get(extractionId), 'extraction');
        const savedAt = now();
        for (const { completion, rationale } of rows) {
          const { failure, ...saved } = completion;
          // A completion that came has no failure, whatever went wrong before it.
          const reason = saved.text === null ? failure : null;
          upsert.run({
            ...saved,
            extractionId,
            failureCode: reason?.code ?? null,
            failureMessage: reason?.message ?? null,
            savedAt,
          });
          if (saved.text === null) continue;
          if (rationale) saveRationale(extractionId, rationale);
          else setUnparsed.run({ extractionId, exampleId: saved.exampleId });
        }
      });
    },
    *completions(extractionId) {
      for (const row of byPages((after) => selectNext.all(extractionId, after, pageRows))) {
        const { text, ...example } = row;
        yield { example: toFullExample(example), text };
      }
    },
    replaceRationales(extractionId, rows) {
      atomically(db, () => {
        found(extractionExists.get(extractionId), 'extraction');
        setAllUnparsed.run({ extractionId });
        for (const row of rows) saveRationale(extractionId, row);
      });
    },
  };
}
