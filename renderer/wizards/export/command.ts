/**
 * The terminal command that asks an exported folder; the folder is quoted for a shell when it must be.
 * @param withRationale whether the student reads the teacher's rationale with each question
 */
export function predictCommand(folder: string, withRationale = false): string {
  const plain = /^[\w./:\\@+-]+$/.test(folder);
  return `npx stepwise predict ${plain ? folder : `"${folder}"`} "text"${withRationale ? ' --teacher-rationale "rationale"' : ''}`;
}
