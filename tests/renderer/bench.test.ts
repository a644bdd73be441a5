import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ParseRules } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import {
  filtered,
  isChanged,
  moved,
  stretches,
  usable,
} from '../../renderer/wizards/extract/parse/rules.ts';
import ParseBenchScreen from '../../renderer/wizards/extract/ParseBenchScreen.svelte';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { trial, trials } from './prompt-rows.ts';
import { overview } from './rows.ts';

beforeEach(() => i18n.use('en'));

const rules: ParseRules = {
  stopSequences: ['\nQ:'],
  rules: [{ kind: 'phrases', phrases: ['So the answer is'] }],
  read: 'task',
};

describe('a completion under rules', () => {
  it('is cut where rationale and answer stand', () => {
    expect(stretches(trial(1))).toEqual([
      { text: 'It is warm.', is: 'rationale' },
      { text: ' So the answer is ', is: null },
      { text: 'red', is: 'answer' },
      { text: '.', is: null },
    ]);
  });

  it('gives to the answer what both claim, and loses no character', () => {
    const both = { completion: 'abcdef', rationaleAt: [0, 4], answerAt: [2, 4] } as const;
    const cut = stretches({ ...both, rationaleAt: [0, 4], answerAt: [2, 4] });
    expect(cut).toEqual([
      { text: 'ab', is: 'rationale' },
      { text: 'cd', is: 'answer' },
      { text: 'ef', is: null },
    ]);
    expect(stretches({ completion: 'x', rationaleAt: null, answerAt: null })).toEqual([
      { text: 'x', is: null },
    ]);
    expect(stretches({ completion: '', rationaleAt: null, answerAt: null })).toEqual([]);
  });

  it('has changed when its label or its rationale is another', () => {
    expect(isChanged(trial(1))).toBe(false);
    expect(isChanged(trial(1, { before: { rationale: 'Other.', label: 'red' } }))).toBe(true);
    expect(filtered(trials(), 'changed').map((row) => row.exampleId)).toEqual([2]);
    expect(filtered(trials(), 'unparsed').map((row) => row.exampleId)).toEqual([3]);
  });
});

describe('rules', () => {
  it('can be sent when each is filled in', () => {
    expect(usable(rules)).toBe(true);
    expect(usable({ ...rules, rules: [{ kind: 'phrases', phrases: [] }] })).toBe(false);
    expect(usable({ ...rules, rules: [] })).toBe(false);
  });

  it('move one place, and no further than the end', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  });
});

async function bench(more: Answers = {}) {
  const transport = new FakeTransport({
    'extractions.rules': () => rules,
    'extractions.tryParse': () => trials(),
    'extractions.parse': () => ({
      rows: 120,
      parsed: 118,
      unparsed: 2,
      correct: 100,
      accuracy: 0.833,
      score: { correct: 100, rows: 120, accuracy: 0.833, low: 0.757, high: 0.89 },
    }),
    ...more,
  });
  const { app, context } = inApp(transport);
  render(ParseBenchScreen, {
    props: { overview: overview(), extractionId: 'x1' },
    context,
  });
  await screen.findByTestId('parse-rules');
  return { app, transport };
}

describe('the bench', () => {
  it('shows what each rule makes of real answers, before and after', async () => {
    const { transport } = await bench();
    const rows = await screen.findAllByTestId('trial');
    expect(rows).toHaveLength(3);
    expect(transport.inputsOf('extractions.tryParse')).toEqual([
      { extractionId: 'x1', rules, offset: 0, limit: 50 },
    ]);
    expect(screen.getByTestId('bench-before').textContent).toBe('1');
    expect(screen.getByTestId('bench-after').textContent).toBe('2');
    expect(screen.getByTestId('bench-changed').textContent).toBe('1');
    expect(rows[0]?.querySelector('mark')?.textContent).toBe('red');
    expect(rows[1]?.textContent).toMatch(/changed.*no answer.*→.*red/s);
    expect(rows[2]?.textContent).toMatch(/no answer.*wrong/s);
  });

  it('shows several answers of one row that are the same', async () => {
    await bench({ 'extractions.tryParse': () => trials({ rows: [trial(1), trial(1), trial(1)] }) });
    expect(await screen.findAllByTestId('trial')).toHaveLength(3);
  });

  it('tells a changed rationale from a changed label', async () => {
    const other = trial(1, { before: { rationale: 'Other.', label: 'red' } });
    await bench({ 'extractions.tryParse': () => trials({ rows: [other], changed: 1 }) });
    const row = await screen.findByTestId('trial');
    expect(row.textContent).toContain('other rationale');
    expect(row.textContent).not.toContain('→');
  });

  it('leaves only the rows that a filter asks for', async () => {
    await bench();
    await screen.findAllByTestId('trial');
    await fireEvent.click(screen.getByTestId('tab-changed'));
    expect(screen.getAllByTestId('trial')).toHaveLength(1);
    await fireEvent.click(screen.getByTestId('tab-unparsed'));
    expect(screen.getByTestId('trial').textContent).toContain('r3');
  });

  it('tries changed rules and saves nothing until it is told to', async () => {
    const { app, transport } = await bench();
    await screen.findAllByTestId('trial');
    expect(screen.getByText('These are the rules in use.')).toBeTruthy();
    await fireEvent.click(screen.getByTestId('rule-add'));
    expect(screen.getByTestId<HTMLButtonElement>('parse-apply').disabled).toBe(true);
    const added = screen.getAllByTestId('rule')[1];
    if (added === undefined) throw new Error('No rule was added.');
    await fireEvent.change(within(added).getByTestId('rule-kind'), {
      target: { value: 'last-line' },
    });
    const wanted = { ...rules, rules: [...rules.rules, { kind: 'last-line' }] };
    await waitFor(() =>
      expect(transport.inputsOf('extractions.tryParse').at(-1)).toMatchObject({ rules: wanted }),
    );
    expect(transport.inputsOf('extractions.parse')).toEqual([]);
    await fireEvent.click(screen.getByTestId('parse-apply'));
    await waitFor(() =>
      expect(app.notices.list.map(({ text }) => text)).toEqual(['118 of 120 rows are read now.']),
    );
    expect(transport.inputsOf('extractions.parse')).toEqual([
      { extractionId: 'x1', rules: wanted },
    ]);
  });

  it('goes back to the rules in use, and moves rules up and down', async () => {
    const two: ParseRules = { ...rules, rules: [...rules.rules, { kind: 'last-line' }] };
    await bench({ 'extractions.rules': () => two });
    const kinds = () =>
      screen.getAllByTestId<HTMLSelectElement>('rule-kind').map((select) => select.value);
    await fireEvent.click(screen.getByRole('button', { name: 'Move rule 2 up' }));
    expect(kinds()).toEqual(['last-line', 'phrases']);
    expect(screen.getByText('These rules are not in use yet.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Back to the rules in use' }));
    expect(kinds()).toEqual(['phrases', 'last-line']);
  });

  it('types into the fields of a rule', async () => {
    const { transport } = await bench();
    await fireEvent.change(screen.getByTestId('rule-kind'), { target: { value: 'pattern' } });
    await fireEvent.input(screen.getByTestId('rule-pattern'), { target: { value: '#(\\d+)' } });
    await fireEvent.input(screen.getByTestId('stop-sequences'), { target: { value: '\\n\\nQ' } });
    await waitFor(() =>
      expect(transport.inputsOf('extractions.tryParse').at(-1)).toMatchObject({
        rules: {
          rules: [{ kind: 'pattern', pattern: '#(\\d+)' }],
          stopSequences: ['\n\nQ'],
        },
      }),
    );
  });

  it('says what is wrong with a pattern, and then reads nothing with it', async () => {
    const failure = {
      code: 'template-invalid' as const,
      message: 'The pattern “(” is no regular expression.',
      hint: 'Close the bracket.',
    };
    await bench({ 'extractions.tryParse': () => ({ failure }) });
    expect((await screen.findByTestId('failure')).textContent).toContain('no regular expression');
    expect(screen.getByTestId<HTMLButtonElement>('parse-apply').disabled).toBe(true);
  });

  it('has nothing to show for an extraction without answers', async () => {
    await bench({ 'extractions.tryParse': () => trials({ rows: [], total: 0 }) });
    expect(await screen.findByText('This extraction has no saved answers yet.')).toBeTruthy();
  });
});
