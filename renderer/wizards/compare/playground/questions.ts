/** Most questions that are asked at once: more are a file. */
export const mostLines = 50;

/** What a person typed as questions: all of it one, or one on each line that is not blank. */
export function questionsIn(text: string, lines: boolean): string[] {
  const pieces = lines ? text.split(/\r?\n/u) : [text];
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

/** Choices, one on each line; null where there are none. */
export function choicesIn(text: string): string[] | null {
  const choices = questionsIn(text, true);
  return choices.length === 0 ? null : choices;
}
