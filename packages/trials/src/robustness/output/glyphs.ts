/** The pixels of a glyph: so many across and down. */
export const [glyphWidth, glyphHeight] = [5, 7] as const;

/** A line of five pixels each digit of base 32, from the top. */
const glyphs: Readonly<Record<string, string>> = {
  ' ': '0000000',
  '0': 'ehjlphe',
  '1': '4c4444e',
  '2': 'eh1248v',
  '3': 'v2421he',
  '4': '26aiv22',
  '5': 'vgu11he',
  '6': '68guhhe',
  '7': 'v124888',
  '8': 'ehhehhe',
  '9': 'ehhf12c',
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'sihhhis',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hhha444',
  Z: 'v1248gv',
  '-': '000e000',
  _: '000000v',
  '.': '00000cc',
  '/': '11248gg',
  '+': '044v440',
  '<': '248g842',
  '>': '8421248',
  '=': '00v0v00',
  '×': '0ha4ah0',
  '→': '042v240',
};

/** What stands for anything else: a box. */
const unknown = 'vhhhhhv';

/**
 * Text as pixels, a line of them after the other: letters are capitals, and what has no glyph is a box.
 * @returns lines of 0 and 1, each as wide as the text with a column between glyphs
 */
export function textPixels(text: string): number[][] {
  const found = Array.from(text.toUpperCase(), (each) =>
    Object.hasOwn(glyphs, each) ? (glyphs[each] ?? unknown) : unknown,
  );
  return Array.from({ length: glyphHeight }, (_, line) =>
    found.flatMap((glyph, place) => {
      const bits = Number.parseInt(glyph.charAt(line), 32);
      const pixels = Array.from({ length: glyphWidth }, (_unused, column) => (bits >> (glyphWidth - 1 - column)) & 1);
      return place === 0 ? pixels : [0, ...pixels];
    }),
  );
}

/** Pixels that a text takes across. */
export const textWidth = (text: string): number => Math.max(0, Array.from(text).length * (glyphWidth + 1) - 1);
