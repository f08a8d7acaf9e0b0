/**
 * A URI as it may stand in a message and in evidence: without user name, query and fragment of a URL, where tokens
 * stand. A query is shown as `?…`, so that nobody takes the rest for the whole.
 * @example publicUri('https://data.example/a.csv?token=1') // 'https://data.example/a.csv?…'
 */
export function publicUri(uri: string): string {
  const isWeb = /^https?:/i.test(uri);
  const withoutQuery = isWeb ? uri.replace(/[?#].*$/s, '') : uri.replace(/\?[^#]*/, '');
  const mark = uri.includes('?') ? '?…' : '';
  const plain = withoutQuery.replace(/^([a-z][a-z0-9+.-]*:[/\\]*)[^/?#\\]*@/i, '$1');
  const [before = '', ...fragment] = plain.split('#');
  return [`${before}${mark}`, ...fragment].join('#');
}
