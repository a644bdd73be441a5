export { StudioError } from '../contract/errors.ts';
export { Student } from './student.ts';
