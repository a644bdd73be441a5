import type { Migration } from '../migrate.ts';

/**
 * With whose answers a run was set up, and whether it was told to end and keep its best.
 *
 * `extraction_id` says whose answers a method learns from, and is empty for one that learns from none.
 * `answers_id` is set for every method: validation rows without a gold label are scored against these
 * answers, and a shared tokenizer is learned from them. For older runs it is what they most likely
 * were trained with: their study's extraction, else the newest that there was when they were made.
 */
export const answersOfRuns: Migration = {
  version: 6,
  name: 'answers of runs',
  up(db) {
    db.exec(`
      ALTER TABLE runs ADD COLUMN answers_id TEXT REFERENCES extractions (id) ON DELETE SET NULL;
      ALTER TABLE runs ADD COLUMN finishing INTEGER NOT NULL DEFAULT 0 CHECK (finishing IN (0, 1));
      CREATE INDEX runs_of_answers ON runs (answers_id) WHERE answers_id IS NOT NULL;

      UPDATE runs SET answers_id = coalesce(
        extraction_id,
        (SELECT extraction_id FROM studies WHERE studies.id = runs.study_id),
        (SELECT id FROM extractions AS given
         WHERE given.project_id = runs.project_id AND given.completed > 0
           AND given.created_at <= runs.created_at
         ORDER BY given.rowid DESC LIMIT 1)
      );
    `);
  },
};
