import { chromium } from 'playwright-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromiumFlags } from '../../build/chromium.mjs';

/** Trainings of a small student take this long at most, on a machine that is busy. */
const longest = 300_000;

/** Starts Chromium without a window. */
export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, headless: true, args: [...chromiumFlags] });

/** What the page complained about: errors in the console and uncaught exceptions. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text());
  });
  page.on('pageerror', (error) => heard.push(String(error)));
  return heard;
}

/** The screens as a person walks them: by clicking what is there. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(30_000);
  }

  at(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Follows the button that a finished step shows for the next one. */
  async next(step: string): Promise<void> {
    const link = this.at(`next-${step}`);
    await link.waitFor({ timeout: longest });
    await link.click();
    await this.page.locator(`[data-testid="step-${step}"][aria-current="page"]`).waitFor();
  }

  async goTo(step: string): Promise<void> {
    await this.at(`step-${step}`).click();
    await this.page.locator(`[data-testid="step-${step}"][aria-current="page"]`).waitFor();
  }

  /** Goes on through a wizard until it ends. */
  async finishWizard(): Promise<void> {
    const button = this.page.locator(
      '[data-testid="wizard-next"], [data-testid="start-extraction"]',
    );
    await button.waitFor();
    const current = () => this.page.locator('ol > li[aria-current="step"]').textContent();
    for (let before = await current(); ;) {
      await button.click();
      await this.page.waitForFunction(
        (text) => document.querySelector('ol > li[aria-current="step"]')?.textContent !== text,
        before,
      );
      if ((await button.count()) === 0) return;
      before = await current();
    }
  }

  /** Chooses a file of this text in the import wizard. */
  async upload(name: string, text: string): Promise<void> {
    const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
    await this.at('file-input').setInputFiles(file);
  }

  /** Presses Tab until this has the focus, which must be seen; fails when it is never reached. */
  async tabTo(testId: string): Promise<void> {
    const focused = () =>
      this.page.evaluate(() => {
        const element = document.activeElement;
        return {
          testId: element?.getAttribute('data-testid') ?? null,
          outlined: element !== null && getComputedStyle(element).outlineStyle !== 'none',
        };
      });
    for (let presses = 0; presses < 60; presses += 1) {
      await this.page.keyboard.press('Tab');
      const { testId: reached, outlined } = await focused();
      if (reached !== testId) continue;
      if (!outlined) throw new Error(`The focus on ${testId} can't be seen.`);
      return;
    }
    throw new Error(`Tab never reaches ${testId}.`);
  }

  async makeSample(rows: 300 | 1000 | 2000): Promise<void> {
    await this.at('sample-rows').selectOption(String(rows));
    await this.at('start-sample').click();
    await this.at('row-count').waitFor();
  }

  /** Lets the suggested teacher answer every row. */
  async extract(): Promise<void> {
    await this.next('teacher');
    await this.finishWizard();
  }

  /** Fills the form of a new teacher on any server. */
  async nameTeacher(teacher: { name: string; url: string; model: string }): Promise<void> {
    await this.at('choice-openai-compatible').check();
    // Its card covers the button itself.
    await this.at('preset-other').check({ force: true });
    await this.at('teacher-url').fill(teacher.url);
    await this.at('teacher-name').fill(teacher.name);
    await this.at('teacher-model').fill(teacher.model);
  }

  /** Looks at the server of the form, and waits until what it honours is known. */
  async probe(): Promise<void> {
    await this.at('teacher-probe').click();
    await this.at('probe-findings').waitFor();
  }

  /** Enters what a million tokens of the chosen model cost, in US dollars. */
  async setPrice(price: { input: number; output: number }): Promise<void> {
    await this.at('price-input').fill(String(price.input));
    await this.at('price-output').fill(String(price.output));
    await this.at('price-output').blur();
    await this.at('price-source')
      .getByText(/entered/i)
      .waitFor();
  }

  /** Takes a ready-made template. */
  async takePack(id: string): Promise<void> {
    await this.at('pack-picker').click();
    await this.at(`pack-${id}`).click();
    await this.at('pack-take').click();
    await this.at('pack-take').waitFor({ state: 'detached' });
  }

  /** Waits until the extraction's job is in this state. */
  async extraction(state: string): Promise<Locator> {
    const card = this.page.locator(`[data-testid="job-card"][data-state="${state}"]`);
    await card.waitFor({ timeout: longest });
    return card;
  }

  async split(): Promise<void> {
    await this.next('rationales');
    await this.next('split');
    await this.finishWizard();
  }

  /** Goes through the wizard of a training up to the check before its start. */
  async planTraining(plan: { methods: readonly string[]; steps: number }): Promise<void> {
    for (const method of ['step-by-step', 'finetune', 'distill']) {
      await this.at(`choice-${method}`).setChecked(plan.methods.includes(method));
    }
    await this.at('wizard-next').click();
    await this.at('row-counts').waitFor();
    await this.at('wizard-next').click();
    await this.at('choice-micro').waitFor();
    await this.at('wizard-next').click();
    await this.at('run-steps').fill(String(plan.steps));
    await this.at('run-steps').blur();
    await this.at('wizard-next').click();
    await this.at('preflight-again').waitFor({ timeout: longest });
  }

  /**
   * Trains with the paper's method and its two plain ones, and waits until the last run has ended.
   * @param timeout of that wait, milliseconds
   */
  async train(steps: number, timeout = longest): Promise<void> {
    await this.next('train');
    await this.at('way-new').click();
    await this.planTraining({ methods: ['step-by-step', 'finetune', 'distill'], steps });
    await this.at('wizard-next').click();
    await this.at('runs').waitFor();
    await this.at('next-compare').waitFor({ timeout });
  }

  /** Evaluates all students there are and waits for the scores of each. */
  async compare(students: number): Promise<void> {
    await this.next('compare');
    await this.at('evaluate').click();
    // Their scores come one after another.
    await this.at('score-student')
      .nth(students - 1)
      .waitFor({ timeout: longest });
    await this.at('job-card').waitFor({ state: 'hidden', timeout: longest });
    await this.at('next-export').waitFor({ timeout: longest });
  }

  async exportStudent(): Promise<void> {
    await this.next('export');
    await this.startExport();
    await this.at('export-proof').waitFor({ timeout: longest });
  }

  /** Goes through the wizard with what it suggests, and these formats beside or instead. */
  async startExport(choose: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.at('export-runs').waitFor();
    await this.at('wizard-next').click();
    await this.at('export-sum').waitFor();
    await choose();
    await this.at('wizard-next').click();
    await this.at('export-room').waitFor();
    await this.at('wizard-next').click();
    await this.at('export-start').click();
  }

  /** Asks the exported student and gives its answer as it stands on the screen. */
  async ask(question: string): Promise<string> {
    await this.at('try-input').fill(question);
    await this.at('try-ask').click();
    await this.at('try-answer').waitFor({ timeout: longest });
    return (await this.at('try-answer').textContent()) ?? '';
  }

  async setTheme(theme: 'light' | 'dark'): Promise<void> {
    await this.at('theme').selectOption(theme);
  }

  async setLanguage(language: 'en' | 'ko'): Promise<void> {
    await this.at('language').selectOption(language);
    await this.page.waitForFunction(
      (wanted) => document.documentElement.lang.startsWith(wanted),
      language,
    );
  }
}
