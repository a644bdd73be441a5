import { splitSettingsDefaults } from '../../contract/entities.ts';
import type { Project, SplitSettings } from '../../contract/entities.ts';
import { StudioError } from '../../contract/errors.ts';
import { settingsHash } from '../../core/hash.ts';
import type { Store } from '../../store/store.ts';

export const defaultSplitSettings: SplitSettings = {
  ...splitSettingsDefaults,
  kind: 'random',
  validation: 0.1,
  test: 0.1,
  stratify: true,
  groupByMaskedText: true,
  seed: 1,
};

/** Refuses settings by which no rows could be divided. @throws StudioError invalid-input */
export function refuseImpossible(settings: SplitSettings): void {
  const { kind, fold } = settings;
  if (fold === null && settings.validation + settings.test >= 1) {
    throw new StudioError(
      'invalid-input',
      'The shares of validation and test leave nothing to train on.',
      'Let the two shares add up to less than 1, for example 0.1 and 0.1.',
    );
  }
  if (kind === 'time' && settings.timeColumn === null) {
    throw new StudioError(
      'invalid-input',
      'A split by time needs a column that says when each row was.',
      'Choose one of the columns that were kept when the rows were imported.',
    );
  }
  if (fold !== null && kind !== 'random') {
    throw new StudioError(
      'invalid-input',
      'Folds are drawn: they can’t be given, or follow the time.',
      'Choose a drawn split for folds.',
    );
  }
  if (fold !== null && fold.index >= fold.of) {
    throw new StudioError(
      'invalid-input',
      `There is no fold ${fold.index + 1} of ${fold.of}.`,
      `Folds are numbered from 0 to ${fold.of - 1}.`,
    );
  }
}

/** What a person chose, with what can't apply switched off. @throws StudioError invalid-input */
export function effective(settings: SplitSettings, project: Project): SplitSettings {
  refuseImpossible(settings);
  const { kind, groupByMaskedText } = settings;
  return {
    ...settings,
    stratify: settings.stratify && kind !== 'time' && project.task === 'classification',
    maskNames: settings.maskNames && groupByMaskedText,
    timeColumn: kind === 'time' ? settings.timeColumn : null,
  };
}

/**
 * What a report of the leak guard is about: these settings, these rows and the exemplars of these
 * prompts. Data sets change by being imported (anew) only, prompts by new versions: no row needs to
 * be read.
 */
export function leakKey(store: Store, projectId: string, settings: SplitSettings): string {
  const data = store.data.list(projectId).map(({ id, rows, sourceSha256, givenPart, mapping }) => ({
    ...{ id, rows, sourceSha256, givenPart, mapping },
  }));
  const prompts = store.teachers.templates(projectId).map(({ id }) => id);
  return settingsHash({ settings, data, prompts });
}
