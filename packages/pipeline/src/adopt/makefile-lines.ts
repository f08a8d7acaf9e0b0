/** A line of a makefile, with those that a backslash joins to it. */
export interface MakefileLine {
  /** From 1; of its first line. */
  readonly number: number;
  /** It begins with a tab. */
  readonly isRecipe: boolean;
  /** Without the tab; of a line that is none of a recipe, with joints made one blank. */
  readonly text: string;
}

const maximumLines = 50_000;

/**
 * Splits a makefile into its logical lines (GNU make manual, "Splitting Long Lines" and "Splitting Recipe Lines"). In
 * a recipe the backslash stays for the shell, and only the tab of the next line goes; elsewhere joint and blanks around
 * it become one blank.
 */
export function makefileLines(text: string): readonly MakefileLine[] {
  const lines = text.split(/\r?\n/, maximumLines);
  const found: MakefileLine[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const number = at + 1;
    const parts = [lines[at] ?? ''];
    while (endsInBackslash(parts.at(-1) ?? '') && at + 1 < lines.length) parts.push(lines[(at += 1)] ?? '');
    const isRecipe = parts[0]?.startsWith('\t') === true;
    found.push({ number, isRecipe, text: isRecipe ? recipeText(parts) : plainText(parts) });
  }
  return found;
}

/** An odd number of backslashes at the end: the last one is not itself escaped. */
const endsInBackslash = (line: string): boolean => (/\\*$/.exec(line.slice(-100))?.[0].length ?? 0) % 2 === 1;

const recipeText = (parts: readonly string[]): string => parts.map((part) => part.replace(/^\t/, '')).join('\n');

const plainText = (parts: readonly string[]): string =>
  parts
    .map((part, index) => {
      const joint = index === parts.length - 1 ? part : part.slice(0, -1).trimEnd();
      return index === 0 ? joint : joint.trimStart();
    })
    .join(' ');

/** A line without its comment; `\#` is a hash sign. */
export function withoutComment(text: string): string {
  const comment = /(?<!\\)#/.exec(text);
  return (comment === null ? text : text.slice(0, comment.index)).replaceAll('\\#', '#');
}
