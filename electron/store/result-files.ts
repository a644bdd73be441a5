import { PredictedFile, ReportRecord } from '../contract/entities.ts';
import type { Db } from './sql.ts';
import { found, fromJson, now, toJson } from './sql.ts';
import type { ResultFileRows } from './store.ts';

type FileRow = Omit<PredictedFile, 'systems'> & { systems: string };
type ReportRow = Omit<ReportRecord, 'systems' | 'html' | 'json'> & {
  systems: string;
  html: string;
  json: string;
};

const fileColumns =
  'id, project_id AS projectId, systems, format, path, rows, bytes, created_at AS createdAt';
const reportColumns = `id, project_id AS projectId, split_id AS splitId, part, systems, language,
  title, html, json, created_at AS createdAt`;

/** Files that comparing wrote: rows that students answered, and reports. */
export function resultFileRows(db: Db): ResultFileRows {
  return { ...predictedFiles(db), ...reports(db) };
}

function predictedFiles(
  db: Db,
): Pick<ResultFileRows, 'predicted' | 'predictedFile' | 'savePredicted'> {
  const selectAll = db.prepare<[string], FileRow>(
    `SELECT ${fileColumns} FROM predicted_files WHERE project_id = ? ORDER BY rowid DESC`,
  );
  const selectOne = db.prepare<[string], FileRow>(
    `SELECT ${fileColumns} FROM predicted_files WHERE id = ?`,
  );
  const insert = db.prepare<FileRow>(
    `INSERT INTO predicted_files (id, project_id, systems, format, path, rows, bytes, created_at)
     VALUES (@id, @projectId, @systems, @format, @path, @rows, @bytes, @createdAt)
     ON CONFLICT (id) DO UPDATE SET systems = @systems, format = @format, path = @path,
       rows = @rows, bytes = @bytes, created_at = @createdAt`,
  );
  const predictedFile = (id: string): PredictedFile =>
    toFile(found(selectOne.get(id), 'answered file'));
  return {
    predicted: (projectId) => selectAll.all(projectId).map(toFile),
    predictedFile,
    savePredicted(file) {
      insert.run({ ...file, systems: toJson(file.systems), createdAt: now() });
      return predictedFile(file.id);
    },
  };
}

function reports(db: Db): Pick<ResultFileRows, 'reports' | 'report' | 'saveReport'> {
  const selectAll = db.prepare<[string], ReportRow>(
    `SELECT ${reportColumns} FROM reports WHERE project_id = ? ORDER BY rowid DESC`,
  );
  const selectOne = db.prepare<[string], ReportRow>(
    `SELECT ${reportColumns} FROM reports WHERE id = ?`,
  );
  const insert = db.prepare<ReportRow>(
    `INSERT INTO reports (id, project_id, split_id, part, systems, language, title, html, json,
       created_at)
     VALUES (@id, @projectId, @splitId, @part, @systems, @language, @title, @html, @json,
       @createdAt)
     ON CONFLICT (id) DO UPDATE SET split_id = @splitId, part = @part, systems = @systems,
       language = @language, title = @title, html = @html, json = @json, created_at = @createdAt`,
  );
  const report = (id: string): ReportRecord => toReport(found(selectOne.get(id), 'report'));
  return {
    reports: (projectId) => selectAll.all(projectId).map(toReport),
    report,
    saveReport(input) {
      insert.run({
        ...input,
        systems: toJson(input.systems),
        html: toJson(input.html),
        json: toJson(input.json),
        createdAt: now(),
      });
      return report(input.id);
    },
  };
}

const toFile = (row: FileRow): PredictedFile => ({
  ...row,
  systems: fromJson(PredictedFile.shape.systems, row.systems),
});

const toReport = (row: ReportRow): ReportRecord => ({
  ...row,
  systems: fromJson(ReportRecord.shape.systems, row.systems),
  html: fromJson(ReportRecord.shape.html, row.html),
  json: fromJson(ReportRecord.shape.json, row.json),
});
