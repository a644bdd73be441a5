import type { Pack } from '../pack.ts';

export const entailment: Pack = {
  use: 'entailment',
  language: 'en',
  task: 'classification',
  name: 'Entailment',
  labels: ['entailment', 'neutral', 'contradiction'],
  instruction:
    'You decide whether a premise makes a hypothesis certainly true, certainly false, or leaves it open. The answer is exactly one of these classes: {labels}. {format}',
  stopSequences: ['\nPremise:'],
  exemplars: [
    {
      input:
        'Premise: Two gardeners are watering tomatoes in a greenhouse.\nHypothesis: Somebody is looking after plants.',
      rationale:
        'Tomatoes are plants, and watering them is a way of looking after them. The gardeners do it, so somebody does.',
      answer: 'entailment',
    },
    {
      input:
        'Premise: The bakery on the corner opened at six this morning.\nHypothesis: The bakery was crowded at seven.',
      rationale:
        'The premise only tells when the bakery opened. How many people came an hour later is left open.',
      answer: 'neutral',
    },
    {
      input:
        'Premise: The train left the station with every seat taken.\nHypothesis: There were empty seats on the train.',
      rationale:
        "If every seat is taken, none is empty. Both sentences can't be true of one train.",
      answer: 'contradiction',
    },
    {
      input:
        'Premise: A boy in a red raincoat jumps over a puddle.\nHypothesis: The boy is on his way to school.',
      rationale:
        'The premise shows the boy and his jump. He may be going to school or anywhere else.',
      answer: 'neutral',
    },
    {
      input:
        'Premise: None of the paintings in the museum were damaged.\nHypothesis: A painting in the museum has burned.',
      rationale: 'A painting that has burned is damaged. The premise says that no painting was.',
      answer: 'contradiction',
    },
    {
      input:
        'Premise: Ravi sold his bicycle and bought a used piano.\nHypothesis: Ravi no longer owns that bicycle.',
      rationale: 'What is sold belongs to its buyer. So the bicycle is not his any more.',
      answer: 'entailment',
    },
    {
      input:
        'Premise: The hikers had reached the hut when it began to rain.\nHypothesis: The hikers were at the hut before the rain.',
      rationale: 'They had already arrived when the rain began. So they were there before it.',
      answer: 'entailment',
    },
    {
      input:
        'Premise: A woman is tuning a violin on an empty stage.\nHypothesis: The woman will play in a concert tonight.',
      rationale:
        'She may be tuning for tonight, for a rehearsal or for somebody else. The premise does not say which.',
      answer: 'neutral',
    },
  ],
};
