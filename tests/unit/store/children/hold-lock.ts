import { lockWorkspace } from '../../../../electron/store/lock.ts';

/** Locks the workspace and holds it until it is killed. */
const [, , folder = ''] = process.argv;
lockWorkspace(folder);
console.log('locked');
setInterval(() => undefined, 1_000);
