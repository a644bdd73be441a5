import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  JudgePair,
  JudgeProgress,
  JudgeResult,
  System,
} from '../../electron/contract/entities.ts';
import { i18n } from '../../renderer/lib/i18n/index.svelte.ts';
import { Comparison } from '../../renderer/wizards/compare/comparison.svelte.ts';
import JudgeView from '../../renderer/wizards/compare/judge/JudgeView.svelte';
import { judgeCommandOf } from '../../renderer/wizards/compare/judge/keys.ts';
import { FakeTransport, inApp } from './fakes.ts';
import { overview } from './rows.ts';

beforeEach(() => i18n.use('en'));

const teacher: System = {
  ...{ key: 'teacher:x', kind: 'teacher', name: 'PaLM', teacherKind: 'recorded' },
  ...{ method: null, labelSource: null, seed: null, trainRows: null, studyId: null, group: null },
  ...{ imported: null, needsTeacher: false, answered: 20, withConfidence: 0, complete: true },
};
const student = (name: string, method: 'step-by-step' | 'finetune'): System => ({
  ...teacher,
  ...{ key: `run:${name}`, kind: 'student', name, teacherKind: null, method },
  ...{ labelSource: 'gold', seed: 1, trainRows: 100, group: name },
});
const pairOf = (exampleId: number): JudgePair => ({
  ...{ exampleId, externalId: `row-${exampleId}`, input: 'How many?', choices: null, gold: '3' },
  left: { label: '3', rationale: `left text ${exampleId} ${'long '.repeat(2_000)}` },
  right: { label: null, rationale: `right text ${exampleId}` },
});

/** A main that has so many pairs and remembers what was said. */
class FakeJudge {
  readonly said: [number, string][] = [];
  revealedAfter: number | null = null;
  readonly pairs: number;
  verdict: JudgeResult['verdict'] = 'not-shown';

  constructor(pairs: number) {
    this.pairs = pairs;
  }
  progress = (): JudgeProgress => ({
    ...{ judged: this.said.length, pairs: this.pairs, revealedAfter: this.revealedAfter },
  });
  next = (): JudgePair | null =>
    this.said.length < this.pairs ? pairOf(this.said.length + 1) : null;
  result = (): JudgeResult => {
    this.revealedAfter ??= this.said.length;
    return {
      ...this.progress(),
      ...{ splitId: 's1', part: 'test', a: 'run:one', b: 'teacher:x' },
      ...{ preferA: 8, preferB: 12, both: 1, neither: 2 },
      share: { correct: 8, rows: 20, accuracy: 0.4, low: 0.22, high: 0.61 },
      ...{ p: 0.503, verdict: this.verdict },
    };
  };
}

function open(judge: FakeJudge, systems = [teacher, student('one', 'step-by-step')]) {
  const transport = new FakeTransport({
    'judge.progress': judge.progress,
    'judge.next': judge.next,
    'judge.save': (input) => {
      const { exampleId, choice } = input as { exampleId: number; choice: string };
      judge.said.push([exampleId, choice]);
      return judge.progress();
    },
    'judge.undo': () => {
      const newest = judge.said.pop();
      return newest === undefined ? null : pairOf(newest[0]);
    },
    'judge.result': judge.result,
  });
  const { app, context } = inApp(transport);
  const comparison = new Comparison(app, 'p1');
  comparison.splitId = 's1';
  comparison.all = { rows: 20, withGold: 20, looks: 0, systems };
  render(JudgeView, { props: { comparison, overview: overview({}) }, context });
  return { transport };
}
const press = (key: string): Promise<unknown> => fireEvent.keyDown(document.body, { key });
/** Answers that are under way have come: a key that is pressed before is no judgement. */
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
const shown = (row: number): Promise<void> =>
  waitFor(() => expect(screen.getByTestId('judge-left').textContent).toContain(`text ${row} `));

describe('judging', () => {
  it('goes on by key: left, right, both, neither', async () => {
    const judge = new FakeJudge(5);
    open(judge);
    for (const [at, key] of ['1', '2', '3', '4'].entries()) {
      await shown(at + 1);
      await press(key);
    }
    await shown(5);
    expect(judge.said).toEqual([
      [1, 'left'],
      [2, 'right'],
      [3, 'both'],
      [4, 'neither'],
    ]);
    expect(screen.getByTestId('judge-progress').textContent).toContain('4 of 5 pairs judged');
    expect(screen.getByTestId('judge-said').textContent).toBe('Next: row row-5');
  });

  it('takes the newest back with U, on a Korean keyboard too', async () => {
    const judge = new FakeJudge(3);
    open(judge);
    await shown(1);
    await press('1');
    await shown(2);
    await fireEvent.keyDown(document.body, { key: 'ㅕ', code: 'KeyU' });
    await shown(1);
    expect(judge.said).toEqual([]);
    expect(
      judgeCommandOf({ key: 'u', code: 'KeyU', ctrlKey: true, metaKey: false, altKey: false }),
    ).toBeNull();
  });

  it('leaves keys alone that are typed into a field', async () => {
    const judge = new FakeJudge(2);
    open(judge);
    await shown(1);
    await fireEvent.keyDown(screen.getByTestId('judge-first'), { key: '1' });
    expect(judge.said).toEqual([]);
  });

  it('asks for no result and names nobody beside a text before somebody wants to see it', async () => {
    const judge = new FakeJudge(3);
    const { transport } = open(judge);
    await shown(1);
    await press('1');
    await shown(2);
    expect(transport.inputsOf('judge.result')).toEqual([]);
    expect(screen.getByTestId('judge-pair').textContent).not.toMatch(/PaLM|one\b/);
    expect(screen.queryByTestId('judge-result')).toBeNull();
  });

  it('tells the result in words, and from then on that it was seen', async () => {
    const judge = new FakeJudge(3);
    open(judge);
    await shown(1);
    await press('1');
    await shown(2);
    await fireEvent.click(screen.getByTestId('judge-reveal'));
    expect((await screen.findByTestId('judge-verdict')).textContent).toContain(
      'No preference shown; 12 of 20 judgements with a preference are for PaLM.',
    );
    expect(screen.getByTestId('judge-result').textContent).toContain(
      '60.0%, 95% interval from 39.0% to 78.0%',
    );
    expect(screen.getByTestId('judge-revealed').textContent).toContain('after 1 judgement.');
    await settled();
    await press('2');
    await waitFor(() => expect(judge.said).toHaveLength(2));
    expect(screen.getByTestId('judge-revealed')).toBeTruthy();
  });

  it('names who is preferred where that is shown', async () => {
    const judge = new FakeJudge(1);
    judge.verdict = 'b';
    open(judge);
    await shown(1);
    await press('2');
    await screen.findByTestId('judge-done');
    await fireEvent.click(screen.getByTestId('judge-reveal'));
    expect((await screen.findByTestId('judge-verdict')).textContent).toContain('PaLM is preferred');
  });

  it('says what is missing where only one system explains itself', async () => {
    open(new FakeJudge(3), [teacher, student('two', 'finetune')]);
    expect((await screen.findByTestId('empty-state')).textContent).toContain('write labels alone');
  });

  it('says that there is nothing to judge', async () => {
    open(new FakeJudge(0));
    await screen.findByTestId('no-pairs');
    expect(screen.queryByTestId('judge-pair')).toBeNull();
  });

  it('speaks Korean', async () => {
    i18n.use('ko');
    open(new FakeJudge(3));
    expect((await screen.findByTestId('choose-left')).textContent).toContain('왼쪽이 나음');
  });
});
