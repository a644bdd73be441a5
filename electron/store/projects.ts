import { z } from 'zod';
import type { Project, Task } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { Db, Flag } from './sql.ts';
import { atomically, flag, found, fromJson, isUniqueViolation, newId, now, toJson } from './sql.ts';
import type { ProjectRows } from './store.ts';

interface Row {
  id: string;
  name: string;
  task: Task;
  labels: string;
  synthetic: Flag;
  createdAt: string;
}

const columns = 'id, name, task, labels, synthetic, created_at AS createdAt';

/** Projects, oldest first. */
export function projectRows(db: Db): ProjectRows {
  const selectAll = db.prepare<[], Row>(`SELECT ${columns} FROM projects ORDER BY rowid`);
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM projects WHERE id = ?`);
  const insert = db.prepare<Row>(
    `INSERT INTO projects (id, name, task, labels, synthetic, created_at)
     VALUES (@id, @name, @task, @labels, @synthetic, @createdAt)`,
  );
  const rename = db.prepare<[string, string]>('UPDATE projects SET name = ? WHERE id = ?');
  const remove = db.prepare<[string]>('DELETE FROM projects WHERE id = ?');

  const get = (projectId: string): Project => toProject(found(selectOne.get(projectId), 'project'));
  return {
    list: () => selectAll.all().map(toProject),
    get,
    create(input) {
      const id = newId();
      refusingTaken(input.name, () =>
        insert.run({
          id,
          name: input.name,
          task: input.task,
          labels: toJson(input.labels),
          synthetic: flag(input.synthetic),
          createdAt: now(),
        }),
      );
      return get(id);
    },
    rename(projectId, name) {
      refusingTaken(name, () => rename.run(name, projectId));
      return get(projectId);
    },
    remove(projectId) {
      atomically(db, () => {
        get(projectId);
        remove.run(projectId);
      });
    },
  };
}

const toProject = (row: Row): Project => ({
  ...row,
  labels: fromJson(z.array(z.string()), row.labels),
  synthetic: row.synthetic === 1,
});

/** @throws StudioError invalid-input when another project has this name */
function refusingTaken(name: string, write: () => void): void {
  try {
    write();
  } catch (caught) {
    if (!isUniqueViolation(caught)) throw caught;
    throw new StudioError(
      'invalid-input',
      `There is a project named “${name}” already.`,
      'Choose another name.',
      { cause: caught },
    );
  }
}
