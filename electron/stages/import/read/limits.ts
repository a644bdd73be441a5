/** Bytes read from a file at once. */
export const CHUNK_BYTES = 1 << 18;
/** Bytes at the beginning of a table from which encoding, delimiter and header are found out. */
export const HEAD_BYTES = 1 << 19;
/** Characters of one row, however many lines it takes. */
export const MAX_ROW = 1 << 24;
/** Bytes of a Parquet file or workbook inside an archive: those are unpacked in memory. */
export const MAX_UNPACKED = 1 << 27;
/** Bytes of a line in the older encodings, which can only be cut at line ends. */
export const MAX_HELD = 1 << 26;

/** A number as people read it: `16,777,216`. */
export const counted = (n: number): string => n.toLocaleString('en');

/** Bytes as people read them: `134 MB`. */
export const megabytes = (bytes: number): string =>
  `${Math.max(1, Math.round(bytes / 1e6)).toLocaleString('en')} MB`;
