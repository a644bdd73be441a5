import { describe, expect, it } from 'vitest';
import { Task } from '../../../electron/contract/entities.ts';
import { evaluateExpression } from '../../../electron/core/expression.ts';
import { exemplars } from '../../../electron/teacher/exemplars.ts';
import { parseCompletion } from '../../../electron/teacher/parse.ts';
import { composeMessages, suggestTemplate } from '../../../electron/teacher/prompt.ts';

const labels = ['spam', 'ham'];
const template = (task: Task) => suggestTemplate({ id: 'p', task, labels });

describe.each(Task.options)('the built-in prompt for %s', (task) => {
  it('has three to five exemplars', () => {
    expect(template(task).exemplars.length).toBeGreaterThanOrEqual(3);
    expect(template(task).exemplars.length).toBeLessThanOrEqual(5);
  });

  it('ends every exemplar with an answer that its own rules read back', () => {
    const { parse, answerPhrase } = template(task);
    for (const { rationale, answer, choices } of exemplars[task]) {
      const read = parseCompletion(`${rationale} ${answerPhrase} ${answer}.`, parse, task, {
        labels: [],
        choices,
      });
      expect(read).toEqual({ rationale, label: answer.replace(/^\([a-z]\) /, '') });
      if (choices !== null) expect(choices).toContain(read.label);
    }
  });

  it('shows instruction, exemplars and the row, and stops where the teacher goes on', () => {
    const choices = task === 'multiple-choice' ? ['one', 'two'] : null;
    const messages = composeMessages(template(task), { input: 'What is it?', choices });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user']);
    const content = messages[1]?.content ?? '';
    const shown = choices === null ? '' : '\nAnswer Choices:\n(a) one\n(b) two';
    expect(content.endsWith(`\n\nQ: What is it?${shown}\nA:`)).toBe(true);
    expect(content.match(/^Q: /gm)).toHaveLength(template(task).exemplars.length + 1);
    expect(content.match(/So the answer is .+\.$/gm)).toHaveLength(template(task).exemplars.length);
  });
});

describe('the instruction', () => {
  it('names the label set of a classification project', () => {
    expect(template('classification').instruction).toContain('spam, ham');
  });

  it('is no message of its own when a person empties it', () => {
    const messages = composeMessages(
      { ...template('text'), instruction: ' ' },
      { input: 'x', choices: null },
    );
    expect(messages.map(({ role }) => role)).toEqual(['user']);
  });
});

describe('the arithmetic exemplars', () => {
  it('answer with expressions over numbers of their problem', () => {
    for (const { input, answer } of exemplars.arithmetic) {
      expect(evaluateExpression(answer)).not.toBeNull();
      for (const number of answer.match(/\d+/g) ?? []) {
        expect(input.match(/\d+/g)).toContain(number);
      }
    }
  });
});
