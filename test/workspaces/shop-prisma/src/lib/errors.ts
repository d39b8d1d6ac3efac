/** An error that may be told to the caller. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFoundError = (what: string) => new HttpError(404, `${what} not found`);
export const conflict = (why: string) => new HttpError(409, why);
