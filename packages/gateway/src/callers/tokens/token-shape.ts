/** Characters of a token; those of real issuers have 400 to 2,000. */
export const longestToken = 8192;

const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** What a header may say, all of it without effect but `alg` and `kid`. */
const known: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'x5t', 'x5t#S256']);
/** RFC 7519 section 5.1, RFC 9068 section 2.1; a media type may have `application/` before it (RFC 7515 section 4.1.9). */
const types: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/jwt', 'application/at+jwt']);

/**
 * Whether a token is a plain signed one, before anything is verified: three parts and no more than there may be, one of the pinned
 * algorithms, and a header that says nothing else. So a token is refused that is encrypted (five parts), nested (`cty`), compressed
 * (`zip`), that asks for extensions (`crit`, `b64`), brings its own key (`jwk`, `jku`, `x5c`, `x5u`), or was made for another purpose
 * (`typ`). See RFC 8725 section 3.
 */
export function isPlainToken(token: string, algorithms: ReadonlySet<string>): boolean {
  if (token.length > longestToken || !compact.test(token)) return false;
  const header = headerOf(token);
  if (header === undefined || !Object.keys(header).every((name) => known.has(name))) return false;
  const { alg, kid, typ } = header;
  return (
    typeof alg === 'string' &&
    algorithms.has(alg) &&
    (kid === undefined || (typeof kid === 'string' && kid !== '' && kid.length <= 256)) &&
    (typ === undefined || (typeof typ === 'string' && types.has(typ.toLowerCase())))
  );
}

function headerOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString());
    const isObject = typeof header === 'object' && header !== null && !Array.isArray(header);
    return isObject ? (header as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
