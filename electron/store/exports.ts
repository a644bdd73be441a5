import { ExportProof, ExportRecord } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { ExportRows } from './store.ts';

type Row = Omit<ExportRecord, 'files' | 'proof'> & { files: string; proof: string | null };

const columns = `
  id, project_id AS projectId, run_id AS runId, format, step, folder, files, proof,
  created_at AS createdAt`;

/** What was exported, oldest first. Each keeps the settings hash of the run it was made from. */
export function exportRows(db: Db): ExportRows {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM exports WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM exports WHERE id = ?`);
  const insert = db.prepare<Row>(
    `INSERT INTO exports (id, project_id, run_id, format, step, folder, files, proof,
       settings_hash, created_at)
     SELECT @id, @projectId, id, @format, @step, @folder, @files, @proof, settings_hash, @createdAt
     FROM runs WHERE id = @runId`,
  );
  const get = (exportId: string): ExportRecord =>
    toRecord(found(selectOne.get(exportId), 'export'));
  return {
    list: (projectId) => selectAll.all(projectId).map(toRecord),
    get,
    create(input) {
      const id = newId();
      const inserted = insert.run({
        ...{ ...input, id, createdAt: now() },
        files: toJson(input.files),
        proof: input.proof && toJson(input.proof),
      });
      written(inserted, 'run');
      return get(id);
    },
  };
}

const toRecord = (row: Row): ExportRecord => ({
  ...row,
  files: fromJson(ExportRecord.shape.files, row.files),
  proof: row.proof === null ? null : fromJson(ExportProof, row.proof),
});
