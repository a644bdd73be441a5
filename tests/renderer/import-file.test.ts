import { createEvent, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { FakeTransport } from './fakes.ts';
import type { Answers } from './fakes.ts';
import {
  answers,
  choose,
  detected,
  inspection,
  mapping,
  next,
  nextButton,
  renderWizard,
} from './import-rows.ts';
import { project } from './rows.ts';

function atFile(more: Answers = {}) {
  const transport = new FakeTransport(answers(more));
  renderWizard(transport, project());
  return transport;
}

async function chosen(more: Answers = {}) {
  const transport = atFile(more);
  await choose(new File(['id,question'], 'rows.csv'));
  await screen.findByTestId('inspection');
  return transport;
}

const lastRead = (transport: FakeTransport): unknown => transport.inputsOf('import.inspect').at(-1);

const drop = (target: Element, dataTransfer: object) => {
  const event = createEvent.drop(target);
  Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], ...dataTransfer } });
  return fireEvent(target, event);
};

/** A directory entry as a browser hands it over: its files in two parts, then none. */
const directory = (name: string, files: readonly File[]) => ({
  isDirectory: true,
  isFile: false,
  name,
  createReader: () => {
    const parts = [files.slice(0, 1), files.slice(1), []];
    return {
      readEntries: (done: (entries: unknown[]) => void) =>
        done(
          (parts.shift() ?? []).map((file) => ({
            isDirectory: false,
            isFile: true,
            name: file.name,
            file: (take: (file: File) => void) => take(file),
          })),
        ),
    };
  },
});

const item = (entry: unknown) => ({ kind: 'file', webkitGetAsEntry: () => entry });

describe('a file', () => {
  it('is uploaded, and what was found in it is shown', async () => {
    const transport = atFile();
    expect(nextButton().disabled).toBe(true);
    await choose(new File(['id,question'], 'rows.csv'));
    const found = await screen.findByTestId('inspection');
    expect(transport.uploaded).toEqual(['rows.csv']);
    expect(lastRead(transport)).toEqual({ fileId: 'f1', read: detected });
    expect(within(found).getByTestId('found-format').textContent).toBe('CSV');
    expect(within(found).queryByTestId('found-container')).toBeNull();
    const encoding = within(found).getByTestId<HTMLSelectElement>('read-encoding');
    expect(encoding.selectedOptions[0]?.text).toBe('UTF-8 · found');
    const rows = await screen.findByTestId('first-rows');
    expect(within(rows).getByText('What colour is coal?')).toBeTruthy();
    expect(nextButton().disabled).toBe(false);
  });

  it('that can not be read says why, and the wizard stays', async () => {
    const failure = {
      code: 'file-binary',
      message: 'This is not a text file.',
      hint: 'Save it as CSV.',
    } as const;
    atFile({ 'import.inspect': () => ({ failure }) });
    await choose(new File(['x'], 'rows.bin'));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('This is not a text file.');
    expect(alert.textContent).toContain('Save it as CSV.');
    expect(nextButton().disabled).toBe(true);
  });

  it('is taken from anywhere on the page when it is dropped', async () => {
    const transport = atFile();
    const file = new File(['a'], 'dropped.csv');
    const entry = { isDirectory: false, isFile: true, name: file.name };
    await drop(document.body, { files: [file], items: [item(entry)] });
    await screen.findByTestId('first-rows');
    expect(transport.uploaded).toEqual(['dropped.csv']);
  });
});

describe('how a file is read', () => {
  it('can be changed, and is read again at once', async () => {
    const transport = await chosen({
      'import.inspect': (input) =>
        JSON.stringify(input).includes('euc-kr')
          ? inspection({ encoding: 'euc-kr', rows: [{ question: '석탄은 무슨 색인가요?' }] })
          : inspection(),
    });
    await fireEvent.change(screen.getByTestId('read-encoding'), { target: { value: 'euc-kr' } });
    await screen.findByText('석탄은 무슨 색인가요?');
    expect(lastRead(transport)).toEqual({
      fileId: 'f1',
      read: { ...detected, encoding: 'euc-kr' },
    });
    await fireEvent.change(screen.getByTestId('read-delimiter'), { target: { value: ';' } });
    await fireEvent.change(screen.getByTestId('read-header'), { target: { value: 'false' } });
    await waitFor(() =>
      expect(lastRead(transport)).toEqual({
        fileId: 'f1',
        read: { ...detected, encoding: 'euc-kr', delimiter: ';', header: false },
      }),
    );
  });

  it('says how many lines stand before the names, and takes another number', async () => {
    const transport = await chosen({
      'import.inspect': (input) =>
        JSON.stringify(input).includes('"skip":5')
          ? inspection({ skipped: 5, columns: ['id', 'question'] })
          : inspection({ skipped: 2 }),
    });
    const field = screen.getByLabelText<HTMLInputElement>('Lines before the names');
    const hint = () => document.getElementById(field.getAttribute('aria-describedby') ?? '');
    expect([field.value, hint()?.textContent]).toEqual(['', expect.stringContaining('2 found')]);
    await fireEvent.input(field, { target: { value: '5' } });
    await waitFor(() =>
      expect(lastRead(transport)).toEqual({ fileId: 'f1', read: { ...detected, skip: 5 } }),
    );
    await waitFor(() => expect(nextButton().disabled).toBe(false));
    await fireEvent.input(screen.getByTestId('read-skip'), { target: { value: '5.5' } });
    expect(field.getAttribute('aria-invalid')).toBe('true');
    await fireEvent.input(screen.getByTestId('read-skip'), { target: { value: '' } });
    await waitFor(() => expect(lastRead(transport)).toEqual({ fileId: 'f1', read: detected }));
  });

  it('takes any other separating sign', async () => {
    const transport = await chosen();
    await fireEvent.change(screen.getByTestId('read-delimiter'), { target: { value: 'other' } });
    const sign = screen.getByTestId('read-delimiter-sign');
    expect(sign.getAttribute('aria-invalid')).toBe('true');
    await fireEvent.input(sign, { target: { value: '^' } });
    await waitFor(() =>
      expect(lastRead(transport)).toEqual({ fileId: 'f1', read: { ...detected, delimiter: '^' } }),
    );
  });

  it('can be mended after a failure', async () => {
    const failure = {
      code: 'file-encoding',
      message: 'The encoding can’t be told.',
      hint: 'Choose it.',
    } as const;
    atFile({
      'import.inspect': (input) =>
        JSON.stringify(input).includes('windows-1252') ? inspection() : { failure },
    });
    await choose(new File(['x'], 'rows.csv'));
    await screen.findByRole('alert');
    await fireEvent.change(screen.getByTestId('read-encoding'), {
      target: { value: 'windows-1252' },
    });
    await screen.findByTestId('first-rows');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(nextButton().disabled).toBe(false);
  });

  it('offers the tables inside, and forgets the reading of one for another', async () => {
    const transport = await chosen({
      'import.inspect': () =>
        inspection({
          container: 'zip',
          entries: [
            { name: 'a/train.csv', bytes: 2_000 },
            { name: 'a/test.csv', bytes: null },
          ],
          entry: 'a/train.csv',
        }),
    });
    expect((await screen.findByTestId('found-container')).textContent).toBe('a zip file');
    await fireEvent.change(screen.getByTestId('read-header'), { target: { value: 'false' } });
    await waitFor(() => expect(nextButton().disabled).toBe(false));
    const entry = screen.getByLabelText<HTMLSelectElement>('File in the zip');
    expect([...entry.options].map((option) => option.text.trim())).toEqual([
      'a/train.csv · 2 kB',
      'a/test.csv',
    ]);
    await fireEvent.change(entry, { target: { value: 'a/test.csv' } });
    await waitFor(() =>
      expect(lastRead(transport)).toEqual({
        fileId: 'f1',
        read: { ...detected, entry: 'a/test.csv' },
      }),
    );
  });

  it('keeps what was mapped while the columns stay the same', async () => {
    const transport = await chosen({
      'import.inspect': (input) =>
        JSON.stringify(input).includes('"header":false')
          ? inspection({
              columns: ['column 1', 'column 2'],
              suggested: mapping({ id: null, input: 'column 2', label: null }),
            })
          : inspection(),
    });
    const mapped = () => transport.inputsOf('import.preview').at(-1);
    await next();
    await fireEvent.change(screen.getByTestId('map-label'), { target: { value: '-1' } });
    await fireEvent.click(screen.getByTestId('wizard-back'));
    await fireEvent.change(screen.getByTestId('read-encoding'), { target: { value: 'big5' } });
    await waitFor(() => expect(nextButton().disabled).toBe(false));
    await next();
    await waitFor(() => expect(mapped()).toMatchObject({ mapping: { label: null, id: 'id' } }));
    await fireEvent.click(screen.getByTestId('wizard-back'));
    await fireEvent.change(screen.getByTestId('read-header'), { target: { value: 'false' } });
    await screen.findByText('column 1');
    await next();
    await waitFor(() =>
      expect(mapped()).toMatchObject({
        mapping: { input: 'column 2' },
        read: { header: false, encoding: 'big5' },
      }),
    );
  });
});

describe('a folder', () => {
  it('is uploaded file by file as one, without what the system put there', async () => {
    const transport = atFile();
    const files = [new File(['one'], 'a.txt'), new File(['x'], '.DS_Store')];
    for (const file of files) {
      Object.defineProperty(file, 'webkitRelativePath', { value: `notes/${file.name}` });
    }
    await fireEvent.change(screen.getByTestId('folder-input'), { target: { files } });
    await screen.findByTestId('first-rows');
    expect(transport.uploaded).toEqual(['a.txt']);
    expect(transport.places).toMatchObject([{ name: 'notes', path: 'a.txt' }]);
  });

  it('may be dropped, however many parts the browser tells it in', async () => {
    const transport = atFile();
    const folder = directory('notes', [new File(['1'], 'a.txt'), new File(['2'], 'b.txt')]);
    await drop(document.body, { files: [], items: [item(folder)] });
    await screen.findByTestId('first-rows');
    expect(transport.places).toMatchObject([
      { name: 'notes', path: 'a.txt' },
      { name: 'notes', path: 'b.txt' },
    ]);
    expect(new Set(transport.places.map((place) => place?.key)).size).toBe(1);
  });

  it('that is empty, or one of several, says so', async () => {
    const transport = atFile();
    await drop(document.body, { files: [], items: [item(directory('empty', []))] });
    expect((await screen.findByRole('alert')).textContent).toContain('“empty” is empty');
    const two = [item(directory('a', [])), item(directory('b', []))];
    await drop(document.body, { files: [], items: two });
    expect((await screen.findByRole('alert')).textContent).toContain('either files or one folder');
    expect(transport.uploaded).toEqual([]);
  });
});

describe('pasted text', () => {
  const pasted: Answers = {
    'files.paste': () => ({ fileId: 'f9', name: 'clipboard', bytes: 12 }),
    'import.inspect': () => inspection({ container: 'clipboard' }),
  };

  it('comes from a field', async () => {
    const transport = atFile(pasted);
    await fireEvent.click(screen.getByTestId('paste-open'));
    const field = screen.getByTestId('paste-text');
    expect(document.activeElement).toBe(field);
    await fireEvent.input(field, { target: { value: 'q\ta\n1\t2' } });
    await fireEvent.click(screen.getByTestId('paste-use'));
    await screen.findByTestId('first-rows');
    expect(transport.inputsOf('files.paste')).toEqual([{ text: 'q\ta\n1\t2' }]);
    expect(screen.getByTestId('found-container').textContent).toBe('pasted text');
  });

  it('comes by key from anywhere but a field', async () => {
    const transport = atFile(pasted);
    const paste = (target: Element) => {
      const event = createEvent.paste(target);
      const data = { getData: () => 'q,a\n1,2', files: [], items: [] };
      Object.defineProperty(event, 'clipboardData', { value: data });
      return fireEvent(target, event);
    };
    await fireEvent.click(screen.getByTestId('paste-open'));
    await paste(screen.getByTestId('paste-text'));
    expect(transport.inputsOf('files.paste')).toEqual([]);
    await paste(document.body);
    await screen.findByTestId('first-rows');
    expect(transport.inputsOf('files.paste')).toEqual([{ text: 'q,a\n1,2' }]);
  });

  it('that main refuses says why', async () => {
    const failure = { code: 'file-empty', message: 'It is empty.', hint: 'Copy more.' } as const;
    atFile({ 'files.paste': () => ({ failure }) });
    await fireEvent.click(screen.getByTestId('paste-open'));
    await fireEvent.input(screen.getByTestId('paste-text'), { target: { value: 'x' } });
    await fireEvent.click(screen.getByTestId('paste-use'));
    expect((await screen.findByRole('alert')).textContent).toContain('It is empty.');
  });
});
