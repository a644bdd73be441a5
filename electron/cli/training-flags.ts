import type { Command } from 'commander';
import { EngineId, Method, RunSettings } from '../contract/entities.ts';
import { numberFor, readNames, wordFor } from './arguments.ts';

export const methodWords: readonly Method[] = Method.options;

const whole = (flag: string, example: string, max: number, min = 1) =>
  numberFor(flag, example, { min, max, whole: true });
const number = (flag: string, example: string, min: number, max: number, above = false) =>
  numberFor(flag, example, { min, max, above });
const { shape } = RunSettings;

/** Adds every setting of a training to a command, but for its method; without one, it is suggested. */
export function addTrainingOptions(command: Command): Command {
  addStudentOptions(command);
  addTeachingOptions(command);
  addLearningOptions(command);
  return addLengthOptions(command);
}

/** Which student, and which of its parts learn. */
export function addStudentOptions(command: Command): Command {
  const presets = ['micro', 'mini', 'small'] as const;
  const parts = shape.freeze.unwrap().element.options;
  return command
    .option(
      '--preset <size>',
      'a student from scratch: micro, mini or small',
      wordFor('--preset', presets),
    )
    .option('--student <name>', 'a pretrained student of the list, by name or id')
    .option('--lora', 'train adapters instead of the matrices, with a rate that suits them')
    .option(
      '--lora-rank <n>',
      'adapters of this rank; made for pretrained students, one from scratch learns little so',
      whole('--lora-rank', '8', 1_024),
    )
    .option(
      '--lora-alpha <x>',
      'weight of the adapters, divided by their rank; twice the rank otherwise',
      number('--lora-alpha', '16', 0, 1e6, true),
    )
    .option(
      '--freeze <parts>',
      'parts that stay as they are: embeddings, encoder',
      (text: string) => readNames(text).map(wordFor('--freeze', parts)),
    )
    .option(
      '--tokenizer <from>',
      'of a student from scratch: own (this run’s texts) or shared (the same for every method)',
      wordFor('--tokenizer', shape.tokenizer.unwrap().options),
    )
    .option(
      '--engine <id>',
      'what computes: cpu, webgpu, cuda or tensorflow; see stepwise engines',
      wordFor('--engine', EngineId.options),
    );
}

/** What is learned from which rows. */
export function addTeachingOptions(command: Command): Command {
  const sources = ['gold', 'teacher'] as const;
  const patience = whole('--early-stopping', '5', 1_000);
  return command
    .option(
      '--labels <source>',
      'labels that are learned, where the method leaves it open: gold or teacher',
      wordFor('--labels', sources),
    )
    .addOption(
      command
        .createOption('--label-source <source>', 'the same')
        .argParser(wordFor('--label-source', sources))
        .hideHelp(),
    )
    .option(
      '--rationales <which>',
      'parsed (all of them), agrees-with-gold, accepted or healthy; never those that were rejected',
      wordFor('--rationales', shape.rationales.options),
    )
    .option(
      '--without-rationale <what>',
      'a row whose rationale is left out: label-only (teaches its label) or drop',
      wordFor('--without-rationale', shape.withoutRationale.unwrap().options),
    )
    .option(
      '--rationales-per-row <which>',
      'of several: chosen, all (an example each) or sampled (another one in each epoch)',
      wordFor('--rationales-per-row', shape.rationalesPerRow.unwrap().options),
    )
    .option(
      '--suspicion-limit <n>',
      'with --rationales healthy: rows with this sum of flags or more are left out',
      whole('--suspicion-limit', '3', 100),
    )
    .option(
      '--rationale-cap <tokens>',
      'cut rationales at the last sentence that ends within so many tokens',
      whole('--rationale-cap', '64', 1_024, 4),
    )
    .option(
      '--rationale-dropout <share>',
      'share of rows whose rationale is left out, drawn anew in each epoch',
      number('--rationale-dropout', '0.2', 0, 0.99),
    )
    .option(
      '--train-share <share>',
      'share of the training rows that is used; smaller shares are part of larger ones',
      number('--train-share', '0.5', 0, 1, true),
    )
    .option(
      '--lambda <x>',
      'weight of the rationale loss: L = L_label + lambda * L_rationale',
      number('--lambda', '1', 0, 100),
    )
    .option(
      '--alpha <x>',
      'the same as in the published code: alpha * L_label + (1 - alpha) * L_rationale',
      number('--alpha', '0.5', 1 / 101, 1),
    )
    .option(
      '--mutual-information <weight>',
      'also draw the two tasks’ outputs together (arXiv 2403.03348, there 0.1)',
      number('--mutual-information', '0.1', 0, 10),
    )
    .option(
      '--early-stopping <n>',
      'stop when so many evaluations in a row brought no better validation',
      patience,
    )
    .option('--no-early-stopping', 'do all steps');
}

/** How it learns. */
export function addLearningOptions(command: Command): Command {
  return command
    .option('--steps <n>', 'training steps', whole('--steps', '300', 1_000_000))
    .option(
      '--epochs <n>',
      'in place of --steps: how often each row is seen',
      number('--epochs', '10', 0, 10_000, true),
    )
    .option('--batch-size <n>', 'rows computed at once', whole('--batch-size', '16', 512))
    .option(
      '--accumulate <n>',
      'micro-batches of --batch-size rows that make up one step',
      whole('--accumulate', '4', 1_024),
    )
    .option(
      '--accumulation <how>',
      'token-weighted (as one big batch) or mean-of-means',
      wordFor('--accumulation', shape.accumulation.unwrap().options),
    )
    .option(
      '--optimizer <name>',
      'adamw, or adafactor (much less memory)',
      wordFor('--optimizer', shape.optimizer.unwrap().options),
    )
    .option(
      '--learning-rate <r>',
      'highest learning rate',
      number('--learning-rate', '0.001', 0, 1, true),
    )
    .option(
      '--schedule <course>',
      'learning rate after the warm-up: linear, constant or cosine',
      wordFor('--schedule', shape.schedule.unwrap().options),
    )
    .option(
      '--warmup-share <share>',
      'share of the steps in which the rate rises',
      number('--warmup-share', '0.05', 0, 1),
    )
    .option('--weight-decay <x>', 'decoupled weight decay', number('--weight-decay', '0.01', 0, 1))
    .option(
      '--clip-norm <x>',
      'longest gradient that is followed',
      number('--clip-norm', '1', 0, 1_000, true),
    )
    .option(
      '--dropout <rate>',
      'share of activations dropped in training; 0.1 is usual for pretrained students',
      number('--dropout', '0.1', 0, 0.99),
    )
    .option(
      '--label-smoothing <share>',
      'share of each target that is spread over the vocabulary',
      number('--label-smoothing', '0.1', 0, 0.99),
    )
    .option(
      '--evaluate-every <n>',
      'steps between validations',
      whole('--evaluate-every', '100', 1_000_000),
    )
    .option(
      '--validation-rows <n>',
      'validation rows decoded each time',
      whole('--validation-rows', '200', 1_000_000),
    )
    .option(
      '--keep-every <n>',
      'beside the best and the newest, keep the student of every n-th validation',
      whole('--keep-every', '5', 1_000),
    )
    .option(
      '--seed <n>',
      'seed of the starting weights, the order of the rows and the share of them',
      whole('--seed', '1', Number.MAX_SAFE_INTEGER, 0),
    );
}

/** Lengths, words and marks. */
export function addLengthOptions(command: Command): Command {
  return command
    .option('--max-input-tokens <n>', 'of an input', whole('--max-input-tokens', '64', 4_096, 8))
    .option('--max-label-tokens <n>', 'of a label', whole('--max-label-tokens', '16', 1_024, 2))
    .option(
      '--max-rationale-tokens <n>',
      'of a rationale',
      whole('--max-rationale-tokens', '96', 1_024, 2),
    )
    .option(
      '--vocabulary-size <n>',
      'tokens of a tokenizer that is made here',
      whole('--vocabulary-size', '2048', 32_000, 300),
    )
    .option('--label-prefix <text>', 'stands before an input that asks for a label')
    .option('--rationale-prefix <text>', 'stands before an input that asks for a rationale')
    .option('--answer-mark <text>', 'single-task: stands between rationale and label')
    .option('--rationale-mark <text>', 'rationale-input: stands before the rationale');
}
