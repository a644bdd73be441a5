import { isLessAccurate, isReal } from '../contract/entities.ts';
import type { ExportCheck, ExportProof, ExportRecord } from '../contract/entities.ts';
import { percent, size, table } from './table.ts';

/** What each export takes and how it was tried, a line for each, and what that says of its accuracy. */
export function exportReport(records: readonly ExportRecord[]): string {
  const rows = records.map(({ format, files, proof, folder }) => [
    ...[format, size(bytesOf(files)), equalCell(proof), differenceCell(proof), folder],
  ]);
  const head = ['format', 'size', 'rows equal', 'accuracy difference, points (95%)', 'folder'];
  return [
    table(head, rows, ['left', 'right', 'right', 'left', 'left']),
    ...records.flatMap(({ format, proof }) => proofLines(format, proof)),
  ].join('\n');
}

/** One export in the shape that scripts rely on. */
export const exportForScripts = ({ format, step, folder, files, proof }: ExportRecord) => ({
  ...{ format, step, folder, bytes: bytesOf(files), files, proof },
});

/** What a check of a folder found, for a person. */
export function checkReport(folder: string, found: ExportCheck): string {
  const { whole, checked, changed, missing, added, certificate } = found;
  const count = checked === 1 ? '1 file' : `${checked} files`;
  return [
    whole
      ? `${folder}: ${count}, each as the certificate says.`
      : `${folder} is not as it was exported.`,
    ...named('Changed', changed),
    ...named('Missing', missing),
    ...named('Not on the certificate', added),
    `SHA-256 of the certificate: ${certificate}`,
  ].join('\n');
}

const named = (what: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(', ')}`];

const bytesOf = (files: ExportRecord['files']): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

const equalCell = (proof: ExportProof | null): string =>
  proof === null ? 'not opened here' : `${proof.equal}/${proof.rows}`;

function differenceCell(proof: ExportProof | null): string {
  if (proof === null) return '';
  if (proof.equal === proof.rows) return 'none: the same answers';
  if (proof.accuracy === null) return 'no row with a gold label';
  const { value, low, high } = proof.accuracy.difference;
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

/** What may be said of an export: no difference is called real that the rows do not show. */
function proofLines(format: string, proof: ExportProof | null): string[] {
  if (proof === null) return [];
  const by = proof.openedWith === null ? '' : `, opened with ${proof.openedWith}`;
  const lead = `${format}${by}: ${proof.equal} of ${proof.rows} ${proof.part} rows the same, token for token.`;
  if (proof.accuracy === null || proof.equal === proof.rows) return [lead];
  const { run, exported, difference } = proof.accuracy;
  const scores = `Accuracy ${percent(exported.accuracy)}, of the run's student ${percent(run.accuracy)}, on ${run.rows} rows`;
  if (isLessAccurate(proof)) {
    return [`${lead} ${scores}.`, `Warning: ${format} is less accurate than the run's student.`];
  }
  const verdict = isReal(difference, run.rows) ? 'it is better' : 'no difference is shown';
  return [`${lead} ${scores}: ${verdict}.`];
}

/** Points of a hundred with a sign. */
function signed(share: number): string {
  const shown = (100 * share).toFixed(1);
  return Number(shown) === 0 ? '0.0' : share > 0 ? `+${shown}` : shown;
}
