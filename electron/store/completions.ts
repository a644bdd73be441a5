import type { FullExampleRow } from './examples.ts';
import { fullExampleColumns, spread, toFullExample } from './examples.ts';
import { spendWriter } from './spend.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, found, now, pageRows, softly } from './sql.ts';
import type { ExtractionRows, NewCompletion, NewRationale, SavedCompletion } from './store.ts';
import { firstAnswer, parseWriter } from './verdicts.ts';

interface Place {
  extractionId: string;
  exampleId: number;
  sample: number;
}

interface CompletionParameters extends Place {
  text: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  finishReason: string | null;
  promptTokens: number | null;
  completionTokens: number | null;
  milliseconds: number | null;
  requestHash: Uint8Array | null;
  reused: Flag;
  savedAt: string;
}

type CompletionRow = FullExampleRow & { sample: number; text: string };
/** The answers after one: an example's id and a sample, then how many at most. */
type After = [extractionId: string, exampleId: number, sample: number, limit: number];

type Methods =
  | 'saveCompletions'
  | 'addSpend'
  | 'flush'
  | 'completions'
  | 'completionPage'
  | 'replaceRationales'
  | 'saveRationales';

/** What the teacher wrote, and its parse. Every saved completion has one row in rationales. */
export function completionRows(db: Db): Pick<ExtractionRows, Methods> {
  const extractionExists = db.prepare<[string], { completed: number }>(
    'SELECT completed FROM extractions WHERE id = ?',
  );
  const selectNext = db.prepare<After, CompletionRow>(
    `SELECT ${fullExampleColumns}, c.sample, c.text
     FROM completions c CROSS JOIN examples e ON e.id = c.example_id
     WHERE c.extraction_id = ? AND c.failed = 0 AND (c.example_id, c.sample) > (?, ?)
     ORDER BY c.example_id, c.sample LIMIT ?`,
  );
  const selectNextKeys = db.prepare<After, { exampleId: number; sample: number }>(
    `SELECT example_id AS exampleId, sample FROM completions
     WHERE extraction_id = ? AND failed = 0 AND (example_id, sample) > (?, ?)
     ORDER BY example_id, sample LIMIT ?`,
  );
  const selectPage = db.prepare<
    { extractionId: string; offset: number; limit: number },
    CompletionRow
  >(
    `SELECT ${fullExampleColumns}, c.sample, c.text
     FROM (SELECT example_id, sample FROM completions
           WHERE extraction_id = @extractionId AND failed = 0
           ORDER BY ${spread('example_id')}, sample LIMIT @limit OFFSET @offset) AS shown
     CROSS JOIN completions c ON c.example_id = shown.example_id
       AND c.extraction_id = @extractionId AND c.sample = shown.sample
     CROSS JOIN examples e ON e.id = c.example_id
     ORDER BY ${spread('e.id')}, c.sample`,
  );
  const write = completionWriter(db);
  const writeParses = parseWriter(db);
  const addSpend = spendWriter(db);

  const extraction = (extractionId: string) =>
    found(extractionExists.get(extractionId), 'extraction');
  const completions = function* (extractionId: string): Generator<SavedCompletion> {
    const rows = afterEach((exampleId, sample) =>
      selectNext.all(extractionId, exampleId, sample, pageRows),
    );
    for (const row of rows) yield toSavedCompletion(row);
  };

  return {
    saveCompletions(extractionId, rows, { spend, soon = false, decide = firstAnswer } = {}) {
      const save = soon ? softly : atomically;
      save(db, () => {
        extraction(extractionId);
        const savedAt = now();
        const parses = new Map<number, NewRationale[]>();
        for (const { completion, rationale } of rows) {
          write(extractionId, completion, savedAt);
          if (completion.text === null) continue;
          const { exampleId, sample } = completion;
          const parse = rationale ?? writeParses.unparsed(exampleId, sample);
          parses.set(exampleId, [...(parses.get(exampleId) ?? []), parse]);
        }
        for (const [exampleId, ofRow] of parses) {
          writeParses.settle({ extractionId, exampleId }, ofRow, decide);
        }
        if (spend) addSpend(extractionId, spend);
      });
    },
    addSpend(extractionId, spend) {
      atomically(db, () => addSpend(extractionId, spend));
    },
    flush: flusher(db),
    completions,
    completionPage: (extractionId, window) => ({
      rows: selectPage.all({ extractionId, ...window }).map(toSavedCompletion),
      total: extraction(extractionId).completed,
    }),
    replaceRationales(extractionId, rows, decide = firstAnswer) {
      atomically(db, () => {
        extraction(extractionId);
        const settle = (exampleId: number, parses: readonly NewRationale[]): void =>
          writeParses.resettle({ extractionId, exampleId }, parses, decide);
        const seen = new SampleSet();
        for (const [exampleId, parses] of byExample(rows)) {
          settle(exampleId, parses);
          for (const { sample } of parses) seen.add(exampleId, sample);
        }
        const keys = afterEach((exampleId, sample) =>
          selectNextKeys
            .all(extractionId, exampleId, sample, pageRows)
            .map((key) => ({ ...key, id: key.exampleId })),
        );
        for (const { exampleId, sample } of keys) {
          if (seen.has(exampleId, sample)) continue;
          settle(exampleId, [writeParses.unparsed(exampleId, sample)]);
        }
      });
    },
    saveRationales(extractionId, rows, decide = firstAnswer) {
      softly(db, () => {
        extraction(extractionId);
        for (const [exampleId, parses] of byExample(rows)) {
          writeParses.resettle({ extractionId, exampleId }, parses, decide);
        }
      });
    },
  };
}

/** Writes one answer or failure. Needs a transaction. */
function completionWriter(db: Db) {
  const removeFailure = db.prepare<Place>(
    `DELETE FROM completions WHERE example_id = @exampleId AND extraction_id = @extractionId
       AND sample = @sample AND failed = 1`,
  );
  // What is there now is a text: another text replaces it, a failure does not.
  const upsert = db.prepare<CompletionParameters>(
    `INSERT INTO completions (extraction_id, example_id, sample, failed, timed, reused,
       finish_reason, prompt_tokens, completion_tokens, milliseconds, request_hash, saved_at,
       failure_code, failure_message, text)
     VALUES (@extractionId, @exampleId, @sample, @text IS NULL, @milliseconds IS NOT NULL, @reused,
       @finishReason, @promptTokens, @completionTokens, @milliseconds, @requestHash, @savedAt,
       @failureCode, @failureMessage, @text)
     ON CONFLICT (example_id, extraction_id, sample) DO UPDATE SET
       timed = excluded.timed, reused = excluded.reused, finish_reason = excluded.finish_reason,
       prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
       milliseconds = excluded.milliseconds, request_hash = excluded.request_hash,
       saved_at = excluded.saved_at, text = excluded.text
     WHERE excluded.text IS NOT NULL`,
  );
  return (extractionId: string, completion: NewCompletion, savedAt: string): void => {
    const { failure, reused, ...saved } = completion;
    // A completion that came has no failure, whatever went wrong before it.
    const reason = saved.text === null ? failure : null;
    removeFailure.run({ extractionId, exampleId: saved.exampleId, sample: saved.sample });
    upsert.run({
      ...saved,
      extractionId,
      reused: flag(reused),
      failureCode: reason?.code ?? null,
      failureMessage: reason?.message ?? null,
      savedAt,
    });
  };
}

/**
 * Brings commits of {@link softly} to the disk: a commit that is flushed takes all of the log before
 * it along, so writing the smallest thing there is, the file's own version number, will do. A
 * checkpoint would flush the log too, but then copy its pages and flush the database as well.
 */
function flusher(db: Db): () => void {
  const version = db.pragma('user_version', { simple: true });
  return () => {
    atomically(db, () => db.exec(`PRAGMA user_version = ${String(version)}`));
  };
}

const toSavedCompletion = ({ sample, text, ...example }: CompletionRow): SavedCompletion => ({
  example: toFullExample(example),
  sample,
  text,
});

/** Answers in the order of examples and samples, lazily, a page at a time, as in `byPages`. */
function* afterEach<Row extends { id: number; sample: number }>(
  next: (exampleId: number, sample: number) => Row[],
): Generator<Row, undefined, undefined> {
  let [exampleId, sample] = [0, -1];
  for (;;) {
    const rows = next(exampleId, sample);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    [exampleId, sample] = [last.id, last.sample];
  }
}

/** Parses that follow one another and belong to the same example, together. */
function* byExample(rows: Iterable<NewRationale>): Generator<[number, NewRationale[]]> {
  let gathered: NewRationale[] = [];
  for (const row of rows) {
    const [first] = gathered;
    if (first && first.exampleId !== row.exampleId) {
      yield [first.exampleId, gathered];
      gathered = [];
    }
    gathered.push(row);
  }
  const [first] = gathered;
  if (first) yield [first.exampleId, gathered];
}

/** Which answers were met; small, since there may be millions of them. */
class SampleSet {
  readonly #samples = new Map<number, number>();

  add(exampleId: number, sample: number): void {
    this.#samples.set(exampleId, (this.#samples.get(exampleId) ?? 0) | (1 << sample));
  }
  has(exampleId: number, sample: number): boolean {
    return ((this.#samples.get(exampleId) ?? 0) & (1 << sample)) !== 0;
  }
}
