/**
 * Values as they stand in a program of another language. Whatever a path or a row holds, it stays a
 * value there: it ends no string and starts no command.
 */

/** For a POSIX shell: in single quotes nothing has a meaning but the quote itself. */
export const shell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** A JavaScript expression. JSON is one, but its line separators would end a comment. */
export const javascript = (value: unknown): string =>
  JSON.stringify(value).replace(/[\u2028\u2029]/g, (sign) =>
    sign === '\u2028' ? '\\u2028' : '\\u2029',
  );

/** The same inside a page's script, where `</script>` and `<!--` would mean something. */
export const html = (value: unknown): string => javascript(value).replaceAll('<', '\\u003c');

/** A Python string. JSON's escapes mean the same there, and others do not occur in it. */
export const python = (value: string): string => JSON.stringify(value);
