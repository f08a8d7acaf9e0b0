import { insideProject } from './project-path.ts';

/**
 * What is known about a path in a program: its text, with `{…}` where something is put in only when it runs.
 * A text that begins with {@link projectMark} counts from the project, any other from where the program runs.
 */
export interface PathValue {
  readonly text: string;
  readonly isKnown: boolean;
}

/** Stands for the absolute path of the project, as `__file__` gives it; no path of a program can hold it. */
export const projectMark = '\0';

const longest = 4096;

export const known = (text: string): PathValue => ({ text: text.slice(0, longest), isKnown: text.length <= longest });
export const unknown = (name: string): PathValue => ({ text: `{${name.slice(0, 40)}}`, isKnown: false });

/** One behind the other, as `+` puts texts together. */
export function concatenated(a: PathValue, b: PathValue): PathValue {
  return { ...known(a.text + b.text), isKnown: a.isKnown && b.isKnown && a.text.length + b.text.length <= longest };
}

/** One inside the other, as `os.path.join` and `/` do: an absolute second one replaces the first. */
export function joined(a: PathValue, b: PathValue): PathValue {
  if (b.text.startsWith('/') || b.text.startsWith(projectMark) || a.text === '') return b;
  if (b.text === '') return a;
  const text = `${a.text.replace(/\/$/, '')}/${b.text}`;
  return { ...known(text), isKnown: a.isKnown && b.isKnown && text.length <= longest };
}

/** The folder that it is in, as `os.path.dirname` and `.parent` tell it. */
export function parentOf({ text, isKnown }: PathValue): PathValue {
  if (text === projectMark || text.endsWith('/..')) return { text: `${text}/..`, isKnown };
  const slash = text.lastIndexOf('/');
  return { text: slash === -1 ? '' : text.slice(0, slash), isKnown };
}

/**
 * The path inside the project that a value names.
 *
 * @param base folder of the project in which the program runs
 * @returns `undefined` for what is not known or outside
 */
export function pathIn({ text, isKnown }: PathValue, base: string): string | undefined {
  if (!isKnown) return undefined;
  if (text === '') return base;
  return text.startsWith(projectMark) ? insideProject('', text.slice(1).replace(/^\//, '')) : insideProject(base, text);
}

/** The folder before the first `*`, `?`, `[` or `{…}` of a pattern; `undefined` when the text is no pattern. */
export function patternFolder({ text }: PathValue): PathValue | undefined {
  const at = text.search(/[*?[{]/);
  return at === -1 ? undefined : { ...parentOf(known(`${text.slice(0, at)}x`)), isKnown: true };
}
