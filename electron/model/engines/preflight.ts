import type { EngineReport } from '../../contract/entities.ts';
import type { Engine } from './engine.ts';

/** Tries every engine for real and says in plain words what it is or why it can't be used here. */
export declare function listEngines(): Promise<EngineReport[]>;

/** The engine that training and prediction use; `threads` defaults to the physical cores. */
export declare function openEngine(options?: { threads?: number }): Promise<Engine>;
