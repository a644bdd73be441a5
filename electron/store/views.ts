import type { SavedView } from '../contract/entities.ts';
import { RowQuery } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { ReviewRows } from './store.ts';

interface Row {
  id: string;
  projectId: string;
  name: string;
  query: string;
  createdAt: string;
}

const columns = 'id, project_id AS projectId, name, query, created_at AS createdAt';

/** Queries that a person keeps under a name, oldest first; one that is saved again keeps its place. */
export function viewRows(db: Db): Pick<ReviewRows, 'views' | 'saveView' | 'removeView'> {
  const selectAll = db.prepare<[string], Row>(
    `SELECT ${columns} FROM views WHERE project_id = ? ORDER BY rowid`,
  );
  const selectNamed = db.prepare<[string, string], Row>(
    `SELECT ${columns} FROM views WHERE project_id = ? AND name = ?`,
  );
  const upsert = db.prepare<Row>(
    `INSERT INTO views (id, project_id, name, query, created_at)
     VALUES (@id, @projectId, @name, @query, @createdAt)
     ON CONFLICT (project_id, name) DO UPDATE SET query = excluded.query`,
  );
  const projectExists = db.prepare<[string], { id: string }>(
    'SELECT id FROM projects WHERE id = ?',
  );
  const remove = db.prepare<[string]>('DELETE FROM views WHERE id = ?');
  return {
    views: (projectId) => selectAll.all(projectId).map(toView),
    saveView: ({ projectId, name, query }) =>
      atomically(db, () => {
        found(projectExists.get(projectId), 'project');
        upsert.run({ id: newId(), projectId, name, query: toJson(query), createdAt: now() });
        return toView(found(selectNamed.get(projectId, name), 'view'));
      }),
    removeView: (viewId) => {
      written(remove.run(viewId), 'view');
    },
  };
}

const toView = (row: Row): SavedView => ({ ...row, query: fromJson(RowQuery, row.query) });
