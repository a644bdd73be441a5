import { plural } from './shell.ts';

/** The dialog that writes rows into a file. */
export const dataExport = {
  title: 'Export rows',
  what: (n: number, shown: string) =>
    `${plural(n, shown, 'row', 'rows')} with the filter that is on, in the order of the table.`,
  whatAll: 'The rows that the filter shows, in the order of the table.',
  withAnswers:
    'Labels and rationales are your edited ones where you edited, else the teacher’s. What the teacher wrote stands beside them. Rationales that you rejected, or whose label you edited since, are left out of the column that tools learn from.',
  withoutAnswers: 'No teacher is chosen: the label is the gold label, and there are no rationales.',
  format: 'Format',
  formats: {
    jsonl: 'JSONL',
    parquet: 'Parquet',
    chat: 'Chat fine-tuning (JSONL)',
    csv: 'CSV',
  },
  formatTexts: {
    jsonl:
      'One JSON object a line with input, label, rationale and more. What most training tools read.',
    parquet: 'The same columns, compressed. For pandas, Hugging Face datasets, DuckDB and Spark.',
    chat: 'One conversation a line: the question, then rationale and answer. For OpenAI’s fine-tuning and tools that take its format. Rows without an answer are left out, and so are rejected ones.',
    csv: 'One table for spreadsheets and everything else. Values are written as they are: treat the file as data, since a spreadsheet may take a value that begins with = for a formula.',
  },
  start: 'Write the file',
  done: (n: number, shown: string, size: string) =>
    `Written: ${plural(n, shown, 'row', 'rows')}, ${size}.`,
  path: 'The file is here:',
  copyPath: 'Copy the file’s path',
  download: 'Download the file',
  another: 'Another format',
};
