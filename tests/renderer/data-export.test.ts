import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AppInfo } from '../../electron/contract/calls.ts';
import { everyRow } from '../../electron/contract/entities.ts';
import type { DataExport } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import DataExportDialog from '../../renderer/wizards/data-export/DataExportDialog.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, job } from './rows.ts';

const file: DataExport = {
  ...{ id: 'j9', projectId: 'p1', format: 'csv', path: '/w/data/colours.csv', rows: 1_234 },
  ...{ bytes: 56_000, createdAt },
};
const query = { ...everyRow, verdict: 'accepted', sort: 'suspicion' } as const;
const started = job({
  ...{ id: 'j9', kind: 'data-export', subjectId: null, title: 'Export rows of Colours' },
});

function open(mode: AppInfo['mode'], rows: number | null = 1_234) {
  const transport = new FakeTransport({
    'data.export': () => started,
    'data.exports': () => [{ ...file, id: 'j8', path: '/w/data/older.csv' }, file],
  });
  const { app, context } = inApp(transport);
  app.info = { version: '1', mode, platform: 'linux', workspace: '/w', keychain: false };
  let closed = 0;
  render(DataExportDialog, {
    props: {
      ...{ open: true, projectId: 'p1', extractionId: 'x1', query, rows },
      onclose: () => (closed += 1),
    },
    context,
  });
  return { app, transport, closed: () => closed };
}

beforeEach(() => {
  i18n.use('en');
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
});

describe('the dialog that exports rows', () => {
  it('says what is written, explains every format, and asks with the filter that is on', async () => {
    const { transport } = open('browser');
    expect(screen.getByText(/1,234 rows with the filter that is on/)).toBeTruthy();
    for (const format of ['jsonl', 'parquet', 'chat', 'csv']) {
      expect(screen.getByTestId(`choice-${format}`)).toBeTruthy();
    }
    expect(screen.getByText(/may take a value that begins with = for a formula/)).toBeTruthy();
    await fireEvent.click(screen.getByTestId('choice-csv'));
    await fireEvent.click(screen.getByTestId('data-export-start'));
    expect(transport.inputsOf('data.export')).toEqual([
      { projectId: 'p1', extractionId: 'x1', query, format: 'csv' },
    ]);
  });

  it('shows how far it is, then its own file, with a link in a browser', async () => {
    const { app } = open('browser');
    await fireEvent.click(screen.getByTestId('data-export-start'));
    expect(await screen.findByTestId('job-card')).toBeTruthy();
    expect(screen.getByTestId('data-export-start')).toHaveProperty('disabled', true);
    app.jobs.take({ ...started, state: 'succeeded', seq: 2 });
    await waitFor(() => expect(screen.getByTestId('data-export-path').textContent).toBe(file.path));
    expect(screen.getByTestId('data-export-done').textContent).toContain('1,234 rows');
    const link = screen.getByTestId('data-export-download');
    expect([link.getAttribute('href'), link.hasAttribute('download')]).toEqual(['/data/j9', true]);
    expect(screen.queryByTestId('job-card')).toBeNull();
    await fireEvent.click(screen.getByTestId('data-export-another'));
    expect(screen.getByTestId('choice-jsonl')).toBeTruthy();
  });

  it('shows the path alone in the desktop application', async () => {
    const { app } = open('electron', null);
    await fireEvent.click(screen.getByTestId('data-export-start'));
    app.jobs.take({ ...started, state: 'succeeded', seq: 2 });
    expect((await screen.findByTestId('data-export-path')).textContent).toBe(file.path);
    expect(screen.queryByTestId('data-export-download')).toBeNull();
  });

  it('says why nothing was written, and can be begun anew after a cancel', async () => {
    const { app } = open('browser');
    await fireEvent.click(screen.getByTestId('data-export-start'));
    const error = {
      ...{ message: 'There is no row to write.', hint: 'Change.' },
      code: 'rows-missing',
    } as const;
    app.jobs.take({ ...started, state: 'failed', seq: 2, error });
    expect(await screen.findByText('There is no row to write.')).toBeTruthy();
    expect(screen.getByTestId('data-export-start')).toHaveProperty('disabled', false);
    app.jobs.take({ ...started, state: 'cancelled', seq: 3 });
    expect(await screen.findByTestId('choice-jsonl')).toBeTruthy();
    expect(screen.getByTestId('data-export-start')).toHaveProperty('disabled', false);
  });
});
