import type { Pack } from '../pack.ts';

export const topic: Pack = {
  use: 'topic',
  language: 'en',
  task: 'classification',
  name: 'Topic of a text',
  labels: ['sports', 'business', 'science', 'arts'],
  instruction:
    'You say what a text is about. The answer is exactly one of these classes: {labels}. {format}',
  exemplars: [
    {
      input: 'The goalkeeper saved two penalties and carried her team into the final.',
      rationale:
        'A goalkeeper, penalties and a final belong to football. The text tells of a match.',
      answer: 'sports',
    },
    {
      input:
        'The chain of bakeries will close forty shops after its profits fell for a third year.',
      rationale:
        'Profits and the closing of shops are what matters here. The baking itself is not the point.',
      answer: 'business',
    },
    {
      input: 'Crows can remember a face for years, a team of biologists has found.',
      rationale: 'Biologists found something out about animals. The text reports research.',
      answer: 'science',
    },
    {
      input: 'The sculptor has filled the old station with birds of folded steel.',
      rationale: 'A sculptor shows works made of steel. The station is only the place for them.',
      answer: 'arts',
    },
    {
      input: "The probe has sent back the first pictures of the comet's dark side.",
      rationale:
        'Pictures from a comet teach us about space. They were taken to be studied, not to be hung up.',
      answer: 'science',
    },
    {
      input: 'Rain stopped the tennis match with the second set level at four games each.',
      rationale:
        'The text gives the score of a tennis match. The rain matters only since it stopped the play.',
      answer: 'sports',
    },
    {
      input: 'Two makers of tractors have agreed to merge and to share their factories.',
      rationale: 'Two companies become one. What they make is mentioned only to say who they are.',
      answer: 'business',
    },
    {
      input: 'Critics praised the young pianist for her quiet reading of the sonata.',
      rationale: 'A pianist plays a sonata, and critics judge how. The text is about music.',
      answer: 'arts',
    },
  ],
};
