import type { Migration } from '../migrate.ts';
import { initial } from './001-initial.ts';

/** Every migration, oldest first. One that was released is never edited: changes are a new one. */
export const migrations: readonly Migration[] = [initial];
