import { z } from 'zod';
import type { PromptStyle, PromptTemplate, Teacher } from '../contract/entities.ts';
import { Capabilities, Exemplar, ExemplarSelection, ParseRules } from '../contract/entities.ts';
import { settingsHash } from '../core/hash.ts';
import type { Db } from './sql.ts';
import { atomically, found, fromJson, newId, now, toJson, written } from './sql.ts';
import type { TeacherRows } from './store.ts';

/** A teacher as SQLite answers it: the columns of {@link teacherColumns}. */
export type TeacherRow = Omit<Teacher, 'capabilities'> & { capabilities: string | null };
type SavedFields = Omit<TeacherRow, 'keyKept' | 'capabilities' | 'createdAt'>;

interface TemplateRow {
  id: string;
  projectId: string;
  name: string;
  version: number;
  style: PromptStyle;
  instruction: string;
  inputTemplate: string;
  exemplars: string;
  selection: string;
  answerPhrase: string;
  parse: string;
  createdAt: string;
}

export const teacherColumns = `
  id, project_id AS projectId, kind, provider, name, base_url AS baseUrl, model,
  api_version AS apiVersion, context_tokens AS contextTokens, capabilities, key_kept AS keyKept,
  created_at AS createdAt`;

const templateColumns = `
  id, project_id AS projectId, name, version, style, instruction,
  input_template AS inputTemplate, exemplars, selection, answer_phrase AS answerPhrase, parse, created_at AS createdAt`;

/** Teachers and prompt templates, oldest first. */
export function teacherRows(db: Db): TeacherRows {
  return { ...teachers(db), ...templates(db) };
}

type TemplateMethods = 'templates' | 'template' | 'saveTemplate';

function teachers(db: Db): Omit<TeacherRows, TemplateMethods> {
  const selectAll = db.prepare<[string], TeacherRow>(
    `SELECT ${teacherColumns} FROM teachers WHERE project_id = ? ORDER BY rowid`,
  );
  const selectOne = db.prepare<[string], TeacherRow>(
    `SELECT ${teacherColumns} FROM teachers WHERE id = ?`,
  );
  const insert = db.prepare<Omit<TeacherRow, 'capabilities'>>(
    `INSERT INTO teachers (id, project_id, kind, provider, name, base_url, model, api_version,
       context_tokens, key_kept, created_at)
     VALUES (@id, @projectId, @kind, @provider, @name, @baseUrl, @model, @apiVersion,
       @contextTokens, @keyKept, @createdAt)`,
  );
  // What was found out about one server says nothing about another.
  const update = db.prepare<SavedFields, TeacherRow>(
    `UPDATE teachers SET kind = @kind, provider = @provider, name = @name, base_url = @baseUrl,
       model = @model, api_version = @apiVersion, context_tokens = @contextTokens,
       capabilities = iif(kind IS @kind AND provider IS @provider AND base_url IS @baseUrl
         AND api_version IS @apiVersion, capabilities, NULL)
     WHERE id = @id AND project_id = @projectId RETURNING ${teacherColumns}`,
  );
  const updateKeyKept = db.prepare<[Teacher['keyKept'], string], TeacherRow>(
    `UPDATE teachers SET key_kept = ? WHERE id = ? RETURNING ${teacherColumns}`,
  );
  const updateCapabilities = db.prepare<[string | null, string], TeacherRow>(
    `UPDATE teachers SET capabilities = ? WHERE id = ? RETURNING ${teacherColumns}`,
  );
  const selectKey = db.prepare<[string], { encryptedKey: Uint8Array | null }>(
    'SELECT encrypted_key AS encryptedKey FROM teachers WHERE id = ?',
  );
  const updateKey = db.prepare<[Uint8Array | null, string]>(
    'UPDATE teachers SET encrypted_key = ? WHERE id = ?',
  );

  const one = (row: TeacherRow | undefined): Teacher => toTeacher(found(row, 'teacher'));
  const get = (teacherId: string): Teacher => one(selectOne.get(teacherId));
  return {
    list: (projectId) => selectAll.all(projectId).map(toTeacher),
    get,
    save({ teacherId, ...input }) {
      if (teacherId !== null) return one(update.get({ ...input, id: teacherId }));
      const id = newId();
      insert.run({ ...input, id, keyKept: 'none', createdAt: now() });
      return get(id);
    },
    setKeyKept: (teacherId, keyKept) => one(updateKeyKept.get(keyKept, teacherId)),
    setCapabilities(teacherId, capabilities) {
      const saved = capabilities === null ? null : toJson(capabilities);
      return one(updateCapabilities.get(saved, teacherId));
    },
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
    `INSERT INTO prompt_templates (id, project_id, name, version, style, instruction,
       input_template, exemplars, selection, answer_phrase, parse, settings_hash, created_at)
     VALUES (@id, @projectId, @name,
       1 + coalesce((SELECT max(version) FROM prompt_templates
                     WHERE project_id = @projectId AND name = @name), 0),
       @style, @instruction, @inputTemplate, @exemplars, @selection, @answerPhrase, @parse,
       @settingsHash, @createdAt)`,
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
          ...content,
          ...{ id, projectId, name },
          exemplars: toJson(content.exemplars),
          selection: toJson(content.selection),
          parse: toJson(content.parse),
          settingsHash: settingsHash(content),
          createdAt: now(),
        });
        return template(id);
      }),
  };
}

export const toTeacher = (row: TeacherRow): Teacher => ({
  ...row,
  capabilities: row.capabilities === null ? null : fromJson(Capabilities, row.capabilities),
});

const toTemplate = (row: TemplateRow): PromptTemplate => ({
  ...row,
  exemplars: fromJson(z.array(Exemplar), row.exemplars),
  selection: fromJson(ExemplarSelection, row.selection),
  parse: fromJson(ParseRules, row.parse),
});
