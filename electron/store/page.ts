/** Rows of a list, and how many there are in all. */
export interface Page<T> {
  rows: T[];
  total: number;
}
/** Which of them are asked for. */
export interface Window {
  offset: number;
  limit: number;
}
