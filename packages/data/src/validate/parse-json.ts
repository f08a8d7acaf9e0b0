const special: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** Stands before the name of a number that JSON does not have; no text of a suite begins so by chance. */
const mark = '\u{F8FF}number:';

/**
 * JSON as Python's `json` writes it: with NaN, Infinity and -Infinity, which a suite with open ends holds.
 *
 * @throws SyntaxError
 */
export function parsePythonJson(text: string): unknown {
  const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  return JSON.parse(marked, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    return special.get(value.slice(mark.length)) ?? value;
  });
}
