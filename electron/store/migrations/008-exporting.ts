import type { Migration } from '../migrate.ts';

/**
 * Exports in several formats, with what proves each, and students that come back in. Exports that are
 * there are Hugging Face folders, tried by the app itself on test rows.
 */
export const exporting: Migration = {
  version: 8,
  name: 'exporting',
  up(db) {
    for (const sql of [jobs, exports, runs]) db.exec(sql);
  },
};

/** As before, with imported students among the kinds: SQLite changes no constraint in place. */
const jobs = `
CREATE TABLE new_jobs (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'extract', 'train', 'evaluate', 'export', 'check',
    'leaks', 'data-export', 'study', 'predict-file', 'report', 'import-student')),
  subject_id TEXT,
  title TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled', 'interrupted')),
  place INTEGER CHECK (place >= 0),
  progress TEXT NOT NULL CHECK (json_valid(progress)),
  error TEXT CHECK (error IS NULL OR json_valid(error)),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  input TEXT NOT NULL CHECK (json_valid(input)),
  created_at TEXT NOT NULL,
  started_at TEXT,
  ended_at TEXT
) STRICT;
INSERT INTO new_jobs SELECT id, project_id, kind, subject_id, title, state, place, progress, error,
  seq, input, created_at, started_at, ended_at FROM jobs ORDER BY rowid;
DROP TABLE jobs;
ALTER TABLE new_jobs RENAME TO jobs;
CREATE INDEX jobs_in_project ON jobs (project_id);
CREATE INDEX jobs_in_state ON jobs (state);
`;

/** The proof may be missing: of a training bundle nothing is decoded. */
const exports = `
CREATE TABLE new_exports (
  id TEXT NOT NULL PRIMARY KEY,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('huggingface', 'huggingface-bfloat16',
    'huggingface-float16', 'onnx', 'onnx-int8', 'tensorflowjs', 'predictor', 'predictor-int8',
    'gguf', 'gguf-float16', 'training')),
  step INTEGER CHECK (step >= 0),
  folder TEXT NOT NULL,
  files TEXT NOT NULL CHECK (json_valid(files)),
  proof TEXT CHECK (proof IS NULL OR json_valid(proof)),
  settings_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  FOREIGN KEY (run_id, project_id) REFERENCES runs (id, project_id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_exports SELECT id, project_id, run_id, 'huggingface', NULL, folder, files, proof,
  settings_hash, created_at FROM exports ORDER BY rowid;
DROP TABLE exports;
ALTER TABLE new_exports RENAME TO exports;
CREATE INDEX exports_in_project ON exports (project_id);
CREATE INDEX exports_of_run ON exports (run_id);
`;

/** JSON of an `ImportedFrom`; null for a run that was trained here. */
const runs = `
ALTER TABLE runs ADD COLUMN imported_from TEXT
  CHECK (imported_from IS NULL OR json_valid(imported_from));
`;
