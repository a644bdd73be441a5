import { basename } from 'node:path';
import { runSettingsDefaults } from '../../contract/entities.ts';
import type {
  ImportedAsking,
  Project,
  RunSettings,
  StudentManifest,
} from '../../contract/entities.ts';
import { answerFormatOf } from '../../core/methods.ts';
import { plainFormat } from '../../model/answering.ts';

/** What is known of a student that is to become a run. */
export interface Known {
  readonly folder: string;
  /** Of configuration, weights and tokenizer. */
  readonly sha256: string;
  readonly manifest: StudentManifest | null;
  /** Said by a person, where there is no manifest. */
  readonly asking: ImportedAsking | null;
}

/**
 * The settings of an imported run: those that it was trained with, where its folder says them. Else
 * only how it is asked is a fact; the rest has to have values and is shown nowhere. Its files then
 * stand among the settings, so that two strangers are never taken for two seeds of one recipe.
 */
export function settingsOf({ folder, sha256, manifest, asking }: Known): RunSettings | null {
  if (manifest?.origin) return manifest.origin.settings;
  const method = manifest?.method ?? asking?.method;
  if (method === undefined) return null;
  const lengths = manifest ?? plainFormat;
  const defaults = runSettingsDefaults;
  return {
    ...defaults,
    method,
    labelSource: method === 'distill' ? 'teacher' : 'gold',
    rationales: 'parsed',
    lambda: 1,
    preset: 'folder',
    student: { id: sha256, name: basename(folder), sha256 },
    labelPrefix: (manifest ?? asking)?.labelPrefix ?? '',
    rationalePrefix: (manifest ?? asking)?.rationalePrefix ?? '',
    answerMark: manifest?.answerMark ?? defaults.answerMark,
    rationaleMark: manifest?.rationaleMark ?? defaults.rationaleMark,
    ...{ steps: 1, batchSize: 1, learningRate: 1e-3, weightDecay: 0, warmupShare: 0, clipNorm: 1 },
    ...{ evaluateEvery: 1, validationRows: 1, vocabularySize: 300, seed: 0 },
    maxInputTokens: between(8, lengths.maxInputTokens, 4_096),
    maxLabelTokens: between(2, lengths.maxLabelTokens, 1_024),
    maxRationaleTokens: between(2, lengths.maxRationaleTokens, 1_024),
  };
}

/** What the run's own copy of the folder says: a checkpoint of this project. */
export function manifestOf(
  { task, labels }: Pick<Project, 'task' | 'labels'>,
  settings: RunSettings,
): StudentManifest {
  return { format: 1, method: settings.method, task, labels, ...answerFormatOf(settings) };
}

const between = (low: number, value: number, high: number): number =>
  Math.min(high, Math.max(low, value));
