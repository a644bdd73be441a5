import type { FailureKind, LiveExtraction, Percentiles, Sample } from '../contract/entities.ts';
import type { Db, Flag } from './sql.ts';
import { truth } from './sql.ts';
import type { ExtractionRows, ReusableAnswer } from './store.ts';

type SampleRow = Omit<Sample, 'chosen' | 'kept'> & { chosen: Flag; kept: Flag };
type Newest = LiveExtraction['newest'][number];
type NewestRow = Omit<Newest, 'correct' | 'reused'> & { correct: Flag | null; reused: Flag };
type Usage = ReturnType<ExtractionRows['usage']>[number];

type Methods = 'reusable' | 'samples' | 'latency' | 'failures' | 'newest' | 'usage';

/** Characters of an input that the live table shows. */
const shownCharacters = 200;
const shownFailures = 50;

/** An extraction as it runs: each of these reads a few rows, however many are saved. */
export function liveRows(db: Db): Pick<ExtractionRows, Methods> {
  const selectReusable = db.prepare<[Uint8Array, string], ReusableAnswer>(
    `SELECT c.text, c.finish_reason AS finishReason, c.prompt_tokens AS promptTokens,
       c.completion_tokens AS completionTokens
     FROM completions c JOIN extractions x ON x.id = c.extraction_id
     WHERE c.request_hash = ? AND c.failed = 0 AND x.project_id = ? LIMIT 1`,
  );
  const selectSamples = db.prepare<[number, string], SampleRow>(
    `SELECT c.sample, c.text AS completion, c.failure_message AS failure,
       c.finish_reason AS finishReason, r.rationale, r.label, coalesce(r.chosen, 0) AS chosen,
       coalesce(r.kept, 0) AS kept, c.prompt_tokens AS promptTokens,
       c.completion_tokens AS completionTokens, c.milliseconds
     FROM completions c LEFT JOIN rationales r ON r.example_id = c.example_id
       AND r.extraction_id = c.extraction_id AND r.sample = c.sample
     WHERE c.example_id = ? AND c.extraction_id = ? ORDER BY c.sample`,
  );
  const selectLatency = db.prepare<[string, number], { milliseconds: number }>(
    `SELECT milliseconds FROM completions
     WHERE extraction_id = ? AND failed = 0 AND reused = 0 AND timed = 1
     ORDER BY rowid DESC LIMIT ?`,
  );
  const selectFailures = db.prepare<[string], FailureKind>(
    `SELECT coalesce(failure_code, 'internal') AS code, failure_message AS message,
       count(*) AS rows
     FROM completions WHERE extraction_id = ? AND failed = 1
     GROUP BY failure_code, failure_message
     ORDER BY rows DESC, code, message LIMIT ${shownFailures}`,
  );
  const selectNewest = db.prepare<[string, number], NewestRow>(
    `SELECT c.example_id AS exampleId, e.external_id AS externalId, c.sample,
       substr(e.input, 1, ${shownCharacters}) AS input, r.rationale, r.label, r.correct,
       c.failure_message AS failure, c.reused, c.prompt_tokens AS promptTokens,
       c.completion_tokens AS completionTokens, c.milliseconds, c.saved_at AS savedAt
     FROM completions c CROSS JOIN examples e ON e.id = c.example_id
     LEFT JOIN rationales r ON r.example_id = c.example_id
       AND r.extraction_id = c.extraction_id AND r.sample = c.sample
     WHERE c.extraction_id = ? ORDER BY c.rowid DESC LIMIT ?`,
  );
  const selectUsage = db.prepare<[string, number], Usage>(
    `SELECT prompt_tokens AS promptTokens, completion_tokens AS completionTokens, milliseconds
     FROM completions WHERE extraction_id = ? AND failed = 0 AND reused = 0
     ORDER BY timed DESC, rowid DESC LIMIT ?`,
  );

  return {
    reusable: (projectId, requestHash) => selectReusable.get(requestHash, projectId) ?? null,
    samples: (extractionId, exampleId) =>
      selectSamples
        .all(exampleId, extractionId)
        .map((row) => ({ ...row, chosen: row.chosen === 1, kept: row.kept === 1 })),
    latency: (extractionId, answers) =>
      percentiles(selectLatency.all(extractionId, answers).map(({ milliseconds }) => milliseconds)),
    failures: (extractionId) => selectFailures.all(extractionId),
    newest: (extractionId, count) =>
      selectNewest
        .all(extractionId, count)
        .map((row) => ({ ...row, correct: truth(row.correct), reused: row.reused === 1 })),
    usage: (extractionId, limit) => selectUsage.all(extractionId, limit),
  };
}

/** Each is the value at that share of the way through the sorted ones (nearest rank). */
function percentiles(values: readonly number[]): Percentiles | null {
  const rising = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    rising[Math.max(0, Math.ceil(share * rising.length) - 1)] ?? 0;
  return rising.length === 0 ? null : { p5: at(0.05), p50: at(0.5), p95: at(0.95) };
}
