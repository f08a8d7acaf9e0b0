/**
 * Puts pieces side by side as long as they fit; one that is too long for a line is broken between its words.
 *
 * @param room columns of a line
 */
export function packed(pieces: readonly string[], room: number, between = '   '): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + between.length + piece.length <= room) {
      lines[lines.length - 1] = `${last}${between}${piece}`;
    } else if (piece.length <= room) {
      lines.push(piece);
    } else {
      lines.push(...broken(piece, room));
    }
  }
  return lines;
}

/** Breaks a text between words, and inside of one that is longer than a line. */
function broken(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((whole) => cut(whole, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function cut(word: string, room: number): string[] {
  const letters = Array.from(word);
  return Array.from({ length: Math.ceil(letters.length / room) || 1 }, (_, at) =>
    letters.slice(at * room, (at + 1) * room).join(''),
  );
}
