import type { Part } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { found, now } from './sql.ts';
import type { AnswerRows } from './store.ts';

/** What a person wrote about rows while comparing: one note a row, whoever answered it. */
export function noteRows(db: Db): Pick<AnswerRows, 'noted' | 'note' | 'saveNote'> {
  const selectNoted = db
    .prepare<{ splitId: string; part: Part }, number>(
      `SELECT n.example_id FROM notes n CROSS JOIN split_members m
         ON m.split_id = @splitId AND m.part = @part AND m.example_id = n.example_id
       WHERE n.project_id = (SELECT project_id FROM splits WHERE id = @splitId)
       ORDER BY n.example_id`,
    )
    .pluck();
  const selectNote = db
    .prepare<[number], string>('SELECT note FROM notes WHERE example_id = ?')
    .pluck();
  const selectRow = db
    .prepare<[number, string], number>('SELECT id FROM examples WHERE id = ? AND project_id = ?')
    .pluck();
  const upsert = db.prepare<{
    exampleId: number;
    projectId: string;
    note: string;
    savedAt: string;
  }>(
    `INSERT INTO notes (example_id, project_id, note, saved_at)
     VALUES (@exampleId, @projectId, @note, @savedAt)
     ON CONFLICT (example_id) DO UPDATE SET note = excluded.note, saved_at = excluded.saved_at`,
  );
  const remove = db.prepare<[number]>('DELETE FROM notes WHERE example_id = ?');
  return {
    noted: (splitId, part) => selectNoted.all({ splitId, part }),
    note: (exampleId) => selectNote.get(exampleId) ?? '',
    saveNote(projectId, exampleId, note) {
      found(selectRow.get(exampleId, projectId), 'row');
      if (note.trim() === '') remove.run(exampleId);
      else upsert.run({ exampleId, projectId, note, savedAt: now() });
    },
  };
}
