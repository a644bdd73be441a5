import type { Pack } from '../pack.ts';

export const intent: Pack = {
  use: 'intent',
  language: 'en',
  task: 'classification',
  name: 'Intent of a message',
  labels: ['order', 'delivery', 'refund', 'opening hours'],
  instruction:
    'You find out what a customer wants from a shop. The answer is exactly one of these classes: {labels}. {format}',
  exemplars: [
    {
      input: 'Could you add two bags of the dark roast and charge the same card?',
      rationale: 'The customer names goods and a way to pay. They want to buy something.',
      answer: 'order',
    },
    {
      input: 'The parcel left your warehouse on Tuesday. Where is it now?',
      rationale: 'The goods are bought and on their way. The customer asks where they are.',
      answer: 'delivery',
    },
    {
      input: 'The lamp arrived with a crack, and I would like my money back.',
      rationale: 'The goods are damaged, and the customer names what they want for it: the money.',
      answer: 'refund',
    },
    {
      input: 'Will anyone be in the shop if I come by on Sunday afternoon?',
      rationale: 'The customer wants to visit and needs to know whether the shop is open then.',
      answer: 'opening hours',
    },
    {
      input: 'I returned the boots ten days ago, but nothing has reached my bank account.',
      rationale:
        'The boots are back at the shop. What the customer is waiting for is the payment for them.',
      answer: 'refund',
    },
    {
      input: 'Please send me the large blue tent, the same that my brother bought.',
      rationale:
        'The customer asks for a certain article that they do not have yet. That is a purchase.',
      answer: 'order',
    },
    {
      input: 'Until what time can I drop in on Friday evening?',
      rationale:
        'The question is about the latest time for a visit. That depends on when the shop closes.',
      answer: 'opening hours',
    },
    {
      input: 'Nobody was at home this morning. When will the driver try again?',
      rationale:
        'A driver came with the goods in vain. The customer asks for the next attempt to bring them.',
      answer: 'delivery',
    },
  ],
};
