import type { Dictionary } from './en.ts';
import { compare } from './ko/compare.ts';
import { compareRows } from './ko/compareRows.ts';
import { compareScores } from './ko/compareScores.ts';
import { compareSlices } from './ko/compareSlices.ts';
import { data } from './ko/data.ts';
import { dataExport } from './ko/dataExport.ts';
import { endpoint } from './ko/endpoint.ts';
import { errorHints, errors } from './ko/errors.ts';
import { exporting } from './ko/export.ts';
import { importing } from './ko/importing.ts';
import { importStudent } from './ko/importStudent.ts';
import { health } from './ko/health.ts';
import { prompt } from './ko/prompt.ts';
import { extraction } from './ko/extraction.ts';
import { rationales } from './ko/rationales.ts';
import { report } from './ko/report.ts';
import { review } from './ko/review.ts';
import { runs } from './ko/runs.ts';
import { shell } from './ko/shell.ts';
import { split } from './ko/split.ts';
import { studies } from './ko/studies.ts';
import { studyResults } from './ko/studyResults.ts';
import { teacher } from './ko/teacher.ts';
import { train } from './ko/train.ts';
import { trainRows } from './ko/trainRows.ts';
import { trainStudent } from './ko/trainStudent.ts';
import { trainSettings } from './ko/trainSettings.ts';
import { judge } from './ko/judge.ts';
import { money } from './ko/money.ts';
import { compareReport } from './ko/compareReport.ts';
import { playground } from './ko/playground.ts';
import { preflight } from './ko/preflight.ts';

/** Korean. A key that English has and this lacks does not compile. */
export const ko: Dictionary = {
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
