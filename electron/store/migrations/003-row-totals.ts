import type { Migration } from '../migrate.ts';

/**
 * How many rows of an extraction have an answer, and how many of these are parsed, have a gold label
 * and are right: kept by triggers, so that a million rows need not be counted each time a screen
 * shows them while more come in. A row is counted by the answer that stands for it.
 */
export const rowTotals: Migration = {
  version: 3,
  name: 'row totals',
  up(db) {
    for (const sql of [columns, counted, triggers]) db.exec(sql);
  },
};

const columns = ['answered', 'parsed', 'gold', 'correct']
  .map(
    (name) =>
      `ALTER TABLE extractions ADD COLUMN ${name}_rows INTEGER NOT NULL DEFAULT 0
         CHECK (${name}_rows >= 0);`,
  )
  .join('\n');

const counted = `
UPDATE extractions SET answered_rows = counted.answered, parsed_rows = counted.parsed,
  gold_rows = counted.gold, correct_rows = counted.correct
FROM (SELECT extraction_id, count(*) AS answered, sum(parsed) AS parsed, count(correct) AS gold,
        coalesce(sum(correct), 0) AS correct
      FROM rationales WHERE chosen = 1 GROUP BY extraction_id) AS counted
WHERE counted.extraction_id = extractions.id;
`;

/** What one version of a row of `rationales` counts for. */
const added = (sign: '+' | '-', row: 'NEW' | 'OLD'): string => `
  UPDATE extractions SET answered_rows = answered_rows ${sign} 1,
    parsed_rows = parsed_rows ${sign} ${row}.parsed,
    gold_rows = gold_rows ${sign} (${row}.correct IS NOT NULL),
    correct_rows = correct_rows ${sign} coalesce(${row}.correct, 0)
  WHERE id = ${row}.extraction_id AND ${row}.chosen = 1;`;

const triggers = `
CREATE TRIGGER rationales_count_insert AFTER INSERT ON rationales WHEN NEW.chosen = 1
BEGIN ${added('+', 'NEW')} END;
CREATE TRIGGER rationales_count_delete AFTER DELETE ON rationales WHEN OLD.chosen = 1
BEGIN ${added('-', 'OLD')} END;
CREATE TRIGGER rationales_count_update AFTER UPDATE OF chosen, parsed, correct ON rationales
WHEN OLD.chosen <> NEW.chosen
  OR NEW.chosen = 1 AND (OLD.parsed <> NEW.parsed OR OLD.correct IS NOT NEW.correct)
BEGIN ${added('+', 'NEW')} ${added('-', 'OLD')} END;
`;
