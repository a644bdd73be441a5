import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../build/chromium.mjs';
import { useBrowserStudio } from './browser-studio.ts';
import { tinyRows } from './rows.ts';
import type { StudioPage } from './studio-page.ts';
import { startTeacher } from './teacher-server.ts';
import type { TeacherServer } from './teacher-server.ts';

const chromium = findChromium();

const things = ['주전자', '우산', '의자', '전등', '가방', '시계', '컵', '이불'];
const good = ['튼튼해서 매일 씁니다', '생각보다 훨씬 편합니다', '선물했더니 모두 좋아합니다'];
const bad = ['이틀 만에 고장이 났습니다', '냄새가 심해서 못 씁니다', '사진과 전혀 다릅니다'];

/** Korean reviews made up here, half of each kind, with their labels. */
const reviews = Array.from({ length: 40 }, (_, index) => {
  const kind = index % 2 === 0 ? good : bad;
  const thing = things[index % things.length];
  const text = `${index + 1}번 ${thing}: ${kind[index % kind.length]}.`;
  return { text, label: kind === good ? '긍정' : '부정' };
});

/** What the stand-in says to a review: every fourth time in other words than it was asked for. */
function judge(prompt: string): string {
  const row = reviews.findLast(({ text }) => prompt.includes(text));
  if (row === undefined) return '네.';
  const number = Number.parseInt(row.text, 10);
  const reason = `쓴 사람이 물건을 ${row.label === '긍정' ? '반깁니다' : '나무랍니다'}.`;
  return number % 4 === 0 ? `${reason} 결론은 ${row.label}.` : `${reason} 정답: ${row.label}`;
}

describe.skipIf(chromium === null)(
  `a teacher on a server${chromium === null ? ' (left out: no Chromium here)' : ''}`,
  () => {
    let teacher: TeacherServer;
    let studio: StudioPage;
    let heard: readonly string[];

    afterEach(() => teacher.close());
    const open = useBrowserStudio(chromium);
    beforeEach(() => {
      ({ studio, heard } = open());
    });

    /** Imports rows as a new project and opens the first step of its extraction. */
    async function begin(name: string, csv: readonly string[]): Promise<void> {
      await studio.at('start-own').click();
      await studio.upload(name, csv.join('\n'));
      await studio.at('inspection').waitFor();
      await studio.finishWizard();
      await studio.next('teacher');
    }

    /** Waits until a figure says this: it follows the saved rows a moment later. */
    const shows = (testId: string, figure: string) =>
      expect.poll(() => studio.at(testId).textContent()).toBe(figure);
    const text = async (testId: string) => (await studio.at(testId).textContent()) ?? '';

    it('is probed, piloted with a Korean pack, paused, resumed, read by other rules and reported', async () => {
      teacher = await startTeacher({ delay: 150, answer: judge, models: ['tiny', 'large'] });
      const rows = reviews.map((row) => `${row.text},${row.label}`);
      await begin('reviews.csv', ['input,label', ...rows]);

      await studio.nameTeacher({ name: 'Local', url: teacher.url, model: '' });
      await studio.at('teacher-probe').click();
      await studio
        .at('look-result')
        .getByText(/2 models/)
        .waitFor();
      await studio.at('teacher-model').fill('tiny');
      await studio.probe();
      expect(await text('probe-findings')).toContain('tiny');
      await studio.at('wizard-next').click();

      await studio.takePack('sentiment-ko');
      await studio.at('prompt-preview').getByText('문제:').first().waitFor();
      expect(await text('prompt-preview')).toContain(reviews[0]?.text);
      expect(await text('prompt-tokens')).toMatch(/\d/);
      await studio.at('instruction').fill('글쓴이의 마음이 긍정인지 부정인지 말하시오.');
      await studio.at('prompt-preview').getByText('글쓴이의 마음이').first().waitFor();
      await studio.at('wizard-next').click();

      await studio.at('pilot-rows').fill('12');
      await studio.at('estimate').getByText('No answer has come yet').waitFor();
      await studio.at('extraction-advanced').click();
      await studio.at('concurrency').fill('2');
      await studio.at('start-extraction').click();
      await studio.at('pilot-outcome').waitFor();
      await shows('pilot-parsed', '91.7%');
      await studio.at('estimate').getByText('From 12 answers').waitFor();
      expect(await text('estimate')).toContain('28');

      await studio.at('change-prompt').click();
      await studio.at('instruction').waitFor();
      expect(await studio.at('instruction').inputValue()).toContain('글쓴이의 마음이');
      await studio.goTo('teacher');

      const before = teacher.asked();
      await studio.at('ask-rest').click();
      await studio.at('continue-go').click();
      const running = await studio.extraction('running');
      await studio.at('live-row').first().waitFor();
      await running.getByRole('button', { name: /^Pause/ }).click();
      const paused = await studio.extraction('paused');
      const stood = teacher.asked();
      expect(stood).toBeLessThan(before + 28);
      await studio.page.reload();
      await paused.getByRole('button', { name: /^Resume/ }).click();
      await studio.at('next-rationales').waitFor();
      expect(teacher.asked(), 'no row was asked twice').toBe(before + 28);
      await shows('live-answers', '40');

      await studio.at('open-parse').click();
      await studio.at('parse-bench').getByText(/40/).first().waitFor();
      await shows('bench-before', '30');
      await studio.at('rule-add').click();
      await studio.at('rule-kind').last().selectOption('pattern');
      await studio.at('rule-pattern').last().fill('결론은 (\\S+)\\.');
      await shows('bench-after', '40');
      await studio.at('parse-apply').click();
      await shows('bench-before', '40');
      expect(teacher.asked(), 'the teacher is not asked for that').toBe(before + 28);

      await studio.goTo('rationales');
      await studio.at('tab-health').click();
      await shows('summary-parsed', '40');
      await studio.goTo('teacher');
      await studio.at('open-report').click();
      await studio.at('report').waitFor();
      expect(await text('report-parsed')).toBe('100.0%');
      expect(await text('report-accuracy')).toBe('100.0%');
      expect(await text('confusion')).toMatch(/긍정.*부정/s);
      expect(heard).toEqual([]);
    });

    it('goes on by keyboard alone from a pilot to the report, and never loses the focus', async () => {
      teacher = await startTeacher({ delay: 60, answer: judge });
      const rows = reviews.map((row) => `${row.text},${row.label}`);
      await begin('reviews.csv', ['input,label', ...rows]);
      const { keyboard } = studio.page;
      const focused = () =>
        studio.page.evaluate(() => {
          const element = document.activeElement;
          return element?.getAttribute('data-testid') ?? element?.tagName ?? null;
        });
      await studio.nameTeacher({ name: 'Local', url: teacher.url, model: 'tiny' });
      await studio.at('teacher-probe').focus();
      await keyboard.press('Enter');
      await studio.at('probe-findings').waitFor();
      expect(await focused()).toBe('teacher-probe');
      await studio.tabTo('wizard-next');
      await keyboard.press('Enter');
      await studio.at('prompt-tokens').waitFor();
      await studio.at('wizard-next').click();
      await studio.at('concurrency').waitFor({ state: 'attached' });
      await studio.tabTo('start-extraction');
      await keyboard.press('Enter');
      await studio.at('pilot-right').waitFor();
      expect(await focused()).toBe('H1');

      await studio.tabTo('ask-rest');
      await keyboard.press('Enter');
      await studio.at('continue-rows').waitFor();
      await keyboard.press('Escape');
      await studio.at('continue-rows').waitFor({ state: 'detached' });
      expect(await focused()).toBe('ask-rest');
      await keyboard.press('Enter');
      await studio.at('max-requests').fill('1');
      await studio.at('continue-go').click();
      expect(await focused(), 'less than was sent is no limit').toBe('max-requests');
      await studio.at('max-requests').fill('');
      await studio.tabTo('continue-go');
      await keyboard.press('Enter');
      await studio.at('job-card').waitFor();
      await expect.poll(focused).toBe('H1');
      await studio.tabTo('job-turn');
      await keyboard.press('Enter');
      await studio.extraction('paused');
      expect(await focused(), 'the same button now resumes').toBe('job-turn');
      await keyboard.press('Enter');
      await studio.at('job-card').waitFor({ state: 'detached' });
      await expect.poll(focused).toBe('H1');

      await studio.tabTo('see-report');
      await keyboard.press('Enter');
      await studio.at('report').waitFor();
      expect(await focused()).toBe('H1');
      expect(heard).toEqual([]);
    });

    it('stops before the budget is crossed, and goes on when it is raised', async () => {
      teacher = await startTeacher({
        delay: 20,
        answer: () => 'Both are small. So the answer is (1 + 1).',
      });
      await begin('sums.csv', [
        'input,label',
        ...tinyRows(40).map((row) => `"${row.input}",${row.label}`),
      ]);
      await studio.nameTeacher({ name: 'Paid', url: teacher.url, model: 'tiny' });
      await studio.probe();
      const probed = teacher.asked();
      await studio.setPrice({ input: 1_000, output: 2_000 });
      await studio.at('wizard-next').click();
      await studio.at('wizard-next').click();
      await studio.at('choice-all').check();
      await studio.at('no-pilot').waitFor();
      await studio.at('choice-pilot').check();
      await studio.at('pilot-rows').fill('10');
      await studio.at('max-tokens').fill('40');
      await studio.at('start-extraction').click();
      await studio.at('pilot-outcome').waitFor();
      await studio.at('estimate').getByText('likely').waitFor();
      const spent = await studio.at('spend').locator('strong').textContent();
      const each = Number(/[\d.]+/.exec(spent ?? '')?.[0]) / 10;
      expect(each).toBeGreaterThan(0);

      // Enough for about half of the thirty rows that are left.
      const budget = (each * 25).toFixed(2);
      await studio.at('ask-rest').click();
      await studio.at('budget').fill(budget);
      await studio.at('continue-go').click();
      await studio.at('cap-pause').waitFor();
      expect(await text('cap-pause')).toContain('is spent');
      const line = (await studio.at('spend').locator('strong').first().textContent()) ?? '';
      const [used = NaN, cap = NaN] = (line.match(/[\d.]+/g) ?? []).map(Number);
      expect(used).toBeLessThanOrEqual(cap);
      expect(teacher.asked()).toBeLessThan(probed + 40);

      await studio.at('cap-pause').getByText('will likely cost').waitFor();
      await studio.at('raise').click();
      await studio.at('next-rationales').waitFor();
      await shows('live-answers', '40');
      expect(teacher.asked(), 'no row was asked twice').toBe(probed + 40);
      expect(heard).toEqual([]);
    });

    it('tells what the server refused in its words, and asks only that again', async () => {
      let healed = false;
      teacher = await startTeacher({
        answer: (prompt) =>
          !healed && prompt.includes('Cem has 4')
            ? { status: 400, message: 'This text is not welcome here.' }
            : 'Both are small. So the answer is (1 + 1).',
      });
      await begin('sums.csv', [
        'input,label',
        ...tinyRows(6).map((row) => `"${row.input}",${row.label}`),
      ]);
      await studio.nameTeacher({ name: 'Strict', url: teacher.url, model: 'tiny' });
      await studio.finishWizard();
      await studio.at('failures').getByText('This text is not welcome here.').waitFor();
      await shows('live-answers', '5');
      await shows('live-failed', '1');
      healed = true;
      const asked = teacher.asked();
      await studio.at('failures').getByTestId('retry-failed').click();
      await shows('live-answers', '6');
      await studio.at('failures').waitFor({ state: 'detached' });
      expect(teacher.asked()).toBe(asked + 1);
      expect(heard).toEqual([]);
    });

    it('answers a row several times, and tells how far the answers agree', async () => {
      teacher = await startTeacher({
        answer: (prompt, count, sample) =>
          prompt.includes('Ada has') && (count + sample) % 3 === 0
            ? 'I guess. So the answer is (9 + 9).'
            : 'Two and nothing. So the answer is (2 + 0).',
      });
      await begin('sums.csv', [
        'input,label',
        ...tinyRows(4).map((row) => `"${row.input}",${row.label}`),
      ]);
      await studio.nameTeacher({ name: 'Local', url: teacher.url, model: 'tiny' });
      await studio.probe();
      await studio.at('wizard-next').click();
      await studio.at('wizard-next').click();
      await studio.at('samples').fill('5');
      expect(await studio.at('temperature').inputValue()).toBe('0.7');
      await studio.at('keep-rationales').fill('2');
      await studio.at('start-extraction').click();
      await studio.next('rationales');
      await studio.at('samples-of-row').waitFor();
      expect(await studio.at('samples-of-row').locator('li').count()).toBe(5);
      expect(await text('samples-of-row')).toContain('rationale kept');
      await studio.goTo('teacher');
      await studio.at('open-report').click();
      expect(await text('report-agreement')).toMatch(/5 of 5/);
      expect(heard).toEqual([]);
    });
  },
);
