import type { Pack } from '../pack.ts';

export const text: Pack = {
  use: 'text',
  language: 'en',
  task: 'text',
  name: 'Short answers',
  labels: [],
  instruction: 'You answer questions. The answer itself has as few words as possible. {format}',
  exemplars: [
    {
      input: 'Which month comes three months after November?',
      rationale:
        'One month after November is December. Two months after it is January, and three months after it is February.',
      answer: 'February',
    },
    {
      input: 'Which word is the verb in "The old clock ticks loudly"?',
      rationale:
        'A verb says what somebody or something does. What the clock does is that it ticks.',
      answer: 'ticks',
    },
    {
      input: 'Write the plural of the word for a young goose.',
      rationale: 'A young goose is called a gosling. The plural is made with an s at the end.',
      answer: 'goslings',
    },
    {
      input: 'Which is heavier, a kilogram of feathers or two kilograms of nails?',
      rationale:
        'A kilogram of anything weighs the same. Two kilograms are more than one, so the nails are heavier.',
      answer: 'the nails',
    },
    {
      input: 'Mira stands left of Tom, and Sue stands right of Tom. Who is in the middle?',
      rationale: 'Mira is on one side of Tom and Sue on the other. That leaves Tom between them.',
      answer: 'Tom',
    },
    {
      input: 'Put these in order from small to large: whale, mouse, horse.',
      rationale: 'A mouse fits in a hand. A horse is much larger, and a whale is larger still.',
      answer: 'mouse, horse, whale',
    },
    {
      input: 'What do you call the meal that people eat in the morning?',
      rationale:
        'The meals of a day are breakfast, lunch and dinner. The one in the morning is breakfast.',
      answer: 'breakfast',
    },
    {
      input: 'The shop closes at six. The clock shows half past five. How long is it still open?',
      rationale:
        'From half past five to six is half an hour. An hour has sixty minutes, so half of it is thirty.',
      answer: 'thirty minutes',
    },
  ],
};
