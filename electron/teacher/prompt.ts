import type { Exemplar, Project, PromptTemplate } from '../contract/entities.ts';
import { composeInput } from '../core/text.ts';
import { exemplars } from './exemplars.ts';
import { defaultParseRules } from './parse.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user';
  readonly content: string;
}

/** A template as it is before it is saved. */
export type TemplateDraft = Omit<PromptTemplate, 'id' | 'version' | 'createdAt'>;

/** What the prompt shows of an example: never its gold label. */
export interface PromptRow {
  readonly input: string;
  readonly choices: readonly string[] | null;
}

const answerPhrase = 'So the answer is';

/**
 * The built-in few-shot chain-of-thought template for the project's task (paper section 3.1:
 * exemplars of input, rationale and label, then the input to be labelled). The label set of a
 * classification project stands in the instruction.
 */
export function suggestTemplate(project: Pick<Project, 'id' | 'task' | 'labels'>): TemplateDraft {
  const rules = defaultParseRules(project.task);
  return {
    projectId: project.id,
    name: 'Few-shot chain of thought',
    instruction: instructionFor(project),
    exemplars: [...exemplars[project.task]],
    answerPhrase,
    parse: {
      stopSequences: rules.stopSequences,
      // The exemplars' answers stand without parentheses around them; so are they read.
      answerPhrases: rules.answerPhrases.filter((phrase) => !phrase.endsWith('(')),
    },
  };
}

/**
 * The messages that ask for one row: the instruction, then the exemplars and the row as
 * `Q: … / A: …`, ending where the teacher is to go on.
 */
export function composeMessages(
  template: Pick<TemplateDraft, 'instruction' | 'exemplars' | 'answerPhrase'>,
  row: PromptRow,
): ChatMessage[] {
  const worked = template.exemplars.map((exemplar) =>
    workedExample(exemplar, template.answerPhrase),
  );
  const content = [...worked, `${questionOf(row)}\nA:`].join('\n\n');
  const user: ChatMessage = { role: 'user', content };
  const instruction = template.instruction.trim();
  return instruction === '' ? [user] : [{ role: 'system', content: instruction }, user];
}

/** `Q: … \nA: rationale. So the answer is ….` */
function workedExample(exemplar: Exemplar, phrase: string): string {
  const answer = exemplar.answer.endsWith('.') ? exemplar.answer : `${exemplar.answer}.`;
  return `${questionOf(exemplar)}\nA: ${exemplar.rationale.trim()} ${phrase.trim()} ${answer}`;
}

function questionOf(row: PromptRow): string {
  return `Q: ${composeInput(row.input, row.choices)}`;
}

function instructionFor(project: Pick<Project, 'task' | 'labels'>): string {
  const form = `Think in two to four short sentences, then end with "${answerPhrase}" and`;
  switch (project.task) {
    case 'arithmetic':
      return (
        'You solve word problems by writing the arithmetic expression that gives the answer. ' +
        `${form} the expression with the numbers of the problem, such as ( 3 * 4 ) + 5, not its value.`
      );
    case 'multiple-choice':
      return `You answer questions by choosing one of the choices. ${form} the letter and the text of one choice.`;
    case 'classification':
      return project.labels.length === 0
        ? `You assign a class to a text. ${form} the class.`
        : `You assign one of these classes to a text: ${project.labels.join(', ')}. ${form} exactly one of these classes.`;
    case 'text':
      return `You answer questions briefly. ${form} the answer in as few words as possible.`;
  }
}
