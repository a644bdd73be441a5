/** Teacher screen. */
export const teacher = {
  title: 'Teacher',
  lead: 'The teacher answers every row with its reasons and a label. Each answer is saved once and never asked for twice.',
  emptyTitle: 'The teacher has nothing to answer yet',
  emptyText: 'Import rows first; then choose who answers them.',
  emptyAction: 'Import a file',
  again: 'New extraction',
  next: 'The teacher has answered. Next: read what it said.',
  nextSome: 'What has come so far can be read.',
  nextAction: 'Read the rationales',
  between: (min: string, max: string) => `A number from ${min} to ${max}.`,
};
