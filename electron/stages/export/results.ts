import { isLessAccurate, isReal } from '../../contract/entities.ts';
import type { Accuracy, ExportProof } from '../../contract/entities.ts';
import { methodTraits } from '../../core/methods.ts';
import { precisionNote } from '../../model/export/huggingface/precision.ts';
import type { CardFacts, CardSpeed } from './card.ts';
import { formatWords, percent, points } from './words.ts';

/** Measured scores with their intervals. */
export function resultLines({ test, validation, teacherTest, run }: CardFacts): string[] {
  const line = (who: string, score: Accuracy) =>
    `| ${who} | ${percent(score.accuracy)} | ${percent(score.low)} to ${percent(score.high)} | ${score.correct} / ${score.rows} |`;
  const lines = [
    ...(test ? [line('student, test', test)] : []),
    ...(validation ? [line('student, validation', validation)] : []),
    ...(teacherTest ? [line('teacher, test', teacherTest)] : []),
  ];
  if (!test && !validation) return ['This student was not measured yet.'];
  return [
    '| | accuracy | 95% interval (Wilson) | right / rows |',
    '|---|---|---|---|',
    ...lines,
    '',
    ...(methodTraits[run.settings.method].needsTeacher
      ? ["The student was given the teacher's rationale for every row.", '']
      : []),
    ...(test ? [] : ['It was not measured on the test part.', '']),
    'One run: a difference inside the intervals is not shown to be real, and another seed would come to other figures.',
  ];
}

/** How fast it answered where that was measured. */
export function speedLines(speed: CardSpeed | null): string[] {
  if (speed === null) return [];
  const { median, throughput, engine, threads, device, busy } = speed;
  const where = `${device ?? engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return [
    `Speed of the run's own student where it was trained (${where}): ${milliseconds(median)} from question to label (median)${throughput === null ? '' : `, ${throughput.toFixed(1)} questions a second many at once`}.${busy ? ' The computer was busy with something else then.' : ''}`,
    '',
  ];
}

/** How this very folder was tried after it was written. */
export function proofLines({ format, proof }: CardFacts): string[] {
  const lines = format === 'training' ? untried : proof === null ? null : proven(proof);
  if (lines === null) return [];
  const note = precisionNote(format);
  return [
    ...['## Proof of this export', ''],
    ...[`${formatWords[format]}. ${lines.join(' ')}`, ''],
    ...(note === null ? [] : [note, '']),
  ];
}

const untried = [
  'Nothing is decoded from it: `expected.json` has the losses that its training must come to.',
];

function proven(proof: ExportProof): string[] {
  const { rows, equal, exact, openedWith, part } = proof;
  const opened = `After it was written it was opened with ${openedWith ?? 'the app'}${proof.trainedWith === null ? '' : ` (the run was trained with ${proof.trainedWith})`} and answered ${rows} ${part} rows:`;
  const answered = exact
    ? 'every label and rationale is the same, token for token, as what the run’s student writes.'
    : `${equal} of them are the same, token for token, as what the run’s student writes.`;
  const whole = 'The hashes of all files are in `certificate.json`.';
  return [opened, answered, ...(exact ? [] : changeLines(proof)), whole];
}

function changeLines({ accuracy }: ExportProof): string[] {
  if (accuracy === null) return [];
  const { run, exported, difference } = accuracy;
  const verdict = isLessAccurate({ accuracy })
    ? '**Warning: it is less accurate than the run’s student.**'
    : isReal(difference, run.rows)
      ? 'It is more accurate than the run’s student.'
      : 'That is no difference that these rows show to be real.';
  return [
    `Accuracy on these rows: ${share(exported)} against ${share(run)} of the run’s student, a difference of ${points(difference.value)} points (95% interval ${points(difference.low)} to ${points(difference.high)}).`,
    verdict,
  ];
}

const share = ({ accuracy, low, high }: Accuracy): string =>
  `${percent(accuracy)} (${percent(low)} to ${percent(high)})`;

/** What the teacher and the training have cost, as far as it was written down. */
export function costLines({ teacher, teaching, trainingSeconds, run }: CardFacts): string[] {
  const asked =
    teaching === null || teacher?.kind !== 'openai-compatible'
      ? []
      : [`- Teacher: ${spendWords(teaching.spend)}`];
  const hours =
    trainingSeconds === null
      ? '- Training: the time was not measured.'
      : `- Training: ${duration(trainingSeconds)} on one computer${run.engine === null ? '' : `, engine ${run.engine}`}`;
  return [...asked, hours, '- Energy and carbon were not measured, so no estimate is given.'];
}

function spendWords({
  cost,
  requests,
  promptTokens,
  completionTokens,
  estimated,
}: NonNullable<CardFacts['teaching']>['spend']): string {
  const tokens = `${whole(requests)} requests, ${whole(promptTokens)} prompt and ${whole(completionTokens)} answer tokens${estimated ? ' (some counted here)' : ''}`;
  return cost === null
    ? `${tokens}; no price was entered`
    : `${tokens}; ${cost.toFixed(cost < 1 ? 4 : 2)} US dollars by the prices that were entered`;
}

const whole = (count: number): string => count.toLocaleString('en-US');

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3_600).toFixed(1)} hours`;
}

const milliseconds = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
