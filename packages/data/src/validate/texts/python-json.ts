import { Unanswerable } from '../expectation-type.ts';

/** Python's parser gives up where brackets are some thousand deep, and how many depends on who calls it. */
const deepest = 400;
/** Digits of a whole number that Python reads. */
const longestNumber = 4300;

/** What `json.loads` makes of a text. */
export type PythonJson = { readonly value: unknown; readonly isFinite: boolean } | undefined;

/**
 * Reads JSON as Python's `json.loads`: NaN, Infinity and -Infinity are numbers to it; undefined for what it refuses.
 *
 * @throws Unanswerable for what is nested so deeply, or has numbers so long, that Pythons differ
 */
export function pythonJson(text: string): PythonJson {
  // An error costs more than all the rest.
  if (!/^[ \t\r\n]*[{["\-0-9tfnNI]/.test(text)) return undefined;
  if (/[[{]/.test(text) && depthOf(text) > deepest) throw new Unanswerable('a value is nested too deeply');
  const digits = /\d{1000,}/g;
  for (const [run] of text.matchAll(digits)) {
    if (run.length >= longestNumber) throw new Unanswerable('a value has a number of too many digits');
  }
  const plain = parsed(text);
  if (plain !== undefined) return { ...plain, isFinite: true };
  if (!/NaN|Infinity/.test(text)) return undefined;
  const written = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?Infinity(?![\w.+-])|NaN(?![\w.+-])/gsu, (found) =>
    found.startsWith('"') ? found : ' null ',
  );
  // A word beside another token would be cut in two by the blanks: `1NaN`.
  if (/[\w.+-] null /.test(written)) return undefined;
  const replaced = parsed(written);
  return replaced === undefined ? undefined : { ...replaced, isFinite: false };
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gsu)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}
