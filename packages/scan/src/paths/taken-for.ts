/**
 * What a path is for a system that tells few names apart: two paths with the same one may be one file there. macOS folds
 * case and how letters are composed, and ignores what cannot be seen; Windows folds case, and drops points and blanks at
 * the end of a name; programs that clean names up fold compatible letters, too (Unicode's NFKC, and full case folding).
 */
export function takenFor(path: string): string {
  const seen = path.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  // `ß` has two capital letters, and `ſ` shares its own: only there and back again do they meet.
  const folded = seen.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');
  return folded.replace(/[. ]+(?=\/|$)/g, (end, at: number, whole: string) =>
    at === 0 || whole.charAt(at - 1) === '/' ? end : '',
  );
}
