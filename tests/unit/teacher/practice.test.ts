import { describe, expect, it } from 'vitest';
import { PromptStyle } from '../../../electron/contract/teacher.ts';
import { evaluateExpression } from '../../../electron/core/expression.ts';
import { Random } from '../../../electron/core/random.ts';
import { isCorrect } from '../../../electron/core/score.ts';
import { generateSample } from '../../../electron/stages/import/sample/index.ts';
import { TeacherClient } from '../../../electron/teacher/client.ts';
import { parseCompletion } from '../../../electron/teacher/parse.ts';
import { answerProblem } from '../../../electron/teacher/practice/answer.ts';
import { withMistake } from '../../../electron/teacher/practice/mistakes.ts';
import { practiceBaseUrl, practiceFetch } from '../../../electron/teacher/practice/server.ts';
import { readProblem } from '../../../electron/teacher/practice/solver.ts';
import { composePrompt, suggestTemplate } from '../../../electron/teacher/prompt.ts';
import { selectorFor } from '../../../electron/teacher/selection.ts';

const rows = generateSample({ rows: 2_000, seed: 3 });
const project = { id: 'p', task: 'arithmetic' as const, labels: [] };
const template = suggestTemplate(project);
const open = { labels: [], choices: null };
const read = (text: string) => parseCompletion(text, template.parse, 'arithmetic', open);
const answers = rows.map((row) => {
  const { text } = answerProblem(row.input);
  return { ...row, text, read: read(text) };
});

describe('the practice teacher', () => {
  it('says the same when it is asked again', () => {
    for (const { input, text } of answers) expect(answerProblem(input).text).toBe(text);
  });

  it('is wrong about as often as a real one, and unreadable now and then', () => {
    const unparsed = answers.filter(({ read: { label } }) => label === null);
    const right = answers.filter((row) => isCorrect('arithmetic', row.read.label, row.label, null));
    expect(unparsed.length / rows.length).toBeGreaterThan(0.002);
    expect(unparsed.length / rows.length).toBeLessThan(0.03);
    expect(right.length / rows.length).toBeGreaterThan(0.81);
    expect(right.length / rows.length).toBeLessThan(0.87);
  });

  it('has a wrong rationale in about half of its wrong answers, and never in a right one', () => {
    const wrong = answers.filter(
      ({ read: { label }, label: gold }) =>
        label !== null && !isCorrect('arithmetic', label, gold, null),
    );
    const misled = wrong.filter(({ read: { rationale }, rationale: gold }) => rationale !== gold);
    expect(misled.length / wrong.length).toBeGreaterThan(0.38);
    expect(misled.length / wrong.length).toBeLessThan(0.62);
    for (const row of answers) {
      if (row.read.label === row.label) expect(row.read.rationale).toBe(row.rationale);
    }
  });

  it('runs on into invented problems sometimes, which reading cuts away', () => {
    const runOn = answers.filter(({ text }) => text.includes('\n\nQ: '));
    expect(runOn.length / rows.length).toBeGreaterThan(0.2);
    for (const { read: cut } of runOn) expect(cut.rationale).not.toContain('Q:');
  });

  it('knows nothing outside the sample project, and gives no answer then', () => {
    for (const problem of ['What is the capital of France?', '', 'Ada has 5 beads.']) {
      const { text } = answerProblem(problem);
      expect(text).toBe("I only know the sample project's problems.");
      expect(read(text).label).toBeNull();
    }
  });
});

describe('its mistakes', () => {
  it('always change the value of the answer, and are made of the same words', () => {
    const words = new Set(rows.flatMap(({ rationale }) => rationale.match(/[A-Za-z]+/g) ?? []));
    for (const word of ['multiply', 'divided', 'to']) words.add(word);
    const random = new Random(1);
    for (const { input, label } of rows) {
      const solution = readProblem(input);
      if (solution === null) throw new Error(input);
      const wrong = withMistake(solution, input, random);
      expect(evaluateExpression(wrong.answer)).not.toBe(evaluateExpression(label));
      for (const word of wrong.rationale.match(/[A-Za-z]+/g) ?? []) expect(words).toContain(word);
    }
  });
});

describe('its server', () => {
  const client = new TeacherClient({
    baseUrl: practiceBaseUrl,
    provider: 'other',
    model: 'practice',
    apiVersion: null,
    key: null,
    timeoutSeconds: 5,
    retries: 0,
    capabilities: null,
    fetch: practiceFetch,
  });
  const written = (['en', 'ko'] as const).flatMap((language) =>
    PromptStyle.options.map((style) => ({ language, style })),
  );

  it.each(written)('answers the last question of a prompt ($language, $style)', async (way) => {
    const { style, language } = way;
    const given = { ...suggestTemplate(project, language), style };
    const select = selectorFor(given.exemplars, given.selection);
    const options = { temperature: 0, maxTokens: 256, stop: [], seed: null, count: 1 };
    for (const row of answers.slice(0, 20)) {
      const asked = { input: row.input, choices: null };
      const { messages, schema } = composePrompt(given, project, asked, select);
      const { completions, promptTokens } = await client.complete(messages, { ...options, schema });
      expect(completions).toMatchObject([{ text: row.text }]);
      expect(promptTokens).toBeGreaterThan(20);
      // Its English phrase is among those that a Korean template reads, too.
      const rules = [template.parse, given.parse];
      const labels = rules.map((rule) => parseCompletion(row.text, rule, 'arithmetic', open).label);
      expect(labels[1]).toBe(labels[0]);
    }
  });

  it('refuses what is no chat completion', async () => {
    const wrongPath = await practiceFetch(`${practiceBaseUrl}/models`);
    expect(wrongPath.status).toBe(404);
    const wrongBody = await practiceFetch(`${practiceBaseUrl}/chat/completions`, {
      method: 'POST',
      body: '{',
    });
    expect(wrongBody.status).toBe(400);
  });
});
