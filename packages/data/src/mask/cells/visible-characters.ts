// What is written for nobody to see: controls, formats, surrogates, unassigned ones, ignorable ones, the blank of Braille.
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const character = /\P{M}\p{M}*|\p{M}+/gu;

/**
 * The characters of a text that can be seen, each with the marks that belong to it, and without blanks around: bidirectional and
 * zero-width characters neither make a text longer nor turn around what is kept of it.
 */
export function visibleCharacters(text: string): readonly string[] {
  return text.replace(invisible, '').trim().match(character) ?? [];
}
