import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import EstimateView from '../../renderer/wizards/extract/pilot/EstimateView.svelte';
import PilotStep from '../../renderer/wizards/extract/pilot/PilotStep.svelte';
import {
  enoughFor,
  leastBudget,
  leastRequests,
  roundUp,
} from '../../renderer/wizards/extract/pilot/money.ts';
import {
  SettingsDraft,
  setSamples,
  startSettings,
  suitTo,
} from '../../renderer/wizards/extract/pilot/settings.svelte.ts';
import { Resource } from '../../renderer/lib/resource.svelte.ts';
import { capabilities, estimate, settings, spend, teacher } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { job } from './rows.ts';

beforeEach(() => i18n.use('en'));

describe('settings of an extraction', () => {
  it('begin with a pilot, in the pace of the server', () => {
    const chosen = startSettings();
    suitTo(chosen, { kind: 'openai-compatible', provider: 'ollama' }, 300);
    expect(chosen).toMatchObject({ limit: 20, concurrency: 4, samples: 1, budget: null });
  });

  it('begin with all rows where nothing is spent, or where there are few', () => {
    const chosen = startSettings();
    suitTo(chosen, { kind: 'practice', provider: 'other' }, 300);
    expect(chosen.limit).toBeNull();
    suitTo(chosen, { kind: 'openai-compatible', provider: 'openai' }, 20);
    expect(chosen.limit).toBeNull();
  });

  it('take a temperature with several answers, and keep no more rationales than answers', () => {
    const chosen = settings({ samples: 9, keepRationales: 9, temperature: 0.4 });
    setSamples(chosen, 5);
    expect(chosen).toMatchObject({ samples: 5, keepRationales: 5, temperature: 0.4 });
    const flat = settings();
    setSamples(flat, 5);
    expect(flat.temperature).toBe(0.7);
    const single = settings();
    setSamples(single, 1);
    expect(single.temperature).toBe(0);
  });
});

describe('a suggested budget', () => {
  it('is rounded up to what one would type', () => {
    expect([0.0312, 1.21, 12.01, 130, 0].map(roundUp)).toEqual([0.032, 1.3, 13, 130, 0]);
  });

  it('covers what is spent, what the rest may cost, and room for the longest answers', () => {
    expect(enoughFor(estimate(), 0.4, 0.5)).toBe(2.5);
    expect(enoughFor(estimate({ cost: null, atMost: 9 }), 1, 0.5)).toBe(10);
    expect(enoughFor(null, 0.4, 0.5)).toBe(1);
  });

  it('can not be below what is spent, nor can a limit of requests', () => {
    expect(leastBudget(null)).toBe(0.001);
    expect(leastBudget(spend({ cost: 0.0322 }))).toBe(0.033);
    expect(leastRequests(spend({ requests: 20 }))).toBe(21);
  });

  it('is above the old one even where little is left', () => {
    const little = estimate({ cost: { low: 0, likely: 0, high: 0 } });
    expect(enoughFor(little, 0.4, 0.5)).toBeGreaterThan(0.5);
  });
});

/** What the estimate's panel says. */
async function said(found: Parameters<typeof estimate>[0], chosen = settings()): Promise<string> {
  const resource = new Resource(() => Promise.resolve(estimate(found)));
  await resource.load();
  render(EstimateView, { resource, settings: chosen });
  return screen.getByTestId('estimate').textContent ?? '';
}

describe('an estimate', () => {
  it('gives ranges and says what they are drawn from', async () => {
    const text = await said({});
    expect(text).toContain('$1.40 to $1.83');
    expect(text).toContain('likely $1.60');
    expect(text).toContain('15,000 to 17,000');
    expect(text).toContain('From 20 answers so far');
  });

  it('without answers says only the most, and why', async () => {
    const none = { basis: 0, cost: null, promptTokens: null, completionTokens: null };
    const text = await said({ ...none, seconds: null });
    expect(text).toContain('at most $9.00');
    expect(text).toContain('A pilot of 10 to 20 rows');
  });

  it('does not call an unknown price free, nor a free one unknown', async () => {
    const unpriced = await said({ price: null, cost: null, atMost: null });
    expect(unpriced).toContain('unknown');
    expect(unpriced).not.toContain('no charge');
  });

  it('says when requests cost nothing', async () => {
    const zero = { low: 0, likely: 0, high: 0 };
    const text = await said({ price: { input: 0, output: 0, batchShare: 1 }, cost: zero });
    expect(text).toContain('no charge');
    expect(text).not.toContain('$');
  });

  it('warns when it goes beyond the budget, what is spent included', async () => {
    expect(await said({}, settings({ budget: 2 }))).toContain('more than your budget of $2.00');
  });

  it('is content with a budget that is enough', async () => {
    expect(await said({}, settings({ budget: 2.5 }))).not.toContain('your budget');
  });

  it('offers what a batch would cost, and reckons with it once it is chosen', async () => {
    const batchCost = { low: 0.7, likely: 0.8, high: 0.92 };
    expect(await said({ batchCost })).toMatch(/As a batch\s*\$0\.70 to \$0\.92/);
  });

  it('reckons with the batch once it is chosen', async () => {
    const batchCost = { low: 0.7, likely: 0.8, high: 0.92 };
    expect(await said({ batchCost }, settings({ mode: 'batch' }))).toContain('likely $0.80');
  });
});

describe('the pilot step', () => {
  async function atPilot(found: Parameters<typeof estimate>[0] = {}, server = teacher()) {
    const transport = new FakeTransport({
      'extractions.estimate': () => estimate(found),
      'extractions.start': () => job({ kind: 'extract' }),
    });
    const { app, context } = inApp(transport);
    const asked = { projectId: 'p1', teacher: server, templateId: 'v1' };
    const draft = new SettingsDraft(app.client, asked);
    draft.suit(300);
    render(PilotStep, { props: { draft, teacher: asked.teacher, examples: 300 }, context });
    await screen.findByText(/From|No answer/);
    return { transport, draft };
  }

  it('asks for an estimate of what is chosen, once it has come to rest', async () => {
    const { transport } = await atPilot();
    const before = transport.inputsOf('extractions.estimate').length;
    for (const rows of ['1', '15'])
      await fireEvent.input(screen.getByTestId('pilot-rows'), { target: { value: rows } });
    await waitFor(() =>
      expect(transport.inputsOf('extractions.estimate').at(-1)).toMatchObject({
        templateId: 'v1',
        settings: { limit: 15 },
      }),
    );
    expect(transport.inputsOf('extractions.estimate')).toHaveLength(before + 1);
  });

  it('warns before money goes into a prompt that no answer has tested', async () => {
    await atPilot({ basis: 0, cost: null });
    expect(screen.queryByTestId('no-pilot')).toBeNull();
    await fireEvent.click(screen.getByTestId('choice-all'));
    expect(await screen.findByTestId('no-pilot')).toBeTruthy();
  });

  it('does not warn of all rows after a pilot', async () => {
    const { draft } = await atPilot();
    await fireEvent.click(screen.getByTestId('choice-all'));
    expect(draft.values.limit).toBeNull();
    expect(screen.queryByTestId('no-pilot')).toBeNull();
  });

  it('offers a temperature when several answers would all be the same', async () => {
    const { draft } = await atPilot();
    await fireEvent.input(screen.getByTestId('samples'), { target: { value: '4' } });
    expect(draft.values.temperature).toBe(0.7);
    expect(document.body.textContent).toContain('two labels can tie');
    await fireEvent.input(screen.getByTestId('temperature'), { target: { value: '0' } });
    await fireEvent.click(await screen.findByRole('button', { name: 'Use 0.7' }));
    expect(draft.values.temperature).toBe(0.7);
  });

  it('refuses a budget where no price is known, and says what to do', async () => {
    await atPilot({ price: null });
    const budget = screen.getByTestId('budget');
    expect(budget.hasAttribute('disabled')).toBe(true);
    expect(document.body.textContent).toContain('Needs a price for this model');
  });

  it('offers batches only where the server was seen to take them', async () => {
    await atPilot();
    expect(screen.queryByTestId('choice-batch')).toBeNull();
  });

  it('hands the rows over as a batch when that is chosen', async () => {
    const { draft } = await atPilot(
      {},
      teacher({ capabilities: capabilities({ batches: 'yes' }) }),
    );
    await fireEvent.click(screen.getByTestId('choice-batch'));
    expect(draft.values.mode).toBe('batch');
  });

  it('starts with the limits that were typed', async () => {
    const { transport, draft } = await atPilot();
    await fireEvent.input(screen.getByTestId('budget'), { target: { value: '1.5' } });
    await fireEvent.input(screen.getByTestId('max-requests'), { target: { value: '500' } });
    expect(await draft.start()).toMatchObject({ kind: 'extract' });
    expect(transport.inputsOf('extractions.start').at(-1)).toMatchObject({
      teacherId: 't1',
      settings: { budget: 1.5, maxRequests: 500, limit: 20 },
    });
  });

  it('keeps what was chosen when the same teacher is gone on with', () => {
    const { app } = inApp(new FakeTransport({}));
    const asked = { projectId: 'p1', teacher: teacher(), templateId: null };
    const draft = new SettingsDraft(app.client, asked);
    draft.suit(300);
    draft.values.limit = 7;
    draft.suit(300);
    expect(draft.values.limit).toBe(7);
    asked.teacher = teacher({ id: 't2', provider: 'lmstudio' });
    draft.suit(300);
    expect(draft.values).toMatchObject({ limit: 20, concurrency: 2 });
  });
});
