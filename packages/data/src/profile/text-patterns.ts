/**
 * How texts of a kind are written, in the syntax that RE2, PostgreSQL, Java and JavaScript share: no look-around, no \d.
 * The one thing that they must not do is match what only looks similar; a column needs nearly all of its values to match.
 */
export const textPatterns = {
  uuid: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  ip: '^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$|^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$|^([0-9a-fA-F]{0,4}:){1,6}(:[0-9a-fA-F]{1,4}){1,6}$',
  url: '^[a-zA-Z][a-zA-Z0-9+.-]*://[^ ]+$',
  hash: '^([0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$',
  timestamp:
    '^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?( ?([AaPp][Mm]|Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?$',
  date: '^[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}$|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{4}|[0-9]{2})$',
  duration:
    '^P([0-9]+[YMWD])*(T([0-9]+([.][0-9]+)?[HMS])+)?$|^[0-9]+([.][0-9]+)? ?(ms|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|d|days?|weeks?|months?|years?)$',
  percentage: '^[+-]?[0-9]+([.,][0-9]+)? ?%$',
  amount: '^[+-]?([$€£¥]|[A-Z]{3} ) ?[0-9][0-9.,]*$|^[+-]?[0-9][0-9.,]* ?([$€£¥]|EUR|USD|GBP|CHF|JPY)$',
  coordinates: '^[+-]?[0-9]{1,3}[.][0-9]+[,;] ?[+-]?[0-9]{1,3}[.][0-9]+$',
  path: '^(/[^/ ]+)+/?$|^[.]{1,2}(/[^/ ]+)+/?$|^([A-Za-z0-9_.-]+/)+[A-Za-z0-9_-]+[.][A-Za-z0-9]{1,5}$',
  postal: '^[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}$|^[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]$|^[1-9][0-9]{3} ?[A-Z]{2}$',
  digits: '^[0-9]{4,5}(-[0-9]{4})?$',
  boolean: '^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|[YyNnTtFf01])$',
  number: '^[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?$',
  code: '^[A-Za-z]*[0-9][A-Za-z0-9._/-]*$',
  words: '[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+',
} as const;

export type TextPattern = keyof typeof textPatterns;
/** For every pattern the part of a column's values that match it. */
export type PatternShares = Readonly<Record<TextPattern, number>>;
export const patternNames = Object.keys(textPatterns) as TextPattern[];
