import { writeReportTask } from '../stages/compare/report/task.ts';
import { teacherReport } from '../stages/extract/report.ts';
import { suggestRunSettings } from '../stages/train/suggest.ts';

/** Writing a report, with what the stages of extraction and training know of teachers and settings. */
export const reportTask = writeReportTask({
  reportTeacher: teacherReport,
  suggest: suggestRunSettings,
});
