import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type {
  ColumnMapping,
  FileInspection,
  MappingPreview,
  Project,
} from '../../electron/contract/entities.ts';
import ImportWizard from '../../renderer/wizards/import/ImportWizard.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';

const project: Project = {
  id: 'p1',
  name: 'Colours',
  task: 'text',
  labels: [],
  synthetic: false,
  createdAt: '2026-01-01T00:00:00Z',
};

const suggested: ColumnMapping = {
  id: 'id',
  input: 'question',
  template: null,
  label: 'answer',
  choices: [],
  rationale: null,
  completion: null,
};

const inspection: FileInspection = {
  file: { fileId: 'f1', name: 'rows.csv', bytes: 40 },
  format: 'csv',
  encoding: 'UTF-8',
  delimiter: ',',
  columns: ['id', 'question', 'context', 'answer'],
  rows: [{ id: '1', question: 'What colour is coal?', context: 'A mine.', answer: 'black' }],
  values: { id: ['1'], context: ['A mine.'], answer: ['black', 'white', 'grey'] },
  suggested,
  suggestedTask: 'text',
};

const preview: MappingPreview = {
  rows: [
    {
      externalId: '1',
      input: 'What colour is coal?',
      gold: 'black',
      choices: null,
      rationale: null,
      completion: null,
    },
  ],
  problems: [{ line: 7, message: 'The input is empty.' }],
};

function answers(more: Answers = {}): Answers {
  return {
    'import.inspect': () => inspection,
    'import.preview': () => preview,
    ...more,
  };
}

const renderWizard = (transport: FakeTransport) =>
  render(ImportWizard, { props: { project }, context: inApp(transport).context });

/** The wizard with a file chosen, standing at the columns. */
async function atColumns(more: Answers = {}) {
  const transport = new FakeTransport(answers(more));
  renderWizard(transport);
  await choose(new File(['id,question'], 'rows.csv'));
  await screen.findByTestId('inspection');
  await fireEvent.click(screen.getByTestId('wizard-next'));
  return transport;
}

const choose = (file: File) =>
  fireEvent.change(screen.getByTestId('file-input'), { target: { files: [file] } });

const lastMapping = (transport: FakeTransport): unknown =>
  transport.inputsOf('import.preview').at(-1);

describe('the import wizard', () => {
  it('uploads the file and shows what was found in it', async () => {
    const transport = new FakeTransport(answers());
    renderWizard(transport);
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
    await choose(new File(['id,question'], 'rows.csv'));
    const found = await screen.findByTestId('inspection');
    expect(transport.uploaded).toEqual(['rows.csv']);
    expect(within(found).getByText('CSV')).toBeTruthy();
    expect(within(found).getByText('What colour is coal?')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(false);
  });

  it('shows why a file can not be read, and stays', async () => {
    const failure = {
      code: 'file-binary',
      message: 'This is not a text file.',
      hint: 'Save it as CSV.',
    } as const;
    const transport = new FakeTransport(answers({ 'import.inspect': () => ({ failure }) }));
    renderWizard(transport);
    await choose(new File(['x'], 'rows.bin'));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('This is not a text file.');
    expect(alert.textContent).toContain('Save it as CSV.');
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });
});

describe('the columns', () => {
  it('begin with what main suggests, and show mapped rows and problems with their lines', async () => {
    const transport = await atColumns();
    const rows = await screen.findByTestId('mapped-rows');
    expect(within(rows).getByText('black')).toBeTruthy();
    expect(screen.getByTestId('mapping-problems').textContent).toMatch(
      /Line 7.*The input is empty/s,
    );
    expect(
      screen.getByLabelText<HTMLSelectElement>('Gold label column').selectedOptions[0]?.text,
    ).toBe('answer');
    expect(lastMapping(transport)).toEqual({ fileId: 'f1', projectId: 'p1', mapping: suggested });
  });

  it('try each change on the first rows', async () => {
    const transport = await atColumns();
    const label = screen.getByLabelText<HTMLSelectElement>('Gold label column');
    await fireEvent.change(label, { target: { value: '-1' } });
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({ mapping: { ...suggested, label: null } }),
    );
  });

  it('put the input together from a template', async () => {
    const transport = await atColumns();
    await fireEvent.click(screen.getByTestId('use-template'));
    const template = screen.getByTestId<HTMLTextAreaElement>('template');
    expect(template.value).toBe('{question}');
    template.setSelectionRange(10, 10);
    await fireEvent.click(screen.getByRole('button', { name: 'Insert context' }));
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { input: null, template: '{question}{context}' },
      }),
    );
  });

  it('do not let an empty template pass', async () => {
    await atColumns();
    await fireEvent.click(screen.getByTestId('use-template'));
    await fireEvent.input(screen.getByTestId('template'), { target: { value: '  ' } });
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });

  it('are imported as they were chosen, with the part of the file', async () => {
    const transport = await atColumns({
      'import.preview': () => ({ ...preview, problems: [] }),
      'import.start': () => ({
        failure: { code: 'id-duplicate', message: 'Twice.', hint: 'Choose another ID.' },
      }),
    });
    await screen.findByTestId('mapped-rows');
    await fireEvent.click(screen.getByTestId('wizard-next'));
    await fireEvent.click(screen.getByTestId('choice-test'));
    await fireEvent.click(screen.getByTestId('wizard-next'));
    expect((await screen.findByRole('alert')).textContent).toContain('Twice.');
    expect(transport.inputsOf('import.start')).toEqual([
      { fileId: 'f1', projectId: 'p1', name: 'rows', mapping: suggested, givenPart: 'test' },
    ]);
  });

  it('hold the import back while a row of the file can not be imported', async () => {
    await atColumns();
    const told = await screen.findByTestId('mapping-problems');
    expect(told.textContent).toContain('1 row can’t be imported');
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });

  it('show no rows of an earlier choice beside a failure', async () => {
    const failure = {
      code: 'column-missing',
      message: 'There is no column “nope”.',
      hint: 'Choose another.',
    } as const;
    let broken = false;
    await atColumns({ 'import.preview': () => (broken ? { failure } : preview) });
    await screen.findByTestId('mapped-rows');
    broken = true;
    await fireEvent.change(screen.getByTestId('map-id'), { target: { value: '-1' } });
    expect((await screen.findByRole('alert')).textContent).toContain('nope');
    expect(screen.queryByTestId('mapped-rows')).toBeNull();
    expect(screen.getByTestId<HTMLButtonElement>('wizard-next').disabled).toBe(true);
  });
});

describe('a new project from a file', () => {
  /** The wizard of a new project, standing at its second step. */
  async function atProject(more: Answers = {}) {
    const transport = new FakeTransport(
      answers({
        'projects.create': () => ({ ...project, id: 'p2' }),
        'projects.remove': () => ({}),
        ...more,
      }),
    );
    const view = render(ImportWizard, {
      props: { project: null },
      context: inApp(transport).context,
    });
    await choose(new File(['id,question'], 'rows.csv'));
    await screen.findByTestId('inspection');
    await fireEvent.click(screen.getByTestId('wizard-next'));
    return { transport, view };
  }

  it('takes the labels of a classification from every row of a column', async () => {
    const { transport } = await atProject();
    await fireEvent.click(screen.getByTestId('choice-classification'));
    const labels = screen.getByTestId<HTMLTextAreaElement>('project-labels');
    expect(labels.value).toBe('black\nwhite\ngrey');
    const from = screen.getByLabelText<HTMLSelectElement>('Take the labels from');
    const texts = [...from.options].map((option) => option.text);
    await fireEvent.change(from, { target: { value: String(texts.indexOf('context') - 1) } });
    expect(labels.value).toBe('A mine.');
    await fireEvent.change(from, { target: { value: String(texts.indexOf('answer') - 1) } });
    await fireEvent.click(screen.getByTestId('wizard-next'));
    await waitFor(() =>
      expect(transport.inputsOf('projects.create')).toEqual([
        { name: 'rows', task: 'classification', labels: ['black', 'white', 'grey'] },
      ]),
    );
  });

  it('is taken back when the wizard is left before the import', async () => {
    const { transport, view } = await atProject();
    await fireEvent.click(screen.getByTestId('wizard-next'));
    await screen.findByTestId('mapped-rows');
    view.unmount();
    await waitFor(() =>
      expect(transport.inputsOf('projects.remove')).toEqual([{ projectId: 'p2' }]),
    );
  });
});
