/** East Asian wide and emoji (Unicode Standard Annex 11, W and F, as ranges that terminals agree on). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns of a terminal that a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of text) columns += widthOf(letter);
  return columns;
}

const widthOf = (letter: string): number => (/\p{M}/u.test(letter) ? 0 : wide.test(letter) ? 2 : 1);

/** Spaces behind a text until it takes so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** The beginning of a text that fits, with dots where something is missing. */
export function cut(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${beginning(text, columns - 1)}…`;
}

/** A path that fits: folders in the middle go first, then the middle of what is left; the end says what it is. */
export function cutPath(path: string, columns: number): string {
  if (columnsOf(path) <= columns) return path;
  const parts = path.split('/');
  for (let gone = 1; gone < parts.length - 1; gone += 1) {
    const shorter = [parts[0], '…', ...parts.slice(1 + gone)].join('/');
    if (columnsOf(shorter) <= columns) return shorter;
  }
  const name = parts.length > 1 ? `…/${parts.at(-1) ?? ''}` : path;
  if (columnsOf(name) <= columns) return name;
  const front = Math.floor((columns - 1) / 2);
  return `${beginning(name, front)}…${ending(name, columns - 1 - front)}`;
}

function beginning(text: string, columns: number): string {
  let [taken, used] = ['', 0];
  for (const letter of text) {
    used += widthOf(letter);
    if (used > columns) break;
    taken += letter;
  }
  return taken;
}

function ending(text: string, columns: number): string {
  const letters = Array.from(text);
  let [from, used] = [letters.length, 0];
  while (from > 0 && used + widthOf(letters[from - 1] ?? '') <= columns) {
    from -= 1;
    used += widthOf(letters[from] ?? '');
  }
  return letters.slice(from).join('');
}
