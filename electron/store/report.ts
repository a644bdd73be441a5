import { rowsFailed } from './rationales.ts';
import type { Db, Flag } from './sql.ts';
import { found, pageRows, truth } from './sql.ts';
import type { ExtractionRows, ReportCounts } from './store.ts';

type LabelCount = Omit<ReportCounts['labels'][number], 'correct'> & { correct: Flag | null };

/** What the teacher's report counts, over rows: the chosen answer stands for its row. */
export function reportReader(db: Db): ExtractionRows['reportCounts'] {
  const countFailed = db.prepare<{ id: string }, { failed: number }>(
    `SELECT count(*) AS failed FROM (${rowsFailed})`,
  );
  const selectLabels = db.prepare<[string], LabelCount>(
    `SELECT gold, label, correct, count(*) AS rows
     FROM rationales CROSS JOIN examples e ON e.id = example_id
     WHERE extraction_id = ? AND chosen = 1
     GROUP BY gold, label, correct ORDER BY rows DESC, gold, label, correct`,
  );
  const selectAgreement = db.prepare<[string], ReportCounts['agreement'][number]>(
    `SELECT votes, answers, count(*) AS rows, count(correct) AS withGold,
       coalesce(sum(correct), 0) AS correct
     FROM rationales WHERE extraction_id = ? AND chosen = 1
     GROUP BY votes, answers ORDER BY answers, votes`,
  );
  const selectReasons = db.prepare<[string], { reason: string; rows: number }>(
    `SELECT finish_reason AS reason, count(*) AS rows FROM completions
     WHERE extraction_id = ? AND failed = 0 AND finish_reason IS NOT NULL
     GROUP BY finish_reason ORDER BY rows DESC, reason`,
  );
  const selectNext = db.prepare<[string, number, number], { id: number; rationale: string | null }>(
    `SELECT example_id AS id, rationale FROM rationales
     WHERE extraction_id = ? AND parsed = 1 AND chosen = 1 AND example_id > ?
     ORDER BY example_id LIMIT ?`,
  );
  return (extractionId) => ({
    failed: found(countFailed.get({ id: extractionId }), 'extraction').failed,
    labels: selectLabels.all(extractionId).map((row) => ({ ...row, correct: truth(row.correct) })),
    agreement: selectAgreement.all(extractionId),
    *rationales() {
      let after = 0;
      for (;;) {
        const rows = selectNext.all(extractionId, after, pageRows);
        for (const { rationale } of rows) if (rationale !== null) yield rationale;
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageRows) return;
        after = last.id;
      }
    },
    finishReasons: selectReasons.all(extractionId),
  });
}
