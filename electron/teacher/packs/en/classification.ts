import type { Pack } from '../pack.ts';

export const classification: Pack = {
  use: 'classification',
  language: 'en',
  task: 'classification',
  name: 'Few-shot chain of thought',
  labels: [],
  instruction:
    'You assign one of these classes to a text: {labels}. The answer is exactly one of these classes. {format}',
  exemplars: [
    {
      input: 'Classes: animal, plant, stone.\nThe moss on the north side of the old oak.',
      rationale:
        'Moss grows and is green, and it stays where it is. The oak only says where it grows. Moss is a plant.',
      answer: 'plant',
    },
    {
      input:
        'Classes: praise, complaint, plain report.\nThe parcel came two weeks late and the lamp inside was cracked.',
      rationale:
        'The sentence tells of a late delivery and of damage. Both are troubles, and nothing is praised.',
      answer: 'complaint',
    },
    {
      input: 'Classes: praise, complaint, plain report.\nThe shop opens at nine and closes at six.',
      rationale:
        'The sentence only gives opening hours. It says neither good nor bad about the shop.',
      answer: 'plain report',
    },
    {
      input:
        'Classes: question, order, promise.\nI will carry your trunk down to the ferry tomorrow.',
      rationale:
        'The speaker names something they are going to do for the other. Nothing is asked or demanded.',
      answer: 'promise',
    },
  ],
};
