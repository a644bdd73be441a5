/** What a key does in the review, in the order in which the list of keys tells them. */
export const commands = {
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  first: ['g'],
  last: ['Shift+G'],
  accept: ['a'],
  reject: ['r'],
  editRationale: ['e'],
  editLabel: ['l'],
  tag: ['t'],
  note: ['n'],
  select: ['x'],
  suspicious: ['s'],
  search: ['/'],
  undo: ['u', 'Ctrl+Z'],
  redo: ['Shift+U', 'Ctrl+Shift+Z'],
  keys: ['?'],
} as const satisfies Record<string, readonly string[]>;
export type Command = keyof typeof commands;
export const commandNames = Object.keys(commands) as readonly Command[];

/** The part of a key press that says which command it is. */
export type Press = Pick<
  KeyboardEvent,
  'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'
>;

/**
 * The letter of a press. On a keyboard that is set to another script (Hangul, Cyrillic, …) the
 * letter is the one that stands in its place on a Latin keyboard.
 */
function letterOf({ key, code }: Press): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const latin = /^[\x20-\x7e]$/.test(key) || (key.length > 1 && key !== 'Process');
  return latin ? key : (/^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key);
}

/**
 * The command of a key press; null where it has none. Where `letters` are no commands (WCAG 2.1.4),
 * arrows and what is pressed with Ctrl still are.
 */
export function commandOf(press: Press, letters = true): Command | null {
  if (press.altKey) return null;
  const letter = letterOf(press);
  const shifted = press.shiftKey && /^[a-z]$/.test(letter);
  const command = press.ctrlKey || press.metaKey;
  if (!letters && !command && letter.length === 1) return null;
  const name = [
    command ? 'Ctrl' : null,
    shifted ? 'Shift' : null,
    shifted || command ? letter.toUpperCase() : letter,
  ]
    .filter((piece) => piece !== null)
    .join('+');
  return commandNames.find((each) => commands[each].some((key) => key === name)) ?? null;
}

/** Whether a press belongs to a field that is being written in, or to an open dialog. */
export function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog[open]') ?? document.querySelector('dialog[open]')) return true;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    target.closest('[contenteditable="true"]') !== null
  );
}

/** Whether a key is a character by itself: such a command can be switched off. */
export const isLetter = (key: string): boolean => /^(Shift\+)?.$/.test(key);

/** A key as it is printed on a keyboard. */
export const keyCap = (key: string): string =>
  key
    .replace('ArrowDown', '↓')
    .replace('ArrowUp', '↑')
    .replace(/^[a-z]$/, (letter) => letter.toUpperCase());
