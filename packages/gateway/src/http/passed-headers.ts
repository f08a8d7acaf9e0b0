/** Headers that go on to the model server; everything else of a caller stays here: credentials, cookies, the connection's own. */
const asked = [
  'content-type',
  'accept',
  'inference-header-content-length',
  'idempotency-key',
  'traceparent',
  'tracestate',
  'x-request-id',
] as const;

/** Headers that go back to the caller. */
const answered = ['content-type', 'inference-header-content-length', 'retry-after', 'x-request-id'] as const;

const taken = (names: readonly string[], headers: Readonly<Record<string, string>>): Record<string, string> => {
  const passed: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
};

export const headersToUpstream = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  taken(asked, headers);

export const headersToCaller = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  taken(answered, headers);
