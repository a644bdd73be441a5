export { agreementOf } from './agreement.ts';
export { checkJob } from './check.ts';
export { readReviewTask } from './read-task.ts';
export type { OthersRow } from './read-task.ts';
export { summariseTask } from './summary-task.ts';
export { writeReview } from './write.ts';
