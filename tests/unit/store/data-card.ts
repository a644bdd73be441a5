import { DataCard } from '../../../electron/contract/entities.ts';

/** The card of three rows. */
export const card: DataCard = DataCard.parse({
  ...{ read: 3, skipped: 0, skippedReasons: [], dropped: 0, unlabelled: 0 },
  duplicates: { exact: 0, normalised: 0, conflicting: 0 },
  ...{ labels: [{ label: '7', rows: 3 }], moreLabels: 0, tokens: null, languages: [] },
  givenParts: { train: 0, validation: 0, test: 0 },
});
