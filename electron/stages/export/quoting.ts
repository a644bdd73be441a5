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

/**
 * Words that somebody chose, within a paragraph, heading or cell of Markdown: one line, in which
 * nothing is markup, so that a name makes no link, image, table or HTML of a shared card.
 */
export const markdown = (value: string): string =>
  value
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/[\\`*[\]<>|!~#&]/g, '\\$&');

/** A span of code in Markdown, whose fence is longer than any within. */
export function markdownCode(value: string): string {
  const line = value.replace(/[\r\n]+/g, ' ');
  const fence = '`'.repeat(longestRun(line, '`') + 1);
  const room = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}

/** Lines of code in Markdown, in a fence that no line within closes. */
export function markdownBlock(language: string, code: string): string[] {
  const fence = '~'.repeat(Math.max(3, longestRun(code, '~') + 1));
  return [`${fence}${language}`, code.trimEnd(), fence];
}

const longestRun = (text: string, sign: '`' | '~'): number =>
  Math.max(0, ...(text.match(sign === '`' ? /`+/g : /~+/g) ?? []).map((run) => run.length));
