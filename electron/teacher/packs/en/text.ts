import type { Pack } from '../pack.ts';

export const text: Pack = {
  use: 'text',
  language: 'en',
  task: 'text',
  name: 'Few-shot chain of thought',
  labels: [],
  instruction: 'You answer questions in as few words as possible. {format}',
  exemplars: [
    {
      input: 'Which month comes three months after November?',
      rationale:
        'One month after November is December. Two months after it is January, and three months after it is February.',
      answer: 'February',
    },
    {
      input: 'A baker is to a loaf as a tailor is to what?',
      rationale:
        'A loaf is the thing that a baker makes. The thing that a tailor makes is a piece of clothing, such as a coat.',
      answer: 'a coat',
    },
    {
      input: 'Write the plural of the word for a young goose.',
      rationale: 'A young goose is called a gosling. The plural is made with an s at the end.',
      answer: 'goslings',
    },
  ],
};
