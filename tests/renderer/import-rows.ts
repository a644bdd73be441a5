import { fireEvent, render, screen } from '@testing-library/svelte';
import { mappingDefaults } from '../../electron/contract/entities.ts';
import type {
  ColumnMapping,
  DataCard,
  Dataset,
  FileInspection,
  MappingPreview,
  Project,
} from '../../electron/contract/entities.ts';
import ImportWizard from '../../renderer/wizards/import/ImportWizard.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { createdAt } from './rows.ts';

export const mapping = (more: Partial<ColumnMapping> = {}): ColumnMapping => ({
  id: 'id',
  input: 'question',
  template: null,
  label: 'answer',
  choices: [],
  rationale: null,
  completion: null,
  ...mappingDefaults,
  ...more,
});

/** How a file is read when nothing was chosen. */
export const detected = { encoding: null, delimiter: null, header: null, skip: null, entry: null };

export const inspection = (more: Partial<FileInspection> = {}): FileInspection => ({
  file: { fileId: 'f1', name: 'rows.csv', bytes: 40 },
  format: 'csv',
  container: null,
  entries: [],
  entry: null,
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
  skipped: 0,
  columns: ['id', 'question', 'context', 'answer'],
  rows: [{ id: '1', question: 'What colour is coal?', context: 'A mine.', answer: 'black' }],
  values: { id: ['1'], context: ['A mine.'], answer: ['black', 'white', 'grey'] },
  rowsSeen: 12,
  whole: true,
  suggested: mapping(),
  suggestedTask: 'text',
  ...more,
});

export const preview = (more: Partial<MappingPreview> = {}): MappingPreview => ({
  rows: [
    {
      externalId: '1',
      input: 'What colour is coal?',
      gold: 'black',
      choices: null,
      rationale: null,
      completion: null,
      part: null,
      meta: null,
    },
  ],
  problems: [],
  problemRows: 0,
  duplicates: { exact: 0, normalised: 0 },
  rowsSeen: 12,
  whole: true,
  ...more,
});

export const card = (more: Partial<DataCard> = {}): DataCard => ({
  read: 12,
  skipped: 0,
  skippedReasons: [],
  dropped: 0,
  duplicates: { exact: 0, normalised: 0, conflicting: 0 },
  unlabelled: 0,
  labels: [],
  moreLabels: 0,
  tokens: null,
  languages: [],
  givenParts: { train: 0, validation: 0, test: 0 },
  ...more,
});

export const dataset = (more: Partial<Dataset> = {}): Dataset => ({
  id: 'd1',
  projectId: 'p1',
  name: 'rows',
  sourceName: 'rows.csv',
  sourceSha256: 'a'.repeat(64),
  rows: 12,
  withGold: 12,
  withCompletion: 0,
  givenPart: null,
  mapping: mapping(),
  card: card(),
  createdAt,
  ...more,
});

export const answers = (more: Answers = {}): Answers => ({
  'import.inspect': () => inspection(),
  'import.preview': () => preview(),
  'datasets.list': () => [],
  ...more,
});

export function renderWizard(transport: FakeTransport, project: Project | null) {
  return render(ImportWizard, { props: { project }, context: inApp(transport).context });
}

export const choose = (...files: File[]) =>
  fireEvent.change(screen.getByTestId('file-input'), { target: { files } });

export const next = () => fireEvent.click(screen.getByTestId('wizard-next'));

export const nextButton = (): HTMLButtonElement =>
  screen.getByTestId<HTMLButtonElement>('wizard-next');

/** The wizard of a project with a file chosen, standing at the columns. */
export async function atColumns(project: Project, more: Answers = {}, ...files: File[]) {
  const transport = new FakeTransport(answers(more));
  const view = renderWizard(transport, project);
  await choose(...(files.length > 0 ? files : [new File(['id,question'], 'rows.csv')]));
  await screen.findByTestId('first-rows');
  await next();
  return { transport, view };
}

/** … standing at the options. */
export async function atOptions(project: Project, more: Answers = {}, ...files: File[]) {
  const shown = await atColumns(project, more, ...files);
  await screen.findByTestId('mapped-rows');
  await next();
  await screen.findByTestId('choice-keep');
  return shown;
}
