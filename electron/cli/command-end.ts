/** Ends a command that has said all there is to say with an exit code other than 0. */
export class CommandEnd extends Error {
  override readonly name = 'CommandEnd';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`the command ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** An extraction came to its budget or its cap of requests, and can go on with a higher one. */
export const limitReached = 3;
