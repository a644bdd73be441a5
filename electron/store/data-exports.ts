import type { DataExport } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { found, now } from './sql.ts';
import type { DataRows } from './store.ts';

const columns = 'id, project_id AS projectId, format, path, rows, bytes, created_at AS createdAt';

/** Files that rows were written into, the newest first. */
export function dataExports(db: Db): Pick<DataRows, 'exports' | 'dataExport' | 'saveExport'> {
  const selectAll = db.prepare<[string], DataExport>(
    `SELECT ${columns} FROM data_exports WHERE project_id = ? ORDER BY rowid DESC`,
  );
  const selectOne = db.prepare<[string], DataExport>(
    `SELECT ${columns} FROM data_exports WHERE id = ?`,
  );
  const insert = db.prepare<DataExport>(
    `INSERT INTO data_exports (id, project_id, format, path, rows, bytes, created_at)
     VALUES (@id, @projectId, @format, @path, @rows, @bytes, @createdAt)
     ON CONFLICT (id) DO UPDATE SET format = @format, path = @path, rows = @rows, bytes = @bytes,
       created_at = @createdAt`,
  );
  const dataExport = (exportId: string): DataExport => found(selectOne.get(exportId), 'export');
  return {
    exports: (projectId) => selectAll.all(projectId),
    dataExport,
    saveExport(input) {
      insert.run({ ...input, createdAt: now() });
      return dataExport(input.id);
    },
  };
}
