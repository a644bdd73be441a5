import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../electron/contract/entities.ts';
import LongText from '../../renderer/ui/LongText.svelte';
import SplitWizard from '../../renderer/wizards/split/SplitWizard.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, overview } from './rows.ts';

describe('a long text', () => {
  it('is cut until it is asked for, and stays text', async () => {
    const text = `<b>${'word '.repeat(2_000)}</b>`;
    const { container } = render(LongText, { text });
    expect(container.textContent?.length).toBeLessThan(600);
    expect(container.querySelector('b')).toBeNull();
    const button = screen.getByRole('button', { name: 'Show all' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await fireEvent.click(button);
    expect(container.textContent).toContain(text);
    expect(screen.getByRole('button', { name: 'Show less' })).toBeTruthy();
  });

  it('of ordinary length is simply shown', () => {
    render(LongText, { text: 'Two and two?' });
    expect(screen.getByText('Two and two?')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('the shares of a split', () => {
  const file = (givenPart: Dataset['givenPart']): Dataset => ({
    id: `d-${givenPart}`,
    projectId: 'p1',
    name: 'rows',
    sourceName: 'rows.csv',
    sourceSha256: 'a'.repeat(64),
    mapping: {
      id: null,
      input: 'x',
      template: null,
      label: 'y',
      choices: [],
      rationale: null,
      completion: null,
    },
    givenPart,
    rows: 10,
    withGold: 10,
    withCompletion: 0,
    createdAt,
  });

  async function atShares(...files: Dataset[]) {
    const transport = new FakeTransport({
      'datasets.list': () => files,
      'splits.preview': () => ({
        counts: { train: 8, validation: 1, test: 1 },
        labels: [],
        maskedLeaks: 0,
      }),
    });
    const given = { props: { overview: overview({ examples: 20 }) } };
    render(SplitWizard, { ...given, context: inApp(transport).context });
    await screen.findByTestId('preview-train');
    await fireEvent.click(screen.getByTestId('wizard-next'));
  }

  it('ask only for what marked files leave open', async () => {
    await atShares(file('train'), file('test'));
    expect(await screen.findByLabelText('Validation, in % of train')).toBeTruthy();
    expect(screen.queryByTestId('share-test')).toBeNull();
  });

  it('ask for both where the rows are drawn', async () => {
    await atShares(file(null));
    expect(screen.getByTestId('share-validation')).toBeTruthy();
    expect(screen.getByTestId('share-test')).toBeTruthy();
  });
});
