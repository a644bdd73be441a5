/** A table as texts and numbers, for other programs. */
export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Tabs between cells: pasted into a sheet, each has a cell of its own. */
export const asText = ({ head, rows }: TextTable): string =>
  [head, ...rows]
    .map((row) => row.map((cell) => String(cell ?? '').replace(/\s+/g, ' ')).join('\t'))
    .join('\n');

/** Comma-separated (RFC 4180). */
export const asCsv = ({ head, rows }: TextTable): string =>
  [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n');

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  // A name that begins so would be computed as a formula by a sheet.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
