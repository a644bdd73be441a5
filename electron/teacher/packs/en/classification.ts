import type { Pack } from '../pack.ts';

// Each exemplar names its own classes, so that none teaches a label outside the project's label set.
export const classification: Pack = {
  use: 'classification',
  language: 'en',
  task: 'classification',
  name: 'Classes of any kind',
  labels: [],
  instruction:
    'You assign one of these classes to a text: {labels}. The answer is exactly one of these classes. {format}',
  openInstruction: 'You assign a class to a text. {format}',
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
    {
      input:
        'Classes: indoors, outdoors.\nThe snow had reached the top of the fence, and still it fell on our hats.',
      rationale:
        'A fence stands in the open, and the snow falls on the people who tell of it. They are under no roof.',
      answer: 'outdoors',
    },
    {
      input:
        'Classes: past, present, future.\nMy grandmother mended clocks until her eyes grew weak.',
      rationale: 'The mending went on until something ended it. It is told of as over.',
      answer: 'past',
    },
    {
      input: 'Classes: formal, informal.\nHey, wanna grab some noodles after the match?',
      rationale:
        'The words are short and chatty, as among friends. Nobody would write them to an office.',
      answer: 'informal',
    },
    {
      input: 'Classes: fact, opinion.\nThe green door looks far nicer than the old brown one.',
      rationale:
        "Whether a door looks nice depends on who looks. It can't be measured or looked up.",
      answer: 'opinion',
    },
  ],
};
