import type { ExemplarPack, Language, ParseRules } from '../../contract/teacher.ts';

/** An exemplar as packs write it; without `choices` it has none. */
export interface PackExemplar {
  readonly input: string;
  readonly choices?: readonly string[];
  readonly rationale: string;
  readonly answer: string;
}

/**
 * A ready-made template in one language. Every sentence was written for this app: none is from a
 * data set, and the Korean packs are no translations of the English ones.
 */
export interface Pack {
  readonly use: ExemplarPack['use'];
  readonly language: Language;
  readonly task: ExemplarPack['task'];
  readonly name: string;
  /** Labels its exemplars use, in the same order in both languages; empty where there are no classes. */
  readonly labels: readonly string[];
  /** `{labels}` and `{format}` as in `prompt.ts`. */
  readonly instruction: string;
  /** In its place for a project without labels, where the pack has none either. */
  readonly openInstruction?: string;
  /** Where it differs from the language's own. */
  readonly inputTemplate?: string;
  /** Beginnings of an invented next problem that only this pack's inputs have. */
  readonly stopSequences?: readonly string[];
  readonly exemplars: readonly PackExemplar[];
}

/** How prompts are written in one language. */
export interface Wording {
  readonly inputTemplate: string;
  readonly answerPhrase: string;
  /** Phrases that announce an answer, the one asked for first. */
  readonly phrases: readonly string[];
  readonly stopSequences: readonly string[];
}

export const wordings: Readonly<Record<Language, Wording>> = {
  en: {
    inputTemplate: 'Q: {input}\nA:',
    answerPhrase: 'So the answer is',
    phrases: ['So the answer is', 'The answer is', 'Answer:'],
    stopSequences: ['\nQ:', '\nQuestion:'],
  },
  // The phrase ends with a colon, so that the bare label follows: after 답은 it would take a particle.
  ko: {
    inputTemplate: '문제: {input}\n답변:',
    answerPhrase: '정답:',
    phrases: ['정답:', '정답은', '답:', '답은', 'So the answer is', 'The answer is', 'Answer:'],
    stopSequences: ['\n문제:', '\nQ:'],
  },
};

/** Servers take four stop sequences; a pack has no more. */
export function stopSequencesOf(pack: Pack): string[] {
  return [...wordings[pack.language].stopSequences, ...(pack.stopSequences ?? [])];
}

/**
 * Rules that read answers of every style: JSON first, since the reasoning inside an object may hold
 * the phrase as well.
 */
export function parseRulesOf(pack: Pack): ParseRules {
  return {
    stopSequences: stopSequencesOf(pack),
    rules: [
      { kind: 'json', answer: 'answer', rationale: 'rationale' },
      { kind: 'phrases', phrases: [...wordings[pack.language].phrases] },
    ],
    read: 'task',
  };
}

/**
 * Whether an exemplar lists classes of its own in its first line, as those of the general
 * classification packs do, so that none teaches a label outside the project's label set.
 */
export function namesOwnClasses(exemplar: Pick<PackExemplar, 'input' | 'answer'>): boolean {
  const listed = /^(?:Classes|분류): ([^\n]+?)\.?\n/.exec(exemplar.input)?.[1];
  return listed?.split(', ').includes(exemplar.answer) ?? false;
}
