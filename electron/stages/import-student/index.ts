export { ImportStudentInput, importStudentJob } from './job.ts';
export { lookTask } from './look-task.ts';
