import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { ExtractionDraft } from '../../renderer/wizards/extract/draft.svelte.ts';
import { placesText } from '../../renderer/wizards/extract/prompt/places.ts';
import {
  PromptDraft,
  showsInput,
  unknownPlaceholders,
} from '../../renderer/wizards/extract/prompt/template.svelte.ts';
import WarningList from '../../renderer/wizards/extract/prompt/WarningList.svelte';
import PromptStep from '../../renderer/wizards/extract/PromptStep.svelte';
import { teacher } from './extraction-rows.ts';
import { FakeTransport, inApp } from './fakes.ts';
import type { Answers } from './fakes.ts';
import { exemplar, preview, promptAnswers, savedTemplate, template } from './prompt-rows.ts';
import { overview, project } from './rows.ts';

beforeEach(() => {
  i18n.use('en');
  // jsdom lays nothing out, so it has nothing to scroll, and opens no dialogs.
  Element.prototype.scrollIntoView = vi.fn();
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
});

async function loaded(answers: Answers = promptAnswers()) {
  const transport = new FakeTransport(answers);
  const { app } = inApp(transport);
  const prompt = new PromptDraft(app.client, 'p1');
  await prompt.load();
  return { prompt, transport };
}

describe('the prompt as it is written', () => {
  it('is the built-in one until something changes', async () => {
    const { prompt, transport } = await loaded();
    expect(prompt).toMatchObject({ builtIn: true, unsaved: false, savedId: null });
    await prompt.save();
    expect(transport.inputsOf('templates.save')).toEqual([]);
  });

  it('is saved as the next version of its name, and then it is that version', async () => {
    const { prompt, transport } = await loaded(promptAnswers([savedTemplate()]));
    expect(prompt.savedId).toBeNull();
    if (prompt.template) prompt.template.instruction = 'Another.';
    expect(prompt).toMatchObject({ unsaved: true, nextVersion: 2 });
    await prompt.save();
    expect(transport.inputsOf('templates.save')).toMatchObject([{ instruction: 'Another.' }]);
    expect(prompt).toMatchObject({ savedId: 'v2', unsaved: false, changed: false });
    await prompt.save();
    expect(transport.inputsOf('templates.save')).toHaveLength(1);
  });

  it('is an old version again when it says the same, in whatever order', async () => {
    const saved = savedTemplate({ instruction: 'Mine.' });
    const { prompt } = await loaded(promptAnswers([saved]));
    expect(prompt.savedId).toBe('v1');
    if (prompt.template) prompt.template.instruction = 'Mine, changed.';
    expect(prompt.savedId).toBeNull();
    if (prompt.template) {
      const { stopSequences, rules, read } = prompt.template.parse;
      prompt.template.parse = { read, rules, stopSequences };
      prompt.template.instruction = 'Mine.';
    }
    expect(prompt.savedId).toBe('v1');
  });

  it('sets changes aside when another beginning is chosen, and brings them back', async () => {
    const { prompt } = await loaded();
    if (prompt.template) prompt.template.instruction = 'Hours of work.';
    prompt.usePack('sentiment-ko', await prompt.pack('sentiment-ko'));
    expect(prompt.template?.name).toBe('감성');
    expect(prompt.origin).toEqual({ from: 'pack', id: 'sentiment-ko' });
    prompt.bringBack();
    expect(prompt.template?.instruction).toBe('Hours of work.');
    expect(prompt.setAside).toBeNull();
  });

  it('has nothing to set aside when nothing was changed', async () => {
    const { prompt } = await loaded();
    prompt.usePack('sentiment-ko', await prompt.pack('sentiment-ko'));
    expect(prompt.setAside).toBeNull();
  });

  it('moves, duplicates, removes and puts back its exemplars', async () => {
    const { prompt } = await loaded();
    const inputs = () => prompt.template?.exemplars.map(({ input }) => input);
    expect(prompt.move(0, 1)).toBe(1);
    expect(prompt.move(0, -1)).toBe(0);
    expect(inputs()).toEqual(['A brick?', 'A rose?', 'A tomato?']);
    prompt.duplicate(2);
    expect(inputs()).toEqual(['A brick?', 'A rose?', 'A tomato?', 'A tomato?']);
    prompt.remove(1);
    expect(prompt.removed).toMatchObject({ index: 1, exemplar: { input: 'A rose?' } });
    prompt.putBack();
    expect(inputs()).toEqual(['A brick?', 'A rose?', 'A tomato?', 'A tomato?']);
    expect(prompt.removed).toBeNull();
  });

  it('gets a rule that reads JSON with the structured style, once', async () => {
    const { prompt } = await loaded();
    prompt.useStyle('structured');
    prompt.useStyle('few-shot-cot');
    prompt.useStyle('structured');
    expect(prompt.template?.parse.rules.map(({ kind }) => kind)).toEqual(['json', 'phrases']);
  });

  it('says what is missing, in the order of the form', async () => {
    const { prompt } = await loaded();
    expect(prompt.complete).toBe(true);
    if (prompt.template) {
      prompt.template.name = ' ';
      prompt.template.inputTemplate = '';
      prompt.template.answerPhrase = '';
      prompt.template.parse.rules = [{ kind: 'phrases', phrases: [] }];
    }
    expect(prompt.gaps).toEqual(['name', 'input-template', 'answer-phrase', 'rules']);
    expect(prompt.complete).toBe(false);
  });
});

describe('places', () => {
  it('are told as ranges where three or more follow each other', () => {
    expect(placesText([0, 1, 2, 3, 6])).toBe('1–4, 7');
    expect(placesText([2, 0, 1])).toBe('3, 1, 2');
    expect(placesText([])).toBe('');
  });
});

describe('braces in a question', () => {
  it('stand for the row, for nothing, or for themselves', () => {
    expect(unknownPlaceholders('{input} {labels} {x} {x} {{y}}')).toEqual(['{labels}', '{x}']);
    expect(showsInput('Q: {text}')).toBe(true);
    expect(showsInput('Q: {{input}} {choices}')).toBe(false);
  });
});

/** The step on the screen, loaded, with its first preview. */
async function step(more: Answers = {}, saved = teacher({ contextTokens: 8_000 })) {
  const transport = new FakeTransport({
    ...promptAnswers(),
    'teachers.list': () => [saved],
    'prices.of': () => null,
    ...more,
  });
  const { app, context } = inApp(transport);
  const draft = new ExtractionDraft(app.client, 'p1', 'openai-compatible');
  await draft.load();
  const props = { draft, overview: overview({ project: project() }), maxTokens: 256 };
  render(PromptStep, { props, context });
  await screen.findByTestId('prompt-tokens');
  return { draft, transport };
}

describe('the prompt step', () => {
  it('shows what one row would be asked, how long it is, and of what', async () => {
    const { transport } = await step();
    const shown = screen.getByTestId('prompt-preview').textContent ?? '';
    expect(shown).toContain('Q: What colour is thing 1?');
    expect(shown).toContain('Shows worked examples 3, 1.');
    expect(screen.getByTestId('prompt-tokens').textContent).toMatch(
      /1,000 tokens.*12\.5% of a context of 8,000.*256 more for the answer/s,
    );
    expect(transport.inputsOf('templates.preview')).toMatchObject([
      { exampleId: 1, teacherId: 't1', maxTokens: 256 },
    ]);
  });

  it('says why a row is not shown itself', async () => {
    const own = { ...template(), exemplars: [exemplar('What colour is thing 1?')] };
    await step({
      'templates.suggest': () => own,
      'templates.preview': () => preview({ shown: [] }),
    });
    expect(screen.getByText(/Worked example 1 is this very row and is left out/)).toBeTruthy();
  });

  it('asks again after a change and for another row, once for quick keys', async () => {
    const { transport } = await step();
    const instruction = screen.getByTestId('instruction');
    for (const value of ['A', 'Al', 'All'])
      await fireEvent.input(instruction, { target: { value } });
    await waitFor(() => expect(transport.inputsOf('templates.preview')).toHaveLength(2));
    expect(transport.inputsOf('templates.preview')[1]).toMatchObject({
      template: { instruction: 'All' },
    });
    await fireEvent.click(screen.getByTestId('preview-previous'));
    await waitFor(() =>
      expect(transport.inputsOf('templates.preview').at(-1)).toMatchObject({ exampleId: 3 }),
    );
  });

  it('asks nothing of main while something is missing, and says what', async () => {
    const { transport, draft } = await step();
    await fireEvent.input(screen.getByTestId('answer-phrase'), { target: { value: '' } });
    expect(screen.getByTestId('prompt-preview').textContent).toContain(
      'The answer phrase is empty.',
    );
    expect(draft.prompt.complete).toBe(false);
    await new Promise((done) => setTimeout(done, 400));
    expect(transport.inputsOf('templates.preview')).toHaveLength(1);
  });

  it('leads from a warning to the worked example it is about', async () => {
    const warnings = [
      { code: 'exemplar-in-test' as const, exemplar: 1, detail: 'q7', tokens: null },
      { code: 'too-long' as const, exemplar: null, detail: '', tokens: { needed: 9, allowed: 8 } },
    ];
    await step({ 'templates.preview': () => preview({ warnings }) });
    const list = await screen.findByTestId('prompt-warnings');
    expect(list.textContent).toMatch(/row q7 of a test part.*need 9 tokens; the model takes 8/s);
    expect(screen.getAllByText('see the warning')).toHaveLength(1);
    await fireEvent.click(within(list).getByRole('button', { name: /Worked example 2/ }));
    await waitFor(() =>
      expect((document.activeElement as HTMLTextAreaElement).value).toBe('A brick?'),
    );
  });

  it('moves a worked example by key and keeps the focus on it', async () => {
    const { draft } = await step();
    const card = screen.getByRole('button', { name: 'Edit worked example 1' });
    card.focus();
    await fireEvent.keyDown(card, { key: 'ArrowDown', altKey: true });
    expect(draft.prompt.template?.exemplars[1]?.input).toBe('A rose?');
    expect(screen.getByText('Worked example 1 is now number 2.')).toBeTruthy();
    await waitFor(() =>
      expect(document.activeElement?.getAttribute('aria-label')).toBe('Edit worked example 2'),
    );
    expect(document.activeElement?.textContent).toContain('A rose?');
  });

  it('takes a removal back', async () => {
    const { draft } = await step();
    await fireEvent.click(screen.getByRole('button', { name: 'Remove worked example 2' }));
    expect(screen.getAllByTestId('exemplar')).toHaveLength(2);
    await fireEvent.click(screen.getByTestId('exemplar-undo'));
    expect(draft.prompt.template?.exemplars.map(({ input }) => input)).toEqual([
      'A rose?',
      'A brick?',
      'A tomato?',
    ]);
  });

  it('takes a row, and opens it where its rationale is still to be written', async () => {
    const { transport } = await step({
      'templates.exemplarOf': () => exemplar('A plum?', { rationale: '' }),
    });
    await fireEvent.click(screen.getByTestId('exemplar-pick'));
    await fireEvent.click(await screen.findByRole('button', { name: 'Take row r1' }));
    await screen.findByText(/has no rationale yet/);
    expect(transport.inputsOf('templates.exemplarOf')).toEqual([{ projectId: 'p1', exampleId: 1 }]);
    await waitFor(() =>
      expect((document.activeElement as HTMLTextAreaElement).value).toBe('A plum?'),
    );
  });

  it('draws from rows, and says from how many', async () => {
    const drawn = [exemplar('One?'), exemplar('Two?')];
    const { draft } = await step({
      'templates.drawExemplars': () => ({ exemplars: drawn, pool: 412 }),
    });
    await fireEvent.click(screen.getByTestId('exemplar-draw'));
    await fireEvent.click(screen.getByTestId('draw-replace'));
    expect(await screen.findByText('2 examples were drawn from 412 rows.')).toBeTruthy();
    expect(draft.prompt.template?.exemplars).toEqual(drawn);
  });

  it('says that no row qualifies instead of emptying the list', async () => {
    const { draft } = await step({ 'templates.drawExemplars': () => ({ exemplars: [], pool: 0 }) });
    await fireEvent.click(screen.getByTestId('exemplar-draw'));
    await fireEvent.click(screen.getByTestId('draw-replace'));
    expect(await screen.findByText(/No row qualifies/)).toBeTruthy();
    expect(draft.prompt.template?.exemplars).toHaveLength(3);
  });

  it('shows a pack before it is taken', async () => {
    const { draft } = await step();
    await fireEvent.click(screen.getByTestId('pack-picker'));
    expect(screen.getByTestId<HTMLButtonElement>('pack-take').disabled).toBe(true);
    await fireEvent.click(screen.getByTestId('tab-ko'));
    expect(screen.queryByTestId('pack-sentiment-en')).toBeNull();
    await fireEvent.click(screen.getByTestId('pack-sentiment-ko'));
    await waitFor(() =>
      expect(screen.getByTestId('pack-contents').textContent).toContain('긍정인지 부정인지'),
    );
    expect(draft.prompt.template?.name).toBe('Colours');
    await fireEvent.click(screen.getByTestId('pack-take'));
    expect(draft.prompt.template?.name).toBe('감성');
    expect(screen.getByTestId<HTMLSelectElement>('template-start').value).toBe('sentiment-ko');
    expect(screen.getByTestId('template-state').textContent).toMatch(/version 1 of “감성”/);
  });

  it('warns of the structured style where nobody saw the model follow a schema', async () => {
    await step();
    await fireEvent.change(screen.getByTestId('template-style'), {
      target: { value: 'structured' },
    });
    expect(screen.getByText(/Nobody has seen yet/)).toBeTruthy();
  });

  it('inserts a placeholder where the caret is', async () => {
    await step();
    const area = screen.getByTestId<HTMLTextAreaElement>('input-template');
    area.setSelectionRange(3, 10);
    await fireEvent.click(screen.getByRole('button', { name: 'Insert {choices}' }));
    expect(area.value).toBe('Q: {choices}\nA:');
    expect(screen.getByText(/Nothing of the row would be asked/)).toBeTruthy();
  });
});

describe('warnings', () => {
  it('name the part of a worked example that is missing, in the person’s language', () => {
    const warnings = [
      { code: 'exemplar-incomplete' as const, exemplar: 0, detail: 'rationale', tokens: null },
    ];
    i18n.use('ko');
    render(WarningList, { warnings, onjump: () => {} });
    expect(screen.getByTestId('prompt-warnings').textContent).toMatch(
      /풀이 예시 1.*빠진 것.*근거/s,
    );
  });

  it('are none, said plainly', () => {
    render(WarningList, { warnings: [], onjump: () => {} });
    expect(screen.getByText('Nothing to warn of.')).toBeTruthy();
    expect(screen.queryByTestId('prompt-warnings')).toBeNull();
  });
});
