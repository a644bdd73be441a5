import { StudentReport } from '../contract/entities.ts';
import type { Student } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { StudentRows } from './store.ts';

type Row = Omit<Student, 'report'> & { report: string };

const columns = 'id, name, folder, report, added_at AS addedAt';

/** Pretrained students. They belong to the workspace: runs of any project start from them. */
export function studentRows(db: Db): StudentRows {
  const selectAll = db.prepare<[], Row>(`SELECT ${columns} FROM students ORDER BY name`);
  const selectOne = db.prepare<[string], Row>(`SELECT ${columns} FROM students WHERE id = ?`);
  const selectIn = db.prepare<[string], Row>(`SELECT ${columns} FROM students WHERE folder = ?`);
  const insert = db.prepare<Row>(
    `INSERT INTO students (id, name, folder, report, added_at)
     VALUES (@id, @name, @folder, @report, @addedAt)`,
  );
  const setReport = db.prepare<[string, string]>('UPDATE students SET report = ? WHERE id = ?');
  const remove = db.prepare<[string]>('DELETE FROM students WHERE id = ?');

  const get = (studentId: string): Student => toStudent(found(selectOne.get(studentId), 'student'));
  /** Two folders may well have the same name: the later one gets a number. */
  const freeName = (name: string): string => {
    const taken = new Set(selectAll.all().map((student) => student.name));
    if (!taken.has(name)) return name;
    let number = 2;
    while (taken.has(`${name} ${number}`)) number++;
    return `${name} ${number}`;
  };
  return {
    list: () => selectAll.all().map(toStudent),
    get,
    save: ({ name, folder, report }) =>
      atomically(db, () => {
        const listed = selectIn.get(folder);
        const id = listed?.id ?? newId();
        if (listed) setReport.run(toJson(report), id);
        else {
          const row = { id, name: freeName(name), folder, report: toJson(report), addedAt: now() };
          insert.run(row);
        }
        return get(id);
      }),
    remove(studentId) {
      written(remove.run(studentId), 'student');
    },
  };
}

const toStudent = (row: Row): Student => ({ ...row, report: fromJson(StudentReport, row.report) });
