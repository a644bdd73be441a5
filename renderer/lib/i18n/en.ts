import { compare } from './en/compare.ts';
import { compareRows } from './en/compareRows.ts';
import { compareScores } from './en/compareScores.ts';
import { compareSlices } from './en/compareSlices.ts';
import { data } from './en/data.ts';
import { dataExport } from './en/dataExport.ts';
import { endpoint } from './en/endpoint.ts';
import { errorHints, errors } from './en/errors.ts';
import { exporting } from './en/export.ts';
import { importing } from './en/importing.ts';
import { importStudent } from './en/importStudent.ts';
import { health } from './en/health.ts';
import { prompt } from './en/prompt.ts';
import { extraction } from './en/extraction.ts';
import { rationales } from './en/rationales.ts';
import { report } from './en/report.ts';
import { review } from './en/review.ts';
import { runs } from './en/runs.ts';
import { shell } from './en/shell.ts';
import { split } from './en/split.ts';
import { studies } from './en/studies.ts';
import { studyResults } from './en/studyResults.ts';
import { teacher } from './en/teacher.ts';
import { train } from './en/train.ts';
import { trainRows } from './en/trainRows.ts';
import { trainStudent } from './en/trainStudent.ts';
import { trainSettings } from './en/trainSettings.ts';
import { judge } from './en/judge.ts';
import { money } from './en/money.ts';
import { compareReport } from './en/compareReport.ts';
import { playground } from './en/playground.ts';
import { preflight } from './en/preflight.ts';

/** English: the dictionary that sets the keys. Every other language has its type. */
export const en = {
  ...shell,
  errors,
  errorHints,
  data,
  dataExport,
  importing,
  importStudent,
  teacher,
  endpoint,
  prompt,
  extraction,
  report,
  rationales,
  review,
  health,
  split,
  runs,
  train,
  trainRows,
  trainStudent,
  trainSettings,
  preflight,
  studies,
  studyResults,
  compare,
  compareReport,
  playground,
  compareRows,
  money,
  compareScores,
  compareSlices,
  judge,
  exporting,
};

export type Dictionary = typeof en;
