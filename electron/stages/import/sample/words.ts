/**
 * The sample stories' word lists. Small on purpose: a student that starts from nothing has to learn
 * every word from about two thousand rows.
 */
export const names = [
  'Ada',
  'Bruno',
  'Clara',
  'Dario',
  'Elsa',
  'Felix',
  'Gina',
  'Hugo',
  'Ines',
  'Jonas',
  'Kira',
  'Leo',
  'Mona',
  'Nils',
  'Olga',
  'Pavel',
  'Rita',
  'Simon',
  'Tessa',
  'Umar',
  'Vera',
  'Walt',
  'Yara',
  'Zeno',
] as const;

/** Things people own many of; plural. */
export const items = [
  'beads',
  'books',
  'buttons',
  'candles',
  'cards',
  'cups',
  'flags',
  'marbles',
  'pencils',
  'plates',
  'shells',
  'toys',
] as const;

/** Things with a price; singular, plural with -s. */
export const goods = ['bell', 'chair', 'clock', 'drum', 'kite', 'lamp', 'mask', 'rug'] as const;

/** Singular, plural with -s. */
export const fruits = ['apple', 'fig', 'lemon', 'lime', 'melon', 'olive', 'pear', 'plum'] as const;

/** Where people go; each reads well after "the". */
export const places = [
  'beach',
  'castle',
  'fair',
  'farm',
  'lake',
  'market',
  'museum',
  'school',
] as const;

/** What is sold by weight or by the cup; no plural. */
export const foods = ['butter', 'cheese', 'honey', 'milk', 'rice', 'salt', 'sugar', 'tea'] as const;

export const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] as const;
