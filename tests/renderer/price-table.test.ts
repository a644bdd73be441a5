import { fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { PriceEntry } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import PriceTable from '../../renderer/wizards/extract/endpoint/PriceTable.svelte';
import { FakeTransport, inApp } from './fakes.ts';

const builtIn: PriceEntry = {
  model: 'large*',
  price: { input: 2.5, output: 10, batchShare: 0.5 },
  origin: 'built-in',
  asOf: '2025-08-31',
};

/** A main that keeps what is entered over the one built-in price. */
function open(): FakeTransport {
  let entered: PriceEntry[] = [];
  const transport = new FakeTransport({
    'prices.list': () => [
      entered.find(({ model }) => model === builtIn.model) ?? builtIn,
      ...entered.filter(({ model }) => model !== builtIn.model),
    ],
    'prices.save': (input) => {
      const saved = calls['prices.save'].input.parse(input);
      const entry: PriceEntry = { ...saved, origin: 'entered', asOf: '2026-11-21' };
      entered = [...entered.filter(({ model }) => model !== saved.model), entry];
      return entry;
    },
    'prices.remove': (input) => {
      const { model } = calls['prices.remove'].input.parse(input);
      entered = entered.filter((entry) => entry.model !== model);
      return {};
    },
  });
  const { context } = inApp(transport);
  render(PriceTable, { props: { open: true, onclose: () => undefined }, context });
  return transport;
}

/** jsdom does not take what is in a dialog for visible. */
const hidden = { hidden: true };
const row = (name: string) => screen.findByRole('row', { name: new RegExp(name), ...hidden });

beforeEach(() => {
  i18n.use('en');
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
});

describe('the price table', () => {
  it('shows where each price is from, and takes a changed one', async () => {
    open();
    expect((await row('large')).textContent).toMatch(/\$2\.50.*\$10\.00.*50.0%.*built in/s);
    await fireEvent.click(screen.getByLabelText('Change the price of large*'));
    const field = screen.getByTestId('table-input');
    expect(field).toHaveProperty('value', '2.5');
    await fireEvent.input(field, { target: { value: '3' } });
    await fireEvent.click(screen.getByTestId('table-save'));
    expect((await screen.findByText(/entered,/)).closest('tr')?.textContent).toMatch(/\$3\.00/);

    await fireEvent.click(screen.getByLabelText('Forget the price entered for large*'));
    await screen.findByText(/built in/);
    expect(within(await row('large')).queryByLabelText(/Forget/)).toBeNull();
  });

  it('saves nothing that is not whole', async () => {
    const transport = open();
    await row('large');
    await fireEvent.input(screen.getByTestId('price-model'), { target: { value: 'mine' } });
    await fireEvent.click(screen.getByTestId('table-save'));
    expect(transport.inputsOf('prices.save')).toEqual([]);
  });
});
