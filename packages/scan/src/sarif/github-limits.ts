/**
 * What GitHub takes of a SARIF file (https://docs.github.com, "SARIF results exceed one or more limits", read in
 * November 2026): more is refused as a whole.
 */
export const mostResults = 25_000;
/** Of the compressed file: 10 MB. */
export const mostCompressedBytes = 10_000_000;
/** Tags of a rule that are shown; twice as many are taken. */
export const mostTags = 10;
/** Thread flow locations of a result that are shown. */
export const mostSteps = 1000;
/** Descriptions and messages are cut behind so many letters. */
const mostLetters = 1024;

/** A text within the limit; dots say that something is missing. */
export function shortText(text: string): string {
  const letters = Array.from(text);
  return letters.length <= mostLetters ? text : `${letters.slice(0, mostLetters - 1).join('')}…`;
}
