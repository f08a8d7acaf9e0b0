/** Results are laid out for terminals and logs of this width. */
export const lineWidth = 80;

/** What is between backticks, and any other word: neither is broken, so that it can be copied. */
const piecePattern = /(?:`[^`]*`|[^\s`])+/g;

/**
 * Breaks a text between words. A path, a digest or a command in backticks stays whole, also when it is too long.
 *
 * @param room columns of the first line; the others have the same
 */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(piecePattern) ?? []) {
    if (line !== '' && line.length + 1 + piece.length > room) {
      lines.push(line);
      line = piece;
    } else {
      line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return [...lines, line];
}

/**
 * A text behind a label; its further lines stand below its first.
 *
 * @param label may be painted
 * @param width columns that the label takes
 */
export function labelled(label: string, width: number, text: string): string[] {
  const [first = '', ...more] = wrap(text, Math.max(24, lineWidth - width));
  return [`${label}${first}`.trimEnd(), ...more.map((line) => `${' '.repeat(width)}${line}`)];
}
