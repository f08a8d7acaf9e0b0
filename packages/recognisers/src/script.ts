/** Scripts that are written without spaces between words: what stands beside their letters stands alone. As a class in brackets. */
export const unspaced =
  '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]';

/** A letter or digit that a number or a name would go on with. */
export const wordSigns = `(?!${unspaced})[\\p{L}\\p{N}]`;
