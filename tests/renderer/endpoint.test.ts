import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { calls } from '../../electron/contract/calls.ts';
import type { Capabilities, PriceEntry, Teacher } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import Combobox from '../../renderer/ui/Combobox.svelte';
import {
  addressAdvice,
  addressProblem,
  isLoopback,
  providerAt,
} from '../../renderer/wizards/extract/endpoint/address.ts';
import { EndpointDraft } from '../../renderer/wizards/extract/endpoint/endpoint.svelte.ts';
import EndpointForm from '../../renderer/wizards/extract/endpoint/EndpointForm.svelte';
import { teacher } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { createdAt } from './rows.ts';

beforeEach(() => {
  i18n.use('en');
  // jsdom lays nothing out, so it has nothing to scroll.
  Element.prototype.scrollIntoView = vi.fn();
});

const findings = (more: Partial<Capabilities> = {}): Capabilities => ({
  probedAt: createdAt,
  model: 'm',
  models: ['m', 'large', 'small-instruct'],
  systemRole: 'yes',
  temperature: 'yes',
  stop: 'yes',
  several: 'yes',
  seed: 'no',
  logprobs: 'unknown',
  usage: 'yes',
  jsonSchema: 'no',
  batches: 'unknown',
  lengthLimit: 'max_tokens',
  milliseconds: 420,
  ...more,
});

const price = (more: Partial<PriceEntry> = {}): PriceEntry => ({
  model: 'm',
  price: { input: 0.15, output: 0.6, batchShare: 0.5 },
  origin: 'built-in',
  asOf: '2025-08-31',
  ...more,
});

/** A main that keeps one teacher, lists three models, and honours most things. */
function main(more: Answers = {}) {
  let kept: Teacher = teacher();
  return new FakeTransport({
    'teachers.save': (input) => {
      const { name, provider, baseUrl, model } = calls['teachers.save'].input.parse(input);
      return (kept = { ...kept, name, provider, baseUrl, model });
    },
    'teachers.setKey': () => (kept = { ...kept, keyKept: 'session' }),
    'teachers.probe': () => {
      const { model } = kept;
      kept = { ...kept, capabilities: findings({ model }) };
      return { teacher: kept, ok: true, text: model === '' ? '' : 'Ready.', error: null };
    },
    'prices.of': () => price(),
    'prices.save': (input) => ({ ...price(), ...(input as object), origin: 'entered' as const }),
    'prices.remove': () => ({}),
    ...more,
  });
}

function form(transport: FakeTransport, begin: (endpoint: EndpointDraft) => void = () => {}) {
  const { app, context } = inApp(transport);
  const endpoint = new EndpointDraft(app.client, 'p1');
  begin(endpoint);
  render(EndpointForm, { props: { endpoint }, context });
  return { app, endpoint };
}

describe('an address', () => {
  it('is whole, without secrets, and ends with its path', () => {
    expect(addressProblem('https://api.openai.com/v1')).toBeNull();
    expect(addressProblem('http://127.0.0.1:8080/v1')).toBeNull();
    expect(addressProblem('localhost:11434')).toBe('wrong');
    expect(addressProblem('https://')).toBe('wrong');
    expect(addressProblem('https://me:secret@host/v1')).toBe('secret');
    expect(addressProblem('https://host/v1?api-version=1')).toBe('query');
    expect(addressProblem('https://RESOURCE.openai.azure.com/openai/v1')).toBe('placeholder');
  });

  it('is mended where it goes too far or not far enough', () => {
    const advice = (address: string) => addressAdvice(address, 'other');
    expect(advice('https://host/v1/chat/completions')).toEqual({
      kind: 'call',
      better: 'https://host/v1',
    });
    expect(advice('http://localhost:1234')).toEqual({
      kind: 'version',
      better: 'http://localhost:1234/v1',
    });
    expect(addressAdvice('https://mine.openai.azure.com', 'azure')).toBeNull();
    expect(advice('http://10.0.0.7:8000/v1')).toEqual({ kind: 'open-network' });
    expect(advice('http://127.0.0.1:8000/v1')).toBeNull();
  });

  it('tells what kind of server it is', () => {
    expect(providerAt('http://gpu.example:8000/v1', 'openai')).toBe('other');
    expect(providerAt('http://gpu.example:8000/v1', 'vllm')).toBe('vllm');
    expect(providerAt('http://localhost:11434/v1', 'other')).toBe('ollama');
    expect(providerAt('https://mine.openai.azure.com/openai/v1', 'openai')).toBe('azure');
    expect(providerAt('https://api.openai.com/v1', 'other')).toBe('openai');
    expect(providerAt('https://api.openai.com.example/v1', 'other')).toBe('other');
    expect(providerAt('half an addr', 'ollama')).toBe('ollama');
  });

  it('is this machine’s only where nothing leaves it', () => {
    expect(
      ['http://localhost:1/v1', 'http://127.0.0.9/v1', 'http://[::1]:9/v1'].map(isLoopback),
    ).toEqual([true, true, true]);
    expect(['http://localhost.example/v1', 'http://192.168.0.2/v1'].map(isLoopback)).toEqual([
      false,
      false,
    ]);
  });
});

describe('the form of a server', () => {
  it('brings the usual address of each kind, and starts a new teacher for it', async () => {
    const { endpoint } = form(main(), (draft) => draft.use(teacher()));
    await fireEvent.click(screen.getByTestId('preset-ollama'));
    expect(endpoint).toMatchObject({
      teacher: null,
      provider: 'ollama',
      name: 'Ollama',
      baseUrl: 'http://localhost:11434/v1',
      model: '',
      contextTokens: 4_096,
    });
    expect(screen.getByTestId('provider-quirk').textContent).toContain('cut off');
    expect(screen.queryByTestId('teacher-api-version')).toBeNull();
    await fireEvent.click(screen.getByTestId('preset-azure'));
    expect(screen.getByTestId('teacher-api-version')).toBeTruthy();
    expect(screen.getByRole('combobox', { name: 'Deployment' })).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>('teacher-probe').disabled).toBe(true);
  });

  it('goes back to the teacher that was saved for a kind of server', async () => {
    const saved = teacher({ id: 't9', provider: 'ollama', name: 'Mine', model: 'llama' });
    const { endpoint } = form(main(), (draft) => (draft.saved = [saved]));
    await fireEvent.click(screen.getByTestId('preset-ollama'));
    expect(endpoint).toMatchObject({ teacher: saved, name: 'Mine', model: 'llama' });
  });

  it('lists the models, and tries the one that is taken from the list', async () => {
    const transport = main();
    const { endpoint } = form(transport);
    await fireEvent.input(screen.getByTestId('teacher-key'), { target: { value: 'sk-secret' } });
    await fireEvent.click(screen.getByTestId('teacher-probe'));
    await screen.findByText(/lists 3 models/);
    expect(endpoint.key).toBe('');
    expect(transport.inputsOf('teachers.setKey')).toEqual([{ teacherId: 't1', key: 'sk-secret' }]);
    expect(screen.queryByTestId('probe-findings')).toBeNull();

    const model = screen.getByTestId<HTMLInputElement>('teacher-model');
    await fireEvent.input(model, { target: { value: 'inst' } });
    const options = within(screen.getByRole('listbox'))
      .getAllByRole('option')
      .map((option) => option.textContent?.trim());
    expect(options).toEqual(['small-instruct']);
    await fireEvent.keyDown(model, { key: 'ArrowDown' });
    await fireEvent.keyDown(model, { key: 'Enter' });
    const report = await screen.findByTestId('probe-findings');
    expect(transport.inputsOf('teachers.probe')).toHaveLength(2);
    expect(endpoint.model).toBe('small-instruct');
    const row = (name: string) => within(report).getByRole('row', { name: new RegExp(name) });
    expect(row('Several answers').textContent).toMatch(/honours it.*cost its prompt once/s);
    expect(row('JSON schema').textContent).toMatch(/does not.*in words only/s);
    expect(row('Batch files').textContent).toMatch(/could not tell.*one by one/s);
    expect(report.textContent).toContain('Ready.');
  });

  it('forgets findings when another model is typed', async () => {
    const { endpoint } = form(main(), (draft) => draft.use(teacher({ capabilities: findings() })));
    expect(screen.getByTestId('probe-findings')).toBeTruthy();
    await fireEvent.input(screen.getByTestId('teacher-model'), { target: { value: 'other' } });
    expect(screen.queryByTestId('probe-findings')).toBeNull();
    expect(endpoint.findings).toBeNull();
  });

  it('leaves the form alone when an answer comes after another teacher was chosen', async () => {
    const other = teacher({ id: 't9', name: 'Other', model: 'large' });
    const { endpoint } = form(main(), (draft) => draft.use(teacher()));
    const looked = endpoint.look();
    endpoint.use(other);
    await looked;
    expect(endpoint).toMatchObject({ teacher: other, name: 'Other', answer: null });
    expect(endpoint.saved.map(({ id }) => id)).toEqual(['t1']);
  });

  it('shows the server’s words when it refuses', async () => {
    const error = {
      code: 'teacher-failed' as const,
      message: 'The server answered: model not loaded.',
      hint: 'Load it first.',
    };
    form(
      main({
        'teachers.probe': () => ({ teacher: teacher(), ok: false, text: '', error }),
      }),
    );
    await fireEvent.click(screen.getByTestId('teacher-probe'));
    expect((await screen.findByTestId('failure')).textContent).toContain('model not loaded');
  });

  it('says that a kept key does not go to another server', async () => {
    form(main(), (draft) => draft.use(teacher({ keyKept: 'session' })));
    expect(screen.getByText(/kept until Stepwise Studio ends/)).toBeTruthy();
    await fireEvent.input(screen.getByTestId('teacher-url'), {
      target: { value: 'https://elsewhere.example/v1' },
    });
    expect(screen.getByText(/not sent to this one/)).toBeTruthy();
  });
});

describe('the price of a model', () => {
  const looked = async (more: Answers = {}, begin = teacher()) => {
    const transport = main(more);
    const { endpoint } = form(transport, (draft) => draft.use(begin));
    await screen.findByTestId('price');
    return { transport, endpoint };
  };
  const type = async (testId: string, value: string) => {
    const field = screen.getByTestId(testId);
    await fireEvent.input(field, { target: { value } });
    await fireEvent.focusOut(field);
  };

  it('is built in, with its day, until one is entered', async () => {
    const { transport } = await looked();
    expect(screen.getByTestId<HTMLInputElement>('price-input').value).toBe('0.15');
    expect(screen.getByTestId('price-source').textContent).toMatch(/Aug 31, 2025.*check them/s);
    await type('price-output', '2.5');
    await waitFor(() =>
      expect(transport.inputsOf('prices.save')).toEqual([
        { model: 'm', price: { input: 0.15, output: 2.5, batchShare: 0.5 } },
      ]),
    );
    await fireEvent.click(await screen.findByRole('button', { name: 'Forget what was entered' }));
    await waitFor(() =>
      expect(screen.getByTestId<HTMLInputElement>('price-output').value).toBe('0.6'),
    );
  });

  it('is saved when the fields are left, not on the way from one to the other', async () => {
    const { transport } = await looked();
    const [first, second] = [screen.getByTestId('price-input'), screen.getByTestId('price-output')];
    await fireEvent.input(first, { target: { value: '1' } });
    await fireEvent.focusOut(first, { relatedTarget: second });
    expect(transport.inputsOf('prices.save')).toEqual([]);
    await fireEvent.input(second, { target: { value: '4' } });
    await fireEvent.focusOut(second, { relatedTarget: document.body });
    await waitFor(() =>
      expect(transport.inputsOf('prices.save')).toMatchObject([{ price: { input: 1, output: 4 } }]),
    );
  });

  it('is saved only when both figures are there', async () => {
    const { transport } = await looked({ 'prices.of': () => null });
    expect(screen.getByTestId('price-source').textContent).toContain('No price is known');
    await type('price-input', '1');
    expect(screen.getByTestId('price-source').textContent).toContain('both');
    expect(transport.inputsOf('prices.save')).toEqual([]);
    await type('price-output', '4');
    await waitFor(() => expect(transport.inputsOf('prices.save')).toHaveLength(1));
  });

  it('keeps a figure that is typed while the other is being saved', async () => {
    const { transport } = await looked();
    await Promise.all([type('price-input', '1'), type('price-output', '4')]);
    await waitFor(() =>
      expect(transport.inputsOf('prices.save').at(-1)).toMatchObject({
        price: { input: 1, output: 4 },
      }),
    );
    expect(screen.getByTestId<HTMLInputElement>('price-output').value).toBe('4');
  });

  it('is nothing on this machine, and says so', async () => {
    await looked(
      { 'prices.of': () => price({ price: { input: 0, output: 0, batchShare: 1 } }) },
      teacher({ baseUrl: 'http://localhost:11434/v1' }),
    );
    expect(screen.getByTestId('price-source').textContent).toContain('cost nothing');
  });
});

describe('a field with a list', () => {
  const given = (value = '') => {
    const onchoose = vi.fn();
    const options = ['alpha', 'beta', 'gamma'];
    const count = (shown: number) => `${shown} fit`;
    render(Combobox, { label: 'Model', value, options, none: 'None.', count, onchoose });
    return { onchoose, input: screen.getByRole('combobox') };
  };

  it('opens with everything, and goes through it by key', async () => {
    const { input, onchoose } = given('beta');
    expect(input.getAttribute('aria-expanded')).toBe('false');
    await fireEvent.keyDown(input, { key: 'ArrowDown' });
    expect(screen.getAllByRole('option')).toHaveLength(3);
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('beta');
    await fireEvent.keyDown(input, { key: 'ArrowDown' });
    const active = input.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.textContent).toContain('gamma');
    await fireEvent.keyDown(input, { key: 'Enter' });
    expect(onchoose).toHaveBeenCalledWith('gamma');
    expect(input.getAttribute('aria-expanded')).toBe('false');
  });

  it('goes up from the field to the last option, and closes with Escape', async () => {
    const { input } = given();
    await fireEvent.keyDown(input, { key: 'ArrowUp' });
    await fireEvent.keyDown(input, { key: 'ArrowUp' });
    const active = input.getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.textContent).toContain('gamma');
    await fireEvent.keyDown(input, { key: 'Escape' });
    expect(screen.queryByRole('option')).toBeNull();
  });

  it('says how many fit, or that none does', async () => {
    const { input } = given();
    await fireEvent.input(input, { target: { value: 'A' } });
    expect(screen.getByText('3 fit')).toBeTruthy();
    await fireEvent.input(input, { target: { value: 'zeta' } });
    expect(screen.getByText('None.')).toBeTruthy();
  });
});
