import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { DatasetDifference } from '../../electron/contract/entities.ts';
import { partNamed, partOfFile, stem } from '../../renderer/wizards/import/guess.ts';
import { likeness } from '../../renderer/wizards/import/versions.ts';
import type { FakeTransport } from './fakes.ts';
import {
  atOptions,
  dataset,
  detected,
  inspection,
  mapping,
  next,
  nextButton,
  preview,
} from './import-rows.ts';
import { job, project } from './rows.ts';

const started = (transport: FakeTransport): unknown[] => transport.inputsOf('import.start');

const defaults = {
  read: detected,
  dedupe: 'keep',
  invalidRows: 'stop',
  replaces: null,
  removeMissing: false,
};

const difference = (more: Partial<DatasetDifference> = {}): DatasetDifference => ({
  same: 90,
  added: 4,
  inputChanged: 1,
  labelChanged: 0,
  removed: 3,
  frozen: 2,
  answersDropped: 4,
  shown: [
    {
      kind: 'input-changed',
      externalId: 'q7',
      before: 'What colour is coal?',
      after: 'What colour is dry coal?',
      frozen: false,
    },
    { kind: 'removed', externalId: 'q9', before: 'Gone?', after: null, frozen: true },
  ],
  ...more,
});

describe('the options', () => {
  it('import as they stand, and tell a failure', async () => {
    const { transport } = await atOptions(project(), {
      'import.start': () => ({
        failure: { code: 'id-duplicate', message: 'Twice.', hint: 'Choose another ID.' },
      }),
    });
    await fireEvent.click(screen.getByTestId('choice-test'));
    await fireEvent.input(screen.getByTestId('dataset-name'), { target: { value: 'Mine' } });
    await next();
    expect((await screen.findByRole('alert')).textContent).toContain('Twice.');
    expect(started(transport)).toEqual([
      {
        fileId: 'f1',
        projectId: 'p1',
        name: 'Mine',
        mapping: mapping(),
        givenPart: 'test',
        options: defaults,
      },
    ]);
  });

  it('show what each way with repeated rows leaves out', async () => {
    const { transport } = await atOptions(project(), {
      'import.preview': () =>
        preview({ duplicates: { exact: 3, normalised: 5 }, rowsSeen: 900, whole: false }),
      'import.start': () => job({ kind: 'import' }),
    });
    const text = (choice: string) => screen.getByTestId(choice).closest('label')?.textContent;
    expect(text('choice-keep')).toContain('0 rows left out of the first 900');
    expect(text('choice-exact')).toContain('3 rows left out of the first 900');
    expect(text('choice-normalised')).toContain('5 rows left out of the first 900');
    await fireEvent.click(screen.getByTestId('choice-normalised'));
    await next();
    await waitFor(() =>
      expect(started(transport)).toMatchObject([{ options: { dedupe: 'normalised' } }]),
    );
  });

  it('hold the import back while rows are met that stop it', async () => {
    const problems = [{ line: 7, message: 'The input is empty.' }];
    const { transport } = await atOptions(project(), {
      'import.preview': () => preview({ problems, problemRows: 1 }),
      'import.start': () => job({ kind: 'import' }),
    });
    expect(nextButton().disabled).toBe(true);
    expect(screen.getByText(/Leave them out, or correct them/)).toBeTruthy();
    await fireEvent.click(screen.getByTestId('choice-skip'));
    expect(nextButton().disabled).toBe(false);
    await next();
    await waitFor(() =>
      expect(started(transport)).toMatchObject([{ options: { invalidRows: 'skip' } }]),
    );
  });

  it('leave the part to a column that says it', async () => {
    const { transport } = await atOptions(project(), {
      'import.inspect': () =>
        inspection({
          suggested: mapping({ part: { column: 'fold', values: { a: 'train' } } }),
        }),
      'import.start': () => job({ kind: 'import' }),
    });
    expect(screen.queryByTestId('choice-test')).toBeNull();
    expect(screen.getByText(/The column “fold” says the part/)).toBeTruthy();
    await next();
    await waitFor(() => expect(started(transport)).toMatchObject([{ givenPart: null }]));
  });
});

describe('a newer version', () => {
  it('is not asked about where there is nothing to be newer than', async () => {
    await atOptions(project());
    expect(screen.queryByTestId('newer-version')).toBeNull();
  });

  it('is compared with its data set, and keeps it', async () => {
    const { transport } = await atOptions(project(), {
      'datasets.list': () => [
        dataset({
          id: 'd0',
          name: 'other',
          sourceName: 'other.csv',
          mapping: mapping({ id: null }),
        }),
        dataset(),
      ],
      'import.compare': () => difference(),
      'import.start': () => job({ kind: 'import' }),
    });
    const section = await screen.findByTestId('newer-version');
    expect(section.textContent).toContain('rows: same file name');
    await fireEvent.click(screen.getByTestId('choice-newer'));
    expect(nextButton().disabled).toBe(true);
    const shown = await screen.findByTestId('difference');
    expect(screen.getByTestId('difference-same').textContent).toBe('90');
    expect(screen.getByTestId('difference-removed').textContent).toBe('3');
    expect(screen.getByTestId('answers-dropped').textContent).toContain('4 answers of teachers');
    expect(screen.getByTestId('frozen-rows').textContent).toContain('2 rows stay');
    expect([...shown.querySelectorAll('ins')].map((each) => each.textContent.trim())).toEqual([
      'dry',
    ]);
    expect(shown.querySelector('del')).toBeNull();
    expect(within(shown).getByText(/in a frozen split/)).toBeTruthy();
    expect(screen.queryByTestId('dataset-name')).toBeNull();
    await fireEvent.click(screen.getByTestId('remove-missing'));
    await waitFor(() =>
      expect(transport.inputsOf('import.compare').at(-1)).toMatchObject({
        datasetId: 'd1',
        options: { replaces: 'd1', removeMissing: true },
      }),
    );
    await waitFor(() => expect(nextButton().disabled).toBe(false));
    await next();
    await waitFor(() =>
      expect(started(transport)).toMatchObject([
        { options: { ...defaults, replaces: 'd1', removeMissing: true } },
      ]),
    );
  });

  it('may be of another data set', async () => {
    const { transport } = await atOptions(project(), {
      'datasets.list': () => [dataset(), dataset({ id: 'd2', name: 'second' })],
      'import.compare': () => difference({ removed: 0 }),
    });
    await screen.findByTestId('newer-version');
    await fireEvent.click(screen.getByTestId('choice-newer'));
    await fireEvent.change(screen.getByTestId('replaces'), { target: { value: 'd2' } });
    await screen.findByTestId('difference');
    expect(transport.inputsOf('import.compare')).toMatchObject([{ datasetId: 'd2' }]);
    expect(screen.queryByTestId('remove-missing')).toBeNull();
  });

  it('that can not be compared is not imported', async () => {
    const failure = { code: 'file-syntax', message: 'Line 9 broke.', hint: 'Mend it.' } as const;
    await atOptions(project(), {
      'datasets.list': () => [dataset()],
      'import.compare': () => ({ failure }),
    });
    await screen.findByTestId('newer-version');
    await fireEvent.click(screen.getByTestId('choice-newer'));
    expect((await screen.findByRole('alert')).textContent).toContain('Line 9 broke.');
    expect(nextButton().disabled).toBe(true);
    await fireEvent.click(screen.getByTestId('choice-new'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(nextButton().disabled).toBe(false);
  });
});

describe('several files', () => {
  const files = () => [new File(['a'], 'qa-train.csv'), new File(['b'], 'qa-test.csv')];

  it('are imported with the columns of the first, each as the part its name tells', async () => {
    const { transport } = await atOptions(
      project(),
      { 'import.start': () => job({ kind: 'import' }) },
      ...files(),
    );
    const table = screen.getByTestId('import-files');
    await waitFor(() => expect(within(table).getAllByText('12 rows fit')).toHaveLength(2));
    expect(nextButton().textContent).toContain('Import 2 files');
    await next();
    await waitFor(() =>
      expect(started(transport)).toEqual([
        expect.objectContaining({ fileId: 'f1', givenPart: 'train', options: defaults }),
        expect.objectContaining({ fileId: 'f2', givenPart: 'test', name: 'qa-test' }),
      ]),
    );
  });

  it('are each tried; one that does not fit can be left out', async () => {
    const failure = { code: 'column-missing', message: 'No “id”.', hint: 'Add it.' } as const;
    const { transport } = await atOptions(
      project(),
      {
        'import.preview': (input) =>
          JSON.stringify(input).includes('"f2"') ? { failure } : preview(),
        'import.start': () => job({ kind: 'import' }),
      },
      ...files(),
    );
    const table = screen.getByTestId('import-files');
    expect((await within(table).findByRole('alert')).textContent).toContain('No “id”.');
    expect(nextButton().disabled).toBe(true);
    await fireEvent.click(within(table).getByRole('button', { name: 'Leave out qa-test.csv' }));
    expect(nextButton().disabled).toBe(false);
    await next();
    await waitFor(() => expect(started(transport)).toHaveLength(1));
  });

  it('do not start twice when one of them fails to', async () => {
    let broken = true;
    const failure = { code: 'job-conflict', message: 'Not now.', hint: 'Later.' } as const;
    const { transport } = await atOptions(
      project(),
      {
        'import.start': (input) =>
          broken && JSON.stringify(input).includes('"f2"') ? { failure } : job({ kind: 'import' }),
      },
      ...files(),
    );
    await waitFor(() => expect(nextButton().disabled).toBe(false));
    await next();
    expect((await screen.findByRole('alert')).textContent).toContain('Not now.');
    broken = false;
    await next();
    await waitFor(() =>
      expect(started(transport)).toMatchObject([
        { fileId: 'f1' },
        { fileId: 'f2' },
        { fileId: 'f2' },
      ]),
    );
  });
});

describe('guesses', () => {
  it('know parts by their names', () => {
    expect(partNamed(' Dev ')).toBe('validation');
    expect(partNamed('TRAINING')).toBe('train');
    expect(partNamed('contest')).toBeNull();
    expect(partOfFile('svamp_test.jsonl.gz')).toBe('test');
    expect(partOfFile('train-test.csv')).toBeNull();
    expect(partOfFile('latest.csv')).toBeNull();
  });

  it('name data sets without the ends of file names', () => {
    expect(stem('rows.csv')).toBe('rows');
    expect(stem('rows.csv.gz')).toBe('rows');
    expect(stem('Notes')).toBe('Notes');
    expect(stem('.csv')).toBe('.csv');
  });

  it('take a file for a newer version by its name or its columns', () => {
    const named = (name: string, more: Parameters<typeof mapping>[0] = { input: 'other' }) => ({
      source: { file: { name } },
      mapping: mapping(more),
    });
    expect(likeness(named('rows (2).csv'), dataset())).toBe('name');
    expect(likeness(named('Rows-v3.xlsx'), dataset())).toBe('name');
    expect(likeness(named('cows.csv'), dataset())).toBeNull();
    expect(likeness(named('cows.csv', {}), dataset())).toBe('columns');
  });
});
