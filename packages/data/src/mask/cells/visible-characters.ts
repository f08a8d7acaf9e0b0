// What is written for nobody to see: controls, formats, surrogates, unassigned ones, ignorable ones, the blank of Braille.
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * The characters of a text that can be seen (grapheme clusters of UAX #29), without blanks around: bidirectional and zero-width
 * characters neither make a text longer nor turn around what is kept of it.
 */
export function visibleCharacters(text: string): readonly string[] {
  return Array.from(segmenter.segment(text.replace(invisible, '').trim()), ({ segment }) => segment);
}
