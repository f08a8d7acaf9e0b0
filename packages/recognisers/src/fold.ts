import { isPair } from './signs.ts';

// Letters of other alphabets that look like Latin ones, as far as fonts do not tell them apart (Unicode TR 39).
const lookAlikes = new Map(
  [
    ...'АAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅSаaеeоoрpсcуyхxіiјjѕsԁdԛqһhΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοo'.matchAll(/(.)(.)/gu),
  ].map(([, from = '', to = '']): [string, string] => [from, to]),
);

// Nothing to see: soft hyphen, joiners, marks of direction, byte order mark, variation selectors, tags.
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/u;
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/u;
const dashes = /[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]/u;
// What may have to change. Letters that Latin languages need stay, and there is nothing to fold in Kana, Han and Hangul.
const perhaps =
  /[\u00a0\u00ad\u00b2\u00b3\u00b9\u017f]|[^\0-\u01ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]/u;

const known = new Map<string, string>();

/** Units of the basic plane that stay as they are, each asked for once: 0 nobody asked yet, 1 stays, 2 changes. */
const stays = new Uint8Array(0x1_0000).fill(1, 0, 128);

/** Where the next unit is that is not known to stay as it is. */
function nextDoubtful(text: string, from: number): number {
  let at = from;
  while (at < text.length && stays[text.charCodeAt(at)] === 1) at += 1;
  return at;
}

function changes(code: number): boolean {
  if (stays[code] === 0) {
    const character = String.fromCharCode(code);
    stays[code] = perhaps.test(character) && foldCharacter(character) !== character ? 2 : 1;
  }
  return stays[code] === 2;
}

function foldCharacter(character: string): string {
  if (invisible.test(character)) return '';
  if (spaces.test(character)) return ' ';
  if (dashes.test(character)) return '-';
  if (/\p{Nd}/u.test(character)) return digitOf(character);
  const alike = lookAlikes.get(character);
  if (alike !== undefined) return alike;
  const compatible = character.normalize('NFKC');
  return /^[\x21-\x7e]$/.test(compatible) ? compatible : character;
}

/** Decimal digits of every script stand in runs of ten, the first a zero (Unicode, chapter 4.6). */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  // A run is at most ten long; mathematical digits are five runs in a row, which begin at U+1D7CE.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return String((code - 0x1d7ce) % 10);
  while (zero > code - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String(code - zero);
}

function folded(character: string): string {
  let found = known.get(character);
  if (found === undefined) {
    found = foldCharacter(character);
    // What one text can bring is bounded by Unicode; what stays is bounded here.
    if (known.size < 20_000) known.set(character, found);
  }
  return found;
}

/**
 * Text that is handed over in pieces, folded as it comes: what only looks like digits, spaces, hyphens and Latin letters is
 * made what it looks like, and what cannot be seen is dropped. Full-width and mathematical signs, digits of every script,
 * no-break and thin spaces, look-alikes of Cyrillic and Greek. Plain text stays as it is. Takes time in proportion to the text.
 */
export class FoldedText {
  /** What is kept of the folded text. */
  text = '';
  /** How many folded units stood before it. */
  base = 0;
  #half = '';
  // Where offsets begin to differ, in folded units, and by how much.
  #places: number[] = [];
  #drops: number[] = [];
  #dropped = 0;

  append(piece: string): void {
    const whole = this.#half + piece;
    const last = whole.charCodeAt(whole.length - 1);
    const cut = last >= 0xd800 && last < 0xdc00 ? whole.length - 1 : whole.length;
    this.#half = whole.slice(cut);
    this.#fold(whole.slice(0, cut));
  }

  /** Half a character at the end is folded as it is. */
  end(): void {
    this.text += this.#half;
    this.#half = '';
  }

  /** Forgets the text before a folded offset. */
  forget(before: number): void {
    this.text = this.text.slice(before - this.base);
    this.base = before;
    let gone = 0;
    while (gone + 1 < this.#places.length && (this.#places[gone + 1] ?? 0) <= before) gone++;
    if (gone < 1024) return;
    this.#places = this.#places.slice(gone);
    this.#drops = this.#drops.slice(gone);
  }

  /** Where the folded unit at an offset stood in the text as it came. */
  offset(at: number): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return at + (this.#drops[low - 1] ?? 0);
  }

  #fold(text: string): void {
    const before = this.base + this.text.length;
    const parts: string[] = [];
    let length = before;
    let from = 0;
    for (let at = nextDoubtful(text, 0); at < text.length; at = nextDoubtful(text, at + 1)) {
      const code = text.charCodeAt(at);
      const units = isPair(code, text.charCodeAt(at + 1)) ? 2 : 1;
      if (units === 1 && !changes(code)) continue;
      const character = text.slice(at, at + units);
      const instead = folded(character);
      if (instead !== character) {
        parts.push(text.slice(from, at), instead);
        length += at - from + instead.length;
        from = at + units;
        if (instead.length !== units) this.#drop(length, units - instead.length);
      }
      at += units - 1;
    }
    // Joined, so that it is one string for those who look at every unit of it.
    this.text = this.text === '' && from === 0 ? text : [this.text, ...parts, text.slice(from)].join('');
  }

  #drop(place: number, units: number): void {
    this.#dropped += units;
    if (this.#places.at(-1) === place) this.#drops[this.#drops.length - 1] = this.#dropped;
    else {
      this.#places.push(place);
      this.#drops.push(this.#dropped);
    }
  }
}

/**
 * A short text, folded.
 * @example
 * fold('\uff11\uff12\uff13\u200b4'); // '1234'
 */
export function fold(text: string): string {
  const whole = new FoldedText();
  whole.append(text);
  whole.end();
  return whole.text;
}
