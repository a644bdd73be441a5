import type { Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type {
  ExemplarPack,
  ExemplarSelection,
  Language,
  TemplateDraft,
} from '../../contract/teacher.ts';
import { normaliseText } from '../../core/text.ts';
import { arithmetic } from './en/arithmetic.ts';
import { classification } from './en/classification.ts';
import { commonsense } from './en/commonsense.ts';
import { text } from './en/text.ts';
import { parseRulesOf, wordings } from './pack.ts';
import type { Pack } from './pack.ts';

export const everyPack: readonly Pack[] = [arithmetic, commonsense, classification, text];

/** What a template needs to know of the project it is for. */
export type PackProject = Pick<Project, 'id' | 'task' | 'labels'>;

/** All exemplars, in their order; the numbers matter only once another way is chosen. */
const wholePack: ExemplarSelection = { how: 'all', count: 4, seed: 0 };

/** The ready-made templates, for a list to choose from. */
export const packs: readonly ExemplarPack[] = everyPack.map((pack) => ({
  id: idOf(pack),
  language: pack.language,
  use: pack.use,
  task: pack.task,
  exemplars: pack.exemplars.length,
  labels: [...pack.labels],
}));

/**
 * A pack as a template of a project, not yet saved.
 *
 * @throws StudioError not-found when there is no such pack
 */
export function packTemplate(packId: string, project: PackProject): TemplateDraft {
  const pack = everyPack.find((candidate) => idOf(candidate) === packId);
  if (pack === undefined) {
    throw new StudioError(
      'not-found',
      `There is no exemplar pack "${packId}".`,
      'Choose one of those in the list.',
    );
  }
  return draftOf(pack, project);
}

/**
 * The pack a project starts with: the one whose labels are the project's, else the general one of
 * its task.
 */
export function suggestedPack(project: PackProject, language: Language): string {
  const fitting = everyPack.filter(
    (pack) => pack.task === project.task && pack.language === language,
  );
  const own = fitting.find(({ labels }) => labels.length > 0 && sameLabels(labels, project.labels));
  const general = fitting.find(({ use }) => use === generalUse[project.task]);
  const pack = own ?? general;
  if (pack === undefined) throw new RangeError(`no pack for ${project.task} in ${language}`);
  return idOf(pack);
}

const generalUse: Readonly<Record<Project['task'], ExemplarPack['use']>> = {
  arithmetic: 'arithmetic',
  'multiple-choice': 'commonsense',
  classification: 'classification',
  text: 'text',
};

function draftOf(pack: Pack, project: PackProject): TemplateDraft {
  const wording = wordings[pack.language];
  return {
    projectId: project.id,
    name: pack.name,
    style: 'few-shot-cot',
    instruction: pack.instruction,
    inputTemplate: pack.inputTemplate ?? wording.inputTemplate,
    exemplars: pack.exemplars.map(({ input, choices, rationale, answer }) => ({
      input,
      choices: choices === undefined ? null : [...choices],
      rationale,
      answer,
    })),
    selection: { ...wholePack },
    answerPhrase: wording.answerPhrase,
    parse: parseRulesOf(pack),
  };
}

function idOf({ use, language }: Pack): string {
  return `${use}-${language}`;
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  const [left, right] = [new Set(a.map(normaliseText)), new Set(b.map(normaliseText))];
  return left.size === right.size && [...left].every((label) => right.has(label));
}
