import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { FakeTransport } from './fakes.ts';
import type { Answers } from './fakes.ts';
import {
  answers,
  atColumns as standAtColumns,
  choose,
  dataset,
  detected,
  inspection,
  mapping,
  next,
  nextButton,
  preview,
  renderWizard,
} from './import-rows.ts';
import { project } from './rows.ts';

const atColumns = async (more: Answers = {}) => (await standAtColumns(project(), more)).transport;

const lastMapping = (transport: FakeTransport): unknown =>
  transport.inputsOf('import.preview').at(-1);

const problem = { line: 7, message: 'The input is empty.' };

describe('the columns', () => {
  it('begin with what main suggests, and show mapped rows and problems with their lines', async () => {
    const transport = await atColumns({
      'import.preview': () => preview({ problems: [problem], problemRows: 1 }),
    });
    const rows = await screen.findByTestId('mapped-rows');
    expect(within(rows).getByText('black')).toBeTruthy();
    const told = screen.getByTestId('mapping-problems');
    expect(told.textContent).toContain('1 row can’t be imported');
    expect(told.textContent).toMatch(/Line 7.*The input is empty/s);
    expect(
      screen.getByLabelText<HTMLSelectElement>('Gold label column').selectedOptions[0]?.text,
    ).toBe('answer');
    expect(lastMapping(transport)).toEqual({
      fileId: 'f1',
      projectId: 'p1',
      mapping: mapping(),
      read: detected,
    });
  });

  it('try each change on the first rows', async () => {
    const transport = await atColumns();
    const label = screen.getByLabelText<HTMLSelectElement>('Gold label column');
    await fireEvent.change(label, { target: { value: '-1' } });
    expect(screen.getByText(/the teacher labels them/)).toBeTruthy();
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({ mapping: mapping({ label: null }) }),
    );
  });

  it('put the input together from a template', async () => {
    const transport = await atColumns();
    await fireEvent.click(screen.getByTestId('use-template'));
    const template = screen.getByTestId<HTMLTextAreaElement>('template');
    expect(template.value).toBe('{question}');
    template.setSelectionRange(10, 10);
    await fireEvent.click(screen.getByRole('button', { name: 'Insert context' }));
    expect(document.activeElement).toBe(template);
    expect(template.selectionStart).toBe('{question}\n{context}'.length);
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { input: null, template: '{question}\n{context}' },
      }),
    );
  });

  it.each([
    ['  ', 'names no column'],
    ['{question} {nope}', 'no column named nope'],
    ['{question', 'stands alone'],
    ['{question} {}', 'hold no column name'],
  ])('say beside the template %j what is wrong with it', async (template, told) => {
    const transport = await atColumns();
    await screen.findByTestId('mapped-rows');
    await fireEvent.click(screen.getByTestId('use-template'));
    const asked = transport.inputsOf('import.preview').length;
    const field = screen.getByTestId('template');
    await fireEvent.input(field, { target: { value: template } });
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ');
    const texts = described.map((id) => document.getElementById(id)?.textContent);
    expect(texts.join(' ')).toContain(told);
    expect(screen.queryByTestId('mapped-rows')).toBeNull();
    expect(nextButton().disabled).toBe(true);
    expect(transport.inputsOf('import.preview').length).toBe(asked);
  });

  it('name the values of the label column', async () => {
    const transport = await atColumns({
      'import.inspect': () =>
        inspection({
          values: { answer: ['0', '1'] },
          suggested: mapping({ labelMap: { '0': 'no' } }),
        }),
    });
    const name = (value: string) => screen.getByLabelText<HTMLInputElement>(`Label for “${value}”`);
    expect(name('0').value).toBe('no');
    expect(name('1').value).toBe('1');
    await fireEvent.change(name('1'), { target: { value: ' yes ' } });
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { labelMap: { '0': 'no', '1': 'yes' } },
      }),
    );
    await fireEvent.change(name('0'), { target: { value: '' } });
    expect(name('0').value).toBe('0');
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({ mapping: { labelMap: { '1': 'yes' } } }),
    );
  });

  it('begin as in the newest data set whose columns the file has', async () => {
    const earlier = { labelMap: { black: 'dark' }, keep: ['context'] };
    const transport = await atColumns({
      'datasets.list': () => [
        dataset({ mapping: mapping(earlier), name: 'first' }),
        dataset({
          id: 'd2',
          createdAt: '2026-02-02T00:00:00Z',
          mapping: mapping({ input: null, template: '{question} {missing}' }),
        }),
      ],
    });
    expect(screen.getByTestId('mapped-like').textContent).toContain('“first”');
    await waitFor(() => expect(lastMapping(transport)).toMatchObject({ mapping: earlier }));
  });

  it('let the values of a classification be only its labels', async () => {
    const { transport } = await standAtColumns(
      project({ task: 'classification', labels: ['black', 'white'] }),
    );
    expect(screen.getByTestId('labels-unnamed').textContent).toContain('1 value is none');
    const grey = screen.getByLabelText<HTMLSelectElement>('Label for “grey”');
    expect(grey.value).toBe('');
    await fireEvent.change(grey, { target: { value: 'white' } });
    expect(screen.queryByTestId('labels-unnamed')).toBeNull();
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({ mapping: { labelMap: { grey: 'white' } } }),
    );
  });

  it('take the part of each row from a column, as far as its values are clear', async () => {
    const transport = await atColumns({
      'import.inspect': () =>
        inspection({
          columns: ['id', 'question', 'fold', 'answer'],
          values: { fold: ['TRAIN', 'dev', 'x'] },
        }),
    });
    const part = screen.getByLabelText<HTMLSelectElement>('Train/test column');
    const texts = [...part.options].map((option) => option.text);
    const pick = (column: string) =>
      fireEvent.change(part, { target: { value: String(texts.indexOf(column) - 1) } });
    await pick('fold');
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { part: { column: 'fold', values: { TRAIN: 'train', dev: 'validation' } } },
      }),
    );
    await fireEvent.change(screen.getByLabelText('Part of rows with “x”'), {
      target: { value: 'test' },
    });
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { part: { values: { TRAIN: 'train', dev: 'validation', x: 'test' } } },
      }),
    );
    await pick('question');
    expect(screen.getByTestId('part-many').textContent).toContain('too many different values');
  });

  it('keep further columns', async () => {
    const transport = await atColumns();
    const chip = within(screen.getByTestId('keep')).getByRole('button', { name: 'context' });
    expect(chip.getAttribute('aria-pressed')).toBe('false');
    await fireEvent.click(chip);
    expect(chip.getAttribute('aria-pressed')).toBe('true');
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({ mapping: { keep: ['context'] } }),
    );
  });

  it('tell how far was looked, and what repeats', async () => {
    await atColumns({
      'import.preview': () =>
        preview({
          rowsSeen: 180_000,
          whole: false,
          duplicates: { exact: 3, normalised: 5 },
          problems: [problem],
          problemRows: 2_000,
        }),
    });
    const told = await screen.findByTestId('findings');
    expect(told.textContent).toContain('Looked at the first 180,000 rows');
    expect(told.textContent).toContain('2,000 rows can’t be imported');
    expect(told.textContent).toContain('The first 1:');
    expect(told.textContent).toContain('5 rows repeat the input of an earlier row');
    expect(told.textContent).toContain('3 to the letter');
    expect(nextButton().disabled).toBe(false);
  });

  it('do not go on when no row could be imported', async () => {
    await atColumns({
      'import.preview': () => preview({ problems: [problem], problemRows: 12 }),
    });
    await screen.findByTestId('mapping-problems');
    expect(screen.getByRole('alert').textContent).toContain('No row can be imported');
    expect(nextButton().disabled).toBe(true);
  });

  it('show no rows of an earlier choice beside a failure', async () => {
    const failure = {
      code: 'column-missing',
      message: 'There is no column “nope”.',
      hint: 'Choose another.',
    } as const;
    let broken = false;
    await atColumns({ 'import.preview': () => (broken ? { failure } : preview()) });
    await screen.findByTestId('mapped-rows');
    broken = true;
    await fireEvent.change(screen.getByTestId('map-id'), { target: { value: '-1' } });
    expect((await screen.findByRole('alert')).textContent).toContain('nope');
    expect(screen.queryByTestId('mapped-rows')).toBeNull();
    expect(nextButton().disabled).toBe(true);
  });
});

describe('a new project from a file', () => {
  /** The wizard of a new project, standing at its second step. */
  async function atProject(more: Answers = {}) {
    const transport = new FakeTransport(
      answers({
        'projects.create': () => ({
          ...project({ id: 'p2', task: 'classification', labels: ['black', 'white', 'grey'] }),
        }),
        'projects.remove': () => ({}),
        ...more,
      }),
    );
    const view = renderWizard(transport, null);
    await choose(new File(['id,question'], 'rows.csv'));
    await screen.findByTestId('first-rows');
    await next();
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
    await next();
    await waitFor(() =>
      expect(transport.inputsOf('projects.create')).toEqual([
        { name: 'rows', task: 'classification', labels: ['black', 'white', 'grey'] },
      ]),
    );
  });

  it('names labels before they are made', async () => {
    const { transport } = await atProject({
      'import.inspect': () =>
        inspection({ values: { answer: ['0', '1'] }, suggestedTask: 'classification' }),
    });
    await fireEvent.change(screen.getByLabelText('Label for “0”'), { target: { value: 'no' } });
    await fireEvent.change(screen.getByLabelText('Label for “1”'), { target: { value: 'yes' } });
    const labels = screen.getByTestId<HTMLTextAreaElement>('project-labels');
    expect(labels.value).toBe('no\nyes');
    await next();
    await waitFor(() =>
      expect(transport.inputsOf('projects.create')).toEqual([
        { name: 'rows', task: 'classification', labels: ['no', 'yes'] },
      ]),
    );
    await waitFor(() =>
      expect(lastMapping(transport)).toMatchObject({
        mapping: { labelMap: { '0': 'no', '1': 'yes' } },
      }),
    );
  });

  it('is taken back when the wizard is left before the import', async () => {
    const { transport, view } = await atProject();
    await next();
    await screen.findByTestId('mapped-rows');
    view.unmount();
    await waitFor(() =>
      expect(transport.inputsOf('projects.remove')).toEqual([{ projectId: 'p2' }]),
    );
  });
});
