import type { Project } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import type {
  Exemplar,
  ExemplarPack,
  ExemplarSelection,
  Language,
  TemplateDraft,
} from '../../contract/teacher.ts';
import { normaliseText } from '../../core/text.ts';
import { english } from './en/index.ts';
import { korean } from './ko/index.ts';
import { parseRulesOf, wordings } from './pack.ts';
import type { Pack } from './pack.ts';

/** What a template needs to know of the project it is for. */
export type PackProject = Pick<Project, 'id' | 'task' | 'labels'>;

export const everyPack: readonly Pack[] = [...english, ...korean];

/** The ready-made templates, for a list to choose from. */
export const packs: readonly ExemplarPack[] = everyPack.map((pack) => ({
  id: idOf(pack),
  language: pack.language,
  use: pack.use,
  task: pack.task,
  exemplars: pack.exemplars.length,
  labels: [...pack.labels],
}));

/** The pack that a project starts with when its labels are those of no other. */
const generalUse: Readonly<Record<Project['task'], ExemplarPack['use']>> = {
  arithmetic: 'arithmetic',
  'multiple-choice': 'commonsense',
  classification: 'classification',
  text: 'text',
};

/** All exemplars, in their order; the numbers matter once another way is chosen. */
const selection: ExemplarSelection = { how: 'all', count: 4, seed: 0 };

/**
 * A pack as a template of a project, not yet saved. Where the project has labels of the pack's
 * meaning in the other language, or spelled otherwise, the exemplars answer with those. A project
 * with some of the pack's labels and no others (positive and negative, but not neutral) gets the
 * exemplars of those; of any other the labels that it lacks stay, and `warningsOf` names them.
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
  const wording = wordings[pack.language];
  return {
    projectId: project.id,
    name: pack.name,
    style: 'few-shot-cot',
    instruction: instructionOf(pack, project.labels),
    inputTemplate: pack.inputTemplate ?? wording.inputTemplate,
    exemplars: exemplarsOf(pack, project.labels),
    selection: { ...selection },
    answerPhrase: wording.answerPhrase,
    parse: parseRulesOf(pack),
  };
}

/**
 * The pack a project starts with: the one whose labels, in either language, the project's are or are
 * among, else the general one of its task.
 */
export function suggestedPack(project: PackProject, language: Language): string {
  const fitting = everyPack.filter(
    (pack) => pack.task === project.task && pack.language === language,
  );
  const own = fitting.find((pack) => coversLabels(pack, project.labels));
  const pack = own ?? fitting.find(({ use }) => use === generalUse[project.task]);
  if (pack === undefined) throw new RangeError(`no pack for ${project.task} in ${language}`);
  return idOf(pack);
}

function idOf({ use, language }: Pack): string {
  return `${use}-${language}`;
}

/** A project without labels gets the pack's into the instruction, where there are any. */
function instructionOf(pack: Pack, labels: readonly string[]): string {
  if (labels.length > 0) return pack.instruction;
  if (pack.labels.length > 0) return pack.instruction.replace('{labels}', pack.labels.join(', '));
  return pack.openInstruction ?? pack.instruction;
}

function exemplarsOf(pack: Pack, labels: readonly string[]): Exemplar[] {
  const covered = coversLabels(pack, labels);
  return pack.exemplars.flatMap(({ input, choices, rationale, answer }) => {
    const own = inLabels(pack, answer, labels);
    if (covered && own === null) return [];
    return {
      input,
      choices: choices === undefined ? null : [...choices],
      rationale,
      answer: own ?? answer,
    };
  });
}

/** A pack's label as the project spells it, in either language; null where it has none like it. */
function inLabels(pack: Pack, label: string, labels: readonly string[]): string | null {
  const index = pack.labels.indexOf(label);
  const meant = translations(pack).flatMap(({ labels: names }) => names[index] ?? []);
  return (
    labels.find((own) => meant.some((name) => normaliseText(name) === normaliseText(own))) ?? null
  );
}

/** Whether the project's labels, two at least, all are labels of the pack, each of its own meaning. */
function coversLabels(pack: Pack, labels: readonly string[]): boolean {
  const meant = pack.labels.filter((label) => inLabels(pack, label, labels) !== null);
  return labels.length > 1 && meant.length === labels.length;
}

/** The pack itself and the one of the same use in the other language: their labels correspond. */
function translations(pack: Pack): readonly Pack[] {
  return everyPack.filter(({ use }) => use === pack.use);
}
