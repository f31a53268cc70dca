/** The closed list of errors that any door can answer with. */

interface ErrorKind {
  /** The default message: one plain sentence for people. */
  readonly message: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** The status that REST answers with. */
  readonly http: number;
}

export const errorKinds = {
  'not-json': { message: 'This is not JSON.', retryable: false, http: 400 },
  'bad-message': {
    message: 'This message has a part that is missing or wrong.',
    retryable: false,
    http: 400,
  },
  'unknown-event': { message: 'There is no event of this name.', retryable: false, http: 400 },
  'unsupported-protocol': {
    message: 'This hub does not speak that version of the protocol.',
    retryable: false,
    http: 400,
  },
  unauthorized: { message: 'This needs a valid access key.', retryable: false, http: 401 },
  'not-allowed': { message: 'Your role may not do this.', retryable: false, http: 403 },
  'unknown-parcel': { message: 'There is no such parcel.', retryable: false, http: 404 },
  'wrong-status': { message: 'The parcel is not in a status that allows this.', retryable: false, http: 409 },
  taken: { message: 'Another driver has taken this parcel.', retryable: false, http: 409 },
  'stale-claim': { message: 'You no longer hold this parcel.', retryable: false, http: 409 },
  conflict: { message: 'Something else is recorded here already.', retryable: false, http: 409 },
  'id-reused': {
    message: 'This command id was already used for another command.',
    retryable: false,
    http: 409,
  },
  'bad-cursor': {
    message: 'This cursor is not of this log, or not of this reader.',
    retryable: false,
    http: 400,
  },
  'too-large': { message: 'This message is too large.', retryable: false, http: 413 },
  'too-fast': { message: 'Too many messages; wait a moment.', retryable: true, http: 429 },
  busy: {
    message: 'The hub has more waiting than it can hold; try again in a moment.',
    retryable: true,
    http: 503,
  },
  unavailable: { message: 'The hub cannot do this right now.', retryable: true, http: 503 },
  internal: { message: 'Something went wrong in the hub.', retryable: false, http: 500 },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export const errorCodes = Object.keys(errorKinds) as [ErrorCode, ...ErrorCode[]];

/** The address at which a hub serves docs/errors/<code>.md. */
export function errorPage(code: ErrorCode): `/docs/errors/${ErrorCode}` {
  return `/docs/errors/${code}`;
}

/** An error as it crosses the wire. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: Record<string, unknown> | undefined;
}

/** An expected failure from the closed list. Any other exception is a bug. */
export class CapsError extends Error {
  override readonly name = 'CapsError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message?: string,
    options?: { details?: Record<string, unknown>; cause?: unknown },
  ) {
    const { stackTraceLimit } = Error;
    // Nobody reads where an expected failure was made, and under overload finding it out is most of what a refusal costs.
    Error.stackTraceLimit = 0;
    super(message ?? errorKinds[code].message, options?.cause === undefined ? {} : { cause: options.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.details = options?.details;
  }

  get retryable(): boolean {
    return errorKinds[this.code].retryable;
  }

  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      retryable: this.retryable,
      ...(this.details ? { details: this.details } : {}),
    };
  }

  /** Makes the answer to a command. */
  toAnswer(): { ok: false; error: WireError } {
    return { ok: false, error: this.toWire() };
  }
}

/** @throws Error if the condition is false, which is a bug */
export function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${what}`);
}

/** Ends a switch over a union: the compiler complains where a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
