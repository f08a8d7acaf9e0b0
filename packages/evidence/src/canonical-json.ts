import canonicalize from 'canonicalize';

/**
 * JSON in its canonical form, RFC 8785: sorted keys, no white space, shortest numbers.
 *
 * @throws TypeError for NaN, infinities, `undefined` at the top and cycles, which JSON cannot say.
 */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('a value that JSON cannot express has no canonical form');
  return json;
}
