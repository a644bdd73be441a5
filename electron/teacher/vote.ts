import type { Task } from '../contract/entities.ts';
import { isCorrect } from '../core/score.ts';
import { normaliseText } from '../core/text.ts';

/** One answer to a row, as it was parsed. */
export interface ParsedSample {
  sample: number;
  label: string | null;
  rationale: string | null;
}

/** What the answers of one row come to. */
export interface Vote {
  /** The sample that stands for the row. */
  chosen: number;
  /** Samples whose rationales are kept; the chosen one first. */
  kept: number[];
  /** Answers that gave the chosen one's label. */
  votes: number;
  /** All answers, those without a label included. */
  answers: number;
}

/**
 * Self-consistency (Wang et al. 2023, "Self-Consistency Improves Chain of Thought Reasoning in
 * Language Models", section 2: an unweighted majority over the final answers of sampled reasoning).
 *
 * Answers are one answer when they score alike: equal values in arithmetic, the same choice however
 * it is named, equal text without regard to case elsewhere. An answer without a label has no vote.
 * Of labels with as many votes the one given first wins, and stands for the row as its first sample
 * wrote it. Where nothing has a label, the first sample stands for the row and none is kept.
 *
 * @param parses in the order of their samples, at least one
 * @param keep rationales to keep at most: the chosen one's, then others that differ in their words
 */
export function vote(
  task: Task,
  choices: readonly string[] | null,
  parses: readonly ParsedSample[],
  keep: number,
): Vote {
  const [winner] = camps(task, choices, parses).sort((a, b) => b.length - a.length);
  const chosen = winner?.[0];
  if (winner === undefined || chosen === undefined) {
    return { chosen: parses[0]?.sample ?? 0, kept: [], votes: 0, answers: parses.length };
  }
  return {
    chosen: chosen.sample,
    kept: [chosen.sample, ...otherRationales(chosen, winner, keep)],
    votes: winner.length,
    answers: parses.length,
  };
}

/** Samples that agree, in the order in which their answers were first given. */
function camps(
  task: Task,
  choices: readonly string[] | null,
  parses: readonly ParsedSample[],
): ParsedSample[][] {
  const found: { label: string; members: ParsedSample[] }[] = [];
  for (const parse of parses) {
    const { label } = parse;
    if (label === null) continue;
    const camp = found.find((each) =>
      isCorrect(task, label, each.label, choices, { match: 'normalised' }),
    );
    if (camp === undefined) found.push({ label, members: [parse] });
    else camp.members.push(parse);
  }
  return found.map(({ members }) => members);
}

/** Samples beside the chosen one whose rationales are new, so that `keep` rationales are kept in all. */
function otherRationales(
  chosen: ParsedSample,
  camp: readonly ParsedSample[],
  keep: number,
): number[] {
  const seen = new Set(chosen.rationale === null ? [] : [normaliseText(chosen.rationale)]);
  const kept: number[] = [];
  for (const { sample, rationale } of camp) {
    if (seen.size >= keep || rationale === null) continue;
    const words = normaliseText(rationale);
    if (!seen.has(words)) kept.push(sample);
    seen.add(words);
  }
  return kept;
}
