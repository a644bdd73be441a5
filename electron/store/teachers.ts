import { z } from 'zod';
import type { PromptTemplate, Teacher } from '../contract/entities.ts';
import { Exemplar, ParseRules } from '../contract/entities.ts';
import { settingsHash } from '../core/hash.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { TeacherRows } from './store.ts';

interface TemplateRow {
  id: string;
  projectId: string;
  name: string;
  version: number;
  instruction: string;
  exemplars: string;
  answerPhrase: string;
  parse: string;
  createdAt: string;
}

export const teacherColumns = `
  id, project_id AS projectId, kind, name, base_url AS baseUrl, model, key_kept AS keyKept,
  created_at AS createdAt`;

const templateColumns = `
  id, project_id AS projectId, name, version, instruction, exemplars,
  answer_phrase AS answerPhrase, parse, created_at AS createdAt`;

/** Teachers and prompt templates, oldest first. */
export function teacherRows(db: Db): TeacherRows {
  return { ...teachers(db), ...templates(db) };
}

type TemplateMethods = 'templates' | 'template' | 'saveTemplate';

function teachers(db: Db): Omit<TeacherRows, TemplateMethods> {
  const selectAll = db.prepare<[string], Teacher>(
    `SELECT ${teacherColumns} FROM teachers WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], Teacher>(
    `SELECT ${teacherColumns} FROM teachers WHERE id = ?`,
  );
  const insert = db.prepare<Teacher>(
    `INSERT INTO teachers (id, project_id, kind, name, base_url, model, key_kept, created_at)
     VALUES (@id, @projectId, @kind, @name, @baseUrl, @model, @keyKept, @createdAt)`,
  );
  const update = db.prepare<Omit<Teacher, 'keyKept' | 'createdAt'>, Teacher>(
    `UPDATE teachers SET kind = @kind, name = @name, base_url = @baseUrl, model = @model
     WHERE id = @id AND project_id = @projectId RETURNING ${teacherColumns}`,
  );
  const updateKeyKept = db.prepare<[Teacher['keyKept'], string], Teacher>(
    `UPDATE teachers SET key_kept = ? WHERE id = ? RETURNING ${teacherColumns}`,
  );
  const selectKey = db.prepare<[string], { encryptedKey: Uint8Array | null }>(
    'SELECT encrypted_key AS encryptedKey FROM teachers WHERE id = ?',
  );
  const updateKey = db.prepare<[Uint8Array | null, string]>(
    'UPDATE teachers SET encrypted_key = ? WHERE id = ?',
  );

  const get = (teacherId: string): Teacher => found(selectOne.get(teacherId), 'teacher');
  return {
    list: (projectId) => selectAll.all(projectId),
    get,
    save({ teacherId, ...input }) {
      if (teacherId !== null) return found(update.get({ ...input, id: teacherId }), 'teacher');
      const id = newId();
      insert.run({ ...input, id, keyKept: 'none', createdAt: now() });
      return get(id);
    },
    setKeyKept: (teacherId, keyKept) => found(updateKeyKept.get(keyKept, teacherId), 'teacher'),
    encryptedKey: (teacherId) => found(selectKey.get(teacherId), 'teacher').encryptedKey,
    saveEncryptedKey(teacherId, key) {
      written(updateKey.run(key, teacherId), 'teacher');
    },
  };
}

function templates(db: Db): Pick<TeacherRows, TemplateMethods> {
  const selectAll = db.prepare<[string], TemplateRow>(
    `SELECT ${templateColumns} FROM prompt_templates WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], TemplateRow>(
    `SELECT ${templateColumns} FROM prompt_templates WHERE id = ?`,
  );
  const insert = db.prepare<Omit<TemplateRow, 'version'> & { settingsHash: string }>(
    `INSERT INTO prompt_templates (id, project_id, name, version, instruction, exemplars,
       answer_phrase, parse, settings_hash, created_at)
     VALUES (@id, @projectId, @name,
       1 + coalesce((SELECT max(version) FROM prompt_templates
                     WHERE project_id = @projectId AND name = @name), 0),
       @instruction, @exemplars, @answerPhrase, @parse, @settingsHash, @createdAt)`,
  );

  const template = (templateId: string): PromptTemplate =>
    toTemplate(found(selectOne.get(templateId), 'prompt template'));
  return {
    templates: (projectId) => selectAll.all(projectId).map(toTemplate),
    template,
    saveTemplate: (input) =>
      atomically(db, () => {
        const { projectId, name, ...content } = input;
        const id = newId();
        insert.run({
          id,
          projectId,
          name,
          instruction: content.instruction,
          exemplars: toJson(content.exemplars),
          answerPhrase: content.answerPhrase,
          parse: toJson(content.parse),
          settingsHash: settingsHash(content),
          createdAt: now(),
        });
        return template(id);
      }),
  };
}

const toTemplate = (row: TemplateRow): PromptTemplate => ({
  ...row,
  exemplars: fromJson(z.array(Exemplar), row.exemplars),
  parse: fromJson(ParseRules, row.parse),
});
