import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallName } from '../../electron/contract/calls.ts';
import type {
  PlaygroundAnswer,
  PlaygroundSystem,
  Project,
} from '../../electron/contract/entities.ts';
import { FileInspection } from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import FileAnswers from '../../renderer/wizards/compare/playground/FileAnswers.svelte';
import QuestionForm from '../../renderer/wizards/compare/playground/QuestionForm.svelte';
import Rounds from '../../renderer/wizards/compare/playground/Rounds.svelte';
import SystemTicks from '../../renderer/wizards/compare/playground/SystemTicks.svelte';
import { playgroundOf } from '../../renderer/wizards/compare/playground/kept.ts';
import { questionsIn } from '../../renderer/wizards/compare/playground/questions.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { createdAt, job } from './rows.ts';

const system = (key: string, more: Partial<PlaygroundSystem> = {}): PlaygroundSystem => ({
  ...{ key, kind: key.startsWith('run:') ? 'student' : 'teacher', name: key.split(':')[1] ?? key },
  ...{ teacherKind: key.startsWith('run:') ? null : 'practice', method: null, seed: null },
  ...{ needsTeacher: false, unavailable: null, costs: false, price: null },
  ...more,
});
const practice = system('teacher:practice');
const paid = system('teacher:paid', {
  ...{ teacherKind: 'openai-compatible', costs: true, price: { dollars: 0.002, basis: 'about' } },
});
const recorded = system('teacher:recorded', { teacherKind: 'recorded', unavailable: 'No.' });
const steps = system('run:steps', { method: 'step-by-step', seed: 1 });
const reads = system('run:reads', { method: 'rationale-input', needsTeacher: true, seed: 1 });

const answer = (key: string, more: Partial<PlaygroundAnswer> = {}): PlaygroundAnswer => ({
  ...{ system: key, label: 'five', rationale: 'Add them.', confidence: 0.9, probabilities: [] },
  ...{ labelMilliseconds: 12, milliseconds: 80, cost: null, completion: null, savedFor: null },
  ...more,
});

/** Answers questions when the test says so. */
class WaitingTransport extends FakeTransport {
  readonly questions: { system: string; input: unknown; reply: (value: unknown) => void }[] = [];

  override invoke(name: CallName, input: unknown): Promise<unknown> {
    if (name !== 'playground.ask') return super.invoke(name, input);
    this.asked.push({ name, input });
    return new Promise((resolve) => {
      const asked =
        typeof input === 'object' && input !== null && 'system' in input ? input.system : '';
      this.questions.push({ system: String(asked), input, reply: resolve });
    });
  }

  /** Answers the newest question to a system. */
  reply(key: string, more: Partial<PlaygroundAnswer> = {}): void {
    this.#to(key).reply({ ok: true, value: answer(key, more) });
  }
  refuse(key: string, error: { code: string; message: string; hint: string }): void {
    this.#to(key).reply({ ok: false, error });
  }
  #to(key: string) {
    const found = this.questions.findLast((each) => each.system === key);
    if (found === undefined) throw new Error(`${key} was not asked.`);
    return found;
  }
}

const projectOf = (task: Project['task']): Project => ({
  ...{ id: 'p1', name: 'Colours', task, labels: [], synthetic: false, createdAt },
});

function open(systems: readonly PlaygroundSystem[], task: Project['task'] = 'text') {
  const transport = new WaitingTransport({
    'examples.page': () => ({ rows: [], total: 0 }),
    'playground.cancel': () => ({}),
  });
  const { app, context } = inApp(transport);
  const playground = playgroundOf(app, 'p1');
  playground.take(systems, []);
  render(SystemTicks, { props: { playground }, context });
  render(QuestionForm, { props: { playground, project: projectOf(task) }, context });
  render(Rounds, { props: { playground }, context });
  return { app, context, transport, playground };
}

const typed = (): HTMLElement => screen.getByTestId('playground-input');
const card = (key: string): HTMLElement => {
  const found = screen
    .getAllByTestId('playground-card')
    .find((each) => each.dataset['system'] === key);
  if (found === undefined) throw new Error(`There is no card of ${key}.`);
  return found;
};
const ask = async (text: string): Promise<void> => {
  await fireEvent.input(typed(), { target: { value: text } });
  await fireEvent.click(screen.getByTestId('playground-ask'));
};

beforeEach(() => i18n.use('en'));

describe('the playground', () => {
  it('asks all who are ticked at the same time, and each card fills as its answer comes', async () => {
    const { transport } = open([practice, steps]);
    await fireEvent.input(typed(), { target: { value: 'How many?' } });
    await fireEvent.keyDown(typed(), { key: 'Enter', ctrlKey: true });
    await waitFor(() => expect(transport.questions).toHaveLength(2));
    expect(screen.getByTestId('playground-status').textContent).toContain('0 of 2');
    transport.reply('run:steps', {
      confidence: null,
      probabilities: [
        { label: 'five', probability: 0.75 },
        { label: 'six', probability: 0.25 },
      ],
    });
    await waitFor(() => expect(card('run:steps').dataset['state']).toBe('answered'));
    expect(card('teacher:practice').dataset['state']).toBe('asked');
    const filled = within(card('run:steps'));
    expect(filled.getByTestId('playground-label').textContent).toBe('five');
    expect(filled.getAllByRole('listitem').map((each) => each.textContent)).toEqual([
      expect.stringContaining('75.0%'),
      expect.stringContaining('25.0%'),
    ]);
    expect(filled.getByTestId('playground-time').textContent).toContain('12 ms');
    expect(screen.getByTestId('playground-status').textContent).toContain('1 of 2');
    transport.reply('teacher:practice', { confidence: null, completion: 'Add them: five.' });
    await waitFor(() => expect(card('teacher:practice').dataset['state']).toBe('answered'));
    expect(card('teacher:practice').textContent).toContain('practice, made up');
    expect(card('teacher:practice').textContent).toContain('Add them: five.');
  });

  it('shows a failure as a sentence on its card alone, and asks that one again', async () => {
    const { transport } = open([practice, steps]);
    await ask('How many?');
    await waitFor(() => expect(transport.questions).toHaveLength(2));
    transport.refuse('teacher:practice', {
      ...{ code: 'teacher-unauthorized', message: 'The teacher does not accept the key.' },
      hint: 'Start the extraction again.',
    });
    transport.reply('run:steps');
    await waitFor(() => expect(card('teacher:practice').dataset['state']).toBe('failed'));
    const failed = within(card('teacher:practice'));
    expect(failed.getByTestId('playground-failure').textContent).toContain('accept the key');
    expect(failed.getByTestId('playground-failure').textContent).toContain('then ask again');
    expect(card('run:steps').textContent).toContain('Probability of this label: 90.0%');
    await fireEvent.click(failed.getByTestId('playground-again'));
    await waitFor(() => expect(transport.questions).toHaveLength(3));
    transport.reply('teacher:practice', { label: null, completion: 'Hm.' });
    await waitFor(() => expect(card('teacher:practice').textContent).toContain('no label'));
  });

  it('gives a student the rationale of the teacher’s answer, or the one that is typed, and says which', async () => {
    const { transport, playground } = open([practice, reads]);
    await fireEvent.click(screen.getByTestId('ask-run:reads'));
    await ask('How many?');
    await waitFor(() => expect(transport.questions).toHaveLength(1));
    transport.reply('teacher:practice', { rationale: 'Two and three.' });
    await waitFor(() => expect(transport.questions).toHaveLength(2));
    expect(transport.questions[1]?.input).toMatchObject({ teacherRationale: 'Two and three.' });
    transport.reply('run:reads', { rationale: null });
    await waitFor(() => expect(card('run:reads').textContent).toContain('teacher’s answer here'));

    playground.clear();
    const field = screen.getByTestId('playground-rationale');
    await fireEvent.input(field, { target: { value: 'Typed.' } });
    await ask('Again?');
    await waitFor(() => expect(transport.questions).toHaveLength(4));
    expect(transport.questions[3]?.input).toMatchObject({ teacherRationale: 'Typed.' });
    transport.reply('run:reads', { rationale: null });
    await waitFor(() => expect(card('run:reads').textContent).toContain('that you typed'));

    playground.clear();
    await fireEvent.input(field, { target: { value: '' } });
    await ask('And now?');
    await waitFor(() => expect(transport.questions).toHaveLength(4));
    transport.reply('teacher:practice', { label: null, rationale: 'I do not know.' });
    await waitFor(() => expect(transport.questions).toHaveLength(5));
    transport.reply('teacher:practice', { label: null, rationale: 'I do not know.' });
    await waitFor(() => expect(transport.questions).toHaveLength(6));
    expect(transport.questions[5]?.input).toMatchObject({ teacherRationale: null });
  });

  it('says what asking costs before, and ticks no such teacher by itself', async () => {
    const { playground } = open([paid, recorded, steps]);
    expect(playground.ticked.map(({ key }) => key)).toEqual(['run:steps']);
    expect(screen.queryByTestId('playground-cost')).toBeNull();
    expect(screen.getByTestId('playground-systems').textContent).toContain(
      'About $0.0020 a question',
    );
    expect(screen.getByTestId('playground-systems').textContent).toContain(
      'can’t be asked anything',
    );
    await fireEvent.click(screen.getByTestId('ask-teacher:paid'));
    await fireEvent.click(screen.getByTestId('playground-lines'));
    await fireEvent.input(typed(), { target: { value: 'one\n\ntwo\nthree' } });
    expect(screen.getByTestId('playground-cost').textContent).toContain('3 questions');
    expect(screen.getByTestId('playground-cost').textContent).toContain('$0.0060');
    expect(screen.getByTestId('playground-ask').textContent).toContain('3');
  });

  it('puts lines one after another to each system, and lets all go that are not answered', async () => {
    const { transport, playground } = open([practice, steps]);
    playground.byLine = true;
    await ask('one\ntwo');
    await waitFor(() => expect(transport.questions).toHaveLength(2));
    transport.reply('run:steps');
    await waitFor(() => expect(transport.questions).toHaveLength(3));
    expect(transport.questions[2]?.input).toMatchObject({ system: 'run:steps', text: 'two' });
    await fireEvent.click(screen.getByTestId('playground-stop'));
    expect(transport.inputsOf('playground.cancel')).toHaveLength(2);
    transport.reply('teacher:practice');
    transport.reply('run:steps');
    await waitFor(() => expect(playground.open).toHaveLength(0));
    const states = screen.getAllByTestId('playground-card').map((each) => each.dataset['state']);
    expect(states.sort()).toEqual(['answered', 'stopped', 'stopped', 'stopped']);
  });

  it('hands choices over where the task has them, and is there again on the next visit', async () => {
    const { app, transport } = open([steps], 'multiple-choice');
    const field = screen.getByTestId('playground-choices');
    await fireEvent.input(field, { target: { value: 'two\n five \n' } });
    await ask('How many?');
    await waitFor(() => expect(transport.questions).toHaveLength(1));
    expect(transport.questions[0]?.input).toMatchObject({ choices: ['two', 'five'] });
    expect(playgroundOf(app, 'p1').rounds).toHaveLength(1);
    expect(playgroundOf(app, 'p2').rounds).toHaveLength(0);
  });

  it('asks nobody without a question or a tick, and not too many at once', async () => {
    open([steps]);
    const button = screen.getByTestId('playground-ask');
    expect(button).toHaveProperty('disabled', true);
    await fireEvent.click(screen.getByTestId('playground-lines'));
    await fireEvent.input(typed(), { target: { value: 'so?\n'.repeat(51) } });
    expect(screen.getByText(/At most 50 questions/)).toBeTruthy();
    expect(button).toHaveProperty('disabled', true);
    await fireEvent.input(typed(), { target: { value: 'so?' } });
    await fireEvent.click(screen.getByTestId('ask-run:steps'));
    expect(screen.getByText(/Tick somebody/)).toBeTruthy();
    expect(questionsIn(' a\nb ', false)).toEqual(['a\nb']);
  });

  it('speaks Korean too', () => {
    i18n.use('ko');
    open([practice, steps]);
    expect(screen.getByTestId('playground-ask').textContent).toContain('묻기');
  });
});

describe('a file for students', () => {
  const inspection = {
    ...{ file: { fileId: 'f1', name: 'rows.csv', bytes: 20 }, format: 'csv', container: null },
    ...{ entries: [], entry: null, encoding: 'UTF-8', delimiter: ',', header: true, skipped: 0 },
    ...{ columns: ['id', 'question'], rows: [{ id: '1', question: 'So?' }], values: {} },
    ...{ rowsSeen: 1, whole: true, suggestedTask: 'text' },
    suggested: {
      ...{ id: 'id', input: 'question', template: null, label: null, choices: [] },
      ...{ rationale: null, completion: null, labelMap: {}, part: null, keep: [] },
    },
  } as const;

  it('is chosen, shown, answered by the ticked students and listed with a link', async () => {
    const started = job({
      id: 'j1',
      kind: 'predict-file',
      subjectId: null,
      title: 'Answer rows.csv',
    });
    const file = {
      ...{ id: 'j1', projectId: 'p1', systems: ['run:steps'], format: 'csv' as const },
      ...{ path: '/w/data/rows-answered.csv', rows: 1, bytes: 40, createdAt },
    };
    const transport = new FakeTransport({
      'import.inspect': () => FileInspection.parse(inspection),
      'playground.predictFile': () => started,
      'playground.files': () => [file],
    });
    const { app, context } = inApp(transport);
    app.info = {
      version: '1',
      mode: 'browser',
      platform: 'linux',
      workspace: '/w',
      keychain: false,
    };
    const playground = playgroundOf(app, 'p1');
    playground.take([steps, reads], []);
    render(FileAnswers, { props: { playground, project: projectOf('text') }, context });
    const input = screen.getByTestId('playground-file-input');
    await fireEvent.change(input, { target: { files: [new File(['x'], 'rows.csv')] } });
    expect(await screen.findByTestId('first-rows')).toBeTruthy();
    expect(screen.getByTestId('column-question')).toHaveProperty('checked', true);
    expect(screen.getByTestId('column-id')).toHaveProperty('checked', false);
    expect(screen.getByText(/may take one that begins with =/)).toBeTruthy();
    playground.tick('run:reads', true);
    await waitFor(() =>
      expect(screen.getByTestId('playground-file-start')).toHaveProperty('disabled', true),
    );
    await fireEvent.change(screen.getByTestId('rationale-column'), { target: { value: 'id' } });
    await fireEvent.click(screen.getByTestId('playground-file-start'));
    await waitFor(() => expect(transport.inputsOf('playground.predictFile')).toHaveLength(1));
    expect(transport.inputsOf('playground.predictFile')[0]).toMatchObject({
      ...{ runIds: ['steps', 'reads'], fileId: 'f1', columns: ['question'], format: 'csv' },
      ...{ choices: null, rationale: 'id' },
    });
    expect(await screen.findByTestId('job-card')).toBeTruthy();
    const link = screen.getByTestId('predicted-download');
    expect([link.getAttribute('href'), link.textContent]).toEqual([
      '/data/j1',
      'rows-answered.csv',
    ]);
  });
});
