import type { Pack } from '../pack.ts';

export const sentiment: Pack = {
  use: 'sentiment',
  language: 'en',
  task: 'classification',
  name: 'Sentiment',
  labels: ['positive', 'negative', 'neutral'],
  instruction:
    'You judge how the writer of a text feels about what it describes. The answer is exactly one of these classes: {labels}. {format}',
  exemplars: [
    {
      input: 'The soup came hot, the waiter remembered my name, and I left smiling.',
      rationale:
        'The writer likes the food and the service and goes away happy. Nothing bad is said.',
      answer: 'positive',
    },
    {
      input: 'I sent the headphones back after a week because the left side kept going silent.',
      rationale:
        'The headphones failed, and the writer did not want to keep them. That is a disappointment.',
      answer: 'negative',
    },
    {
      input: 'The museum has two floors and is closed on Mondays.',
      rationale:
        'The text only gives facts about the building and its hours. It shows no feeling about them.',
      answer: 'neutral',
    },
    {
      input: 'I expected little from this film, and yet I have already seen it twice more.',
      rationale:
        'Nobody watches a film three times without enjoying it. The low expectation was beaten.',
      answer: 'positive',
    },
    {
      input: 'How thoughtful to switch off the only lift of the hotel in August.',
      rationale:
        'A lift out of order is a nuisance to guests. Calling it thoughtful is meant ironically, so the writer is annoyed.',
      answer: 'negative',
    },
    {
      input: 'My new kettle holds one and a half litres and came in a grey box.',
      rationale:
        'Size and box are described without any judgement. The writer neither praises nor blames.',
      answer: 'neutral',
    },
    {
      input: 'The room was small, but the view over the harbour made us forget everything else.',
      rationale:
        'The size of the room is a small fault. The view outweighs it, so the writer is pleased in the end.',
      answer: 'positive',
    },
    {
      input:
        'The tutor surely knows her subject, but she cancelled three of five lessons at the last minute.',
      rationale:
        'The praise for her knowledge comes first. What counts for the writer are the lessons that did not take place.',
      answer: 'negative',
    },
  ],
};
