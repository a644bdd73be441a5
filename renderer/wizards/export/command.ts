/** The terminal command that asks an exported folder; the folder is quoted for a shell when it must be. */
export function predictCommand(folder: string): string {
  const plain = /^[\w./:\\@+-]+$/.test(folder);
  return `npx stepwise predict ${plain ? folder : `"${folder}"`} "text"`;
}
