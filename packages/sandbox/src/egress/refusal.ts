/** Why the proxy lets something not through: a clause about the target, for the provenance and for whoever asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** Status of the answer (RFC 9110 section 15), where there is still somebody who waits for one. */
  readonly status: 400 | 403 | 502;

  constructor(reason: string, status: 400 | 403 | 502 = 403) {
    super(reason);
    this.status = status;
  }
}

/** Whatever went wrong in the proxy: nobody gets through by it, and the run goes on. */
export function asRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('met a fault of the proxy', 502);
}
