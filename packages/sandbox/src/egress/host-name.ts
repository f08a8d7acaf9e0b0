/** RFC 1123 section 2.1, with the underscore of service names left out. */
const pattern = /^(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)*(?!-)[a-z0-9-]{1,63}(?<!-)\.?$/i;

/**
 * The one spelling of a host name: lower case, without the dot of the root. `undefined` for what is no host name, an
 * address among it.
 *
 * @example hostNameOf('PyPI.Example.') // 'pypi.example'
 */
export function hostNameOf(text: string): string | undefined {
  if (text.length > 254 || !pattern.test(text) || isAddress(text)) return undefined;
  const name = text.toLowerCase().replace(/\.$/, '');
  return name.length > 253 ? undefined : name;
}

/**
 * Whether programs would take this for an address: `[::1]`, `127.0.0.1`, and the older spellings that inet_aton(3)
 * reads, `2130706433`, `0x7f.1`. What ends in a number is no name (https://url.spec.whatwg.org/#ends-in-a-number-checker).
 */
export function isAddress(text: string): boolean {
  return /[:[\]%]/.test(text) || /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$/i.test(text);
}
