import { z } from 'zod';
import { flagWeights, HealthFinding, healthFlags } from '../contract/entities.ts';
import type { HealthFlag, HealthSummary } from '../contract/entities.ts';
import { toChoices } from './examples.ts';
import type { Db, Flag } from './sql.ts';
import { fromJson, found, pageRows, softly, toJson, truth } from './sql.ts';
import type { CheckableRow, HealthRows } from './store.ts';

type Row = Omit<CheckableRow, 'choices' | 'correct'> & {
  choices: string | null;
  correct: Flag | null;
};
type Which = Parameters<HealthRows['checkable']>[1];
/** Rows of an extraction after an example's id, how many at most. */
type After = [extractionId: string, exampleId: number, limit: number];

const Findings = z.array(HealthFinding);

/** The rows that a check is still to see have no flags saved, not even none. */
const conditions: Readonly<Record<Which, string>> = {
  all: '',
  unchecked: `AND NOT EXISTS (SELECT 1 FROM health h
    WHERE h.extraction_id = r.extraction_id AND h.example_id = r.example_id)`,
};

/** What is wrong with rationales, as it was found. Triggers remove what was found of an answer that changed. */
export function healthRows(db: Db): HealthRows {
  const selectNext: Record<Which, (...after: After) => Row[]> = {
    all: nextRows(db, 'all'),
    unchecked: nextRows(db, 'unchecked'),
  };
  const selectRationales = db.prepare<
    After,
    { exampleId: number; input: string; rationale: string }
  >(
    `SELECT r.example_id AS exampleId, e.input, r.rationale
     FROM rationales r INDEXED BY rationales_by_parse CROSS JOIN examples e ON e.id = r.example_id
     WHERE r.extraction_id = ? AND r.chosen = 1 AND r.parsed = 1 AND r.example_id > ?
       AND r.rationale IS NOT NULL
     ORDER BY r.example_id LIMIT ?`,
  );
  const selectAnswered = db.prepare<[string], { answered: number }>(
    'SELECT parsed_rows AS answered FROM extractions WHERE id = ?',
  );
  const countChecked = db.prepare<[string], { checked: number }>(
    'SELECT count(*) AS checked FROM health WHERE extraction_id = ?',
  );
  const countFlags = db.prepare<[string], { flags: number; suspicion: number; rows: number }>(
    `SELECT suspicion, flags, count(*) AS rows FROM health
     WHERE extraction_id = ? GROUP BY suspicion, flags ORDER BY suspicion`,
  );
  const upsert = db.prepare<{
    extractionId: string;
    exampleId: number;
    flags: number;
    suspicion: number;
    findings: string | null;
  }>(
    `INSERT INTO health (extraction_id, example_id, flags, suspicion, findings)
     VALUES (@extractionId, @exampleId, @flags, @suspicion, @findings)
     ON CONFLICT (extraction_id, example_id) DO UPDATE SET
       flags = excluded.flags, suspicion = excluded.suspicion, findings = excluded.findings
     WHERE flags <> excluded.flags OR findings IS NOT excluded.findings`,
  );
  const select = db.prepare<[string, number], { flags: number; findings: string | null }>(
    'SELECT flags, findings FROM health WHERE extraction_id = ? AND example_id = ?',
  );
  const removeSome = db.prepare<[string, string, number]>(
    `DELETE FROM health WHERE extraction_id = ? AND example_id IN (
       SELECT example_id FROM health WHERE extraction_id = ? LIMIT ?)`,
  );
  const answered = (extractionId: string): number =>
    found(selectAnswered.get(extractionId), 'extraction').answered;
  const checked = (extractionId: string): number => countChecked.get(extractionId)?.checked ?? 0;

  return {
    summary: (extractionId) => summaryOf(answered(extractionId), countFlags.all(extractionId)),
    *checkable(extractionId, which) {
      for (const row of afterEach((after) => selectNext[which](extractionId, after, pageRows))) {
        yield toCheckable(row);
      }
    },
    rationales: (extractionId) =>
      afterEach((after) => selectRationales.all(extractionId, after, pageRows)),
    count: (extractionId, which) =>
      which === 'all' ? answered(extractionId) : answered(extractionId) - checked(extractionId),
    save(extractionId, rows) {
      softly(db, () => {
        for (const { exampleId, findings } of rows) {
          const flags = new Set(findings.map(({ flag }) => flag));
          upsert.run({
            ...{ extractionId, exampleId, flags: bitsOf(flags), suspicion: suspicionOf(flags) },
            findings: findings.length === 0 ? null : toJson(findings),
          });
        }
      });
    },
    forget: (extractionId, limit) =>
      softly(db, () => removeSome.run(extractionId, extractionId, limit).changes) === limit,
    findings(extractionId, exampleId) {
      const saved = select.get(extractionId, exampleId)?.findings ?? null;
      return saved === null ? [] : fromJson(Findings, saved);
    },
    flags(extractionId, exampleId) {
      const saved = select.get(extractionId, exampleId);
      return saved === undefined ? null : flagsOf(saved.flags);
    },
  };
}

/** One bit for each flag, in the order of the contract. */
export function bitsOf(flags: Iterable<HealthFlag>): number {
  let bits = 0;
  for (const flag of flags) bits |= 1 << healthFlags.indexOf(flag);
  return bits;
}

/** The flags whose bits are set, in the order of the contract. */
export const flagsOf = (bits: number): HealthFlag[] =>
  healthFlags.filter((_, place) => (bits & (1 << place)) !== 0);

function suspicionOf(flags: ReadonlySet<HealthFlag>): number {
  let sum = 0;
  for (const flag of flags) sum += flagWeights[flag];
  return sum;
}

function nextRows(db: Db, which: Which): (...after: After) => Row[] {
  const select = db.prepare<After, Row>(
    `SELECT r.example_id AS exampleId, e.input, e.choices, e.gold, r.label, r.rationale,
       c.text AS completion, c.finish_reason AS finishReason, r.votes, r.answers, r.correct
     FROM rationales r INDEXED BY rationales_by_parse
     CROSS JOIN completions c ON c.example_id = r.example_id
       AND c.extraction_id = r.extraction_id AND c.sample = r.sample
     CROSS JOIN examples e ON e.id = r.example_id
     WHERE r.extraction_id = ? AND r.chosen = 1 AND r.parsed = 1 AND r.example_id > ?
       ${conditions[which]}
     ORDER BY r.example_id LIMIT ?`,
  );
  return (...after) => select.all(...after);
}

/** Rows in the order of their examples, a page at a time; see `byPages`. */
function* afterEach<Row extends { exampleId: number }>(
  next: (after: number) => Row[],
): Generator<Row, undefined, undefined> {
  let after = 0;
  for (;;) {
    const rows = next(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last.exampleId;
  }
}

const toCheckable = ({ choices, correct, ...row }: Row): CheckableRow => ({
  ...row,
  choices: toChoices(choices),
  correct: truth(correct),
});

function summaryOf(
  answered: number,
  counts: readonly { flags: number; suspicion: number; rows: number }[],
): HealthSummary {
  const total = (some: typeof counts): number => some.reduce((sum, { rows }) => sum + rows, 0);
  const scores = new Map<number, number>();
  for (const { suspicion, rows } of counts) {
    scores.set(suspicion, (scores.get(suspicion) ?? 0) + rows);
  }
  return {
    checked: total(counts),
    answered,
    clean: scores.get(0) ?? 0,
    flags: healthFlags.map((flag, place) => ({
      flag,
      weight: flagWeights[flag],
      rows: total(counts.filter(({ flags }) => (flags & (1 << place)) !== 0)),
    })),
    suspicion: [...scores].map(([score, rows]) => ({ score, rows })),
  };
}
