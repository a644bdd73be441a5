/** A request that is answered with a status and a sentence. */
export class HttpError extends Error {
  readonly status: number;
  /** The field of the request that is at fault; null for the whole. */
  readonly field: string | null;

  constructor(status: number, message: string, field: string | null = null) {
    super(message);
    this.status = status;
    this.field = field;
  }
}
