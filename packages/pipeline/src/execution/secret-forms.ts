/** The bytes by which a secret is recognised. */
export interface SecretForms {
  /** As it is, escaped, or percent-encoded. */
  readonly plain: readonly Uint8Array[];
  /** Its longer lines, where it has several: programs indent, number and wrap lines. */
  readonly lines: readonly Uint8Array[];
  /** base64 and hexadecimal, which programs break into lines and groups: {@link breaks} may stand anywhere inside. */
  readonly encoded: readonly Uint8Array[];
}

/** What programs put between the digits of encoded bytes. */
export const breaks: Uint8Array = Buffer.from('\r\n\t :');

/** What is longer does not fit into an address: servers take 8,000 bytes (RFC 9110 section 4.1 asks for no less). */
const longestInAddress = 8192;

/** A shorter line is not searched for on its own. */
const shortestLine = 8;

/**
 * The forms in which a secret shows when a program prints it without meaning to hide it. What is not found: bits of a
 * byte at the edge of base64 that begins in the middle of something else, and whatever was compressed, encrypted,
 * reversed or cut in pieces.
 */
export function secretForms(value: Uint8Array): SecretForms {
  const text = textOf(value);
  const written = text === undefined ? [] : writers.map((write) => Buffer.from(write(text)));
  return {
    plain: unique([value, ...written, ...bytesLiterals(value), ...percentEncoded(value)]),
    lines: text?.includes('\n') === true ? unique(linesOf(text)) : [],
    encoded: unique([...base64(value), ...hexadecimal(value)]),
  };
}

function unique(forms: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(forms.map((form) => [Buffer.from(form).toString('latin1'), form])).values()];
}

function textOf(value: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}

type Writer = (text: string) => string;

const codeUnit = (digits: (hex: string) => string, start: string, width: number) => (letter: string) =>
  letter.replaceAll(/[^]/g, (unit) => `${start}${digits(unit.charCodeAt(0).toString(16).padStart(width, '0'))}`);
const lower = (hex: string): string => hex;
const upper = (hex: string): string => hex.toUpperCase();

/** A JSON string without its quotes (RFC 8259 section 7). */
const jsonText: Writer = (text) => JSON.stringify(text).slice(1, -1);

/** What writers of JSON escape beyond what they must: slashes, what could be HTML; and then what is not ASCII. */
const punctuation: readonly Writer[] = [
  (text) => text,
  (text) => text.replaceAll('/', '\\/'),
  (text) => text.replaceAll(/[<>&\u2028\u2029]/g, codeUnit(lower, '\\u', 4)),
];
const letters: readonly Writer[] = [
  (text) => text,
  (text) => text.replaceAll(/[^ -~]/g, codeUnit(lower, '\\u', 4)),
  (text) => text.replaceAll(/[^ -~]/g, codeUnit(upper, '\\u', 4)),
];

/** Texts as they stand in JSON, and in JSON inside of JSON. */
const json: readonly Writer[] = [
  ...punctuation.flatMap((one) =>
    letters.map(
      (other): Writer =>
        (text) =>
          other(one(jsonText(text))),
    ),
  ),
  (text) => jsonText(jsonText(text)),
];

const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const backslashed = (text: string, letters: RegExp): string => text.replaceAll(letters, '\\$&');
const withControls = (text: string): string =>
  text
    .replaceAll(/[\n\r\t]/g, (letter) => controls[letter] ?? letter)
    .replaceAll(/[\0-\x1f\x7f]/g, codeUnit(lower, '\\x', 2));

/** Texts in literals of programming languages, as `repr` and `util.inspect` print them. */
const literals: readonly Writer[] = [
  (text) => withControls(backslashed(text, /\\/g)),
  (text) => withControls(backslashed(text, /[\\']/g)),
  (text) => withControls(backslashed(text, /[\\"]/g)),
];

/** In single quotes, in double quotes and without quotes (POSIX shell 2.2, and what `printf %q` and `shlex` make). */
const shell: readonly Writer[] = [
  (text) => text.replaceAll("'", `'\\''`),
  (text) => text.replaceAll("'", `'"'"'`),
  (text) => backslashed(text, /["$`\\]/g),
  (text) => backslashed(text, /[^A-Za-z0-9_@%+=:,./~\u0080-\uffff-]/g),
];

const entities = (text: string, double: string, single: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', double)
    .replaceAll("'", single);

/** In XML and HTML. */
const markup: readonly Writer[] = [
  (text) => entities(text, '"', "'"),
  (text) => entities(text, '&quot;', "'"),
  (text) => entities(text, '&quot;', '&#39;'),
  (text) => entities(text, '&quot;', '&#x27;'),
  (text) => entities(text, '&quot;', '&apos;'),
  (text) => entities(text, '&#34;', '&#39;'),
];

/** A terminal turns line breaks into CR LF. */
const terminal: readonly Writer[] = [(text) => text.replaceAll(/\r?\n/g, '\r\n')];

const writers: readonly Writer[] = [...json, ...literals, ...shell, ...markup, ...terminal];

/** `b'…'` of Python: every byte that is no letter as `\xNN`. */
function bytesLiterals(value: Uint8Array): Uint8Array[] {
  const text = Buffer.from(value).toString('latin1');
  return literals.map((write) => Buffer.from(write(text).replaceAll(/[^ -~]/g, codeUnit(lower, '\\x', 2)), 'latin1'));
}

/** What programs leave as it is: RFC 3986 and Python, parts of paths, the functions of JavaScript, forms, nothing else. */
const unreserved = [
  /[A-Za-z0-9._~-]/,
  /[A-Za-z0-9._~/-]/,
  /[A-Za-z0-9._~$&+=:@-]/,
  /[A-Za-z0-9._~!$&'()*+,;=:@-]/,
  /[A-Za-z0-9._~!*'()-]/,
  /[A-Za-z0-9._~!*'();,/?:@&=+$#-]/,
  /[A-Za-z0-9._*-]/,
  /[A-Za-z0-9]/,
];

function percentEncoded(value: Uint8Array): Uint8Array[] {
  if (value.length > longestInAddress) return [];
  const text = Buffer.from(value).toString('latin1');
  return unreserved.flatMap((kept) =>
    [lower, upper].flatMap((digits) => {
      const encode = codeUnit(digits, '%', 2);
      const form = text.replaceAll(/[^]/g, (letter) => (kept.test(letter) ? letter : encode(letter)));
      return [form, form.replaceAll('%20', '+')].map((text) => Buffer.from(text, 'latin1'));
    }),
  );
}

/** Lines that are the same for everybody: the armour of PEM (RFC 7468). */
const armour = /^-----(?:BEGIN|END) [A-Z0-9 ]+-----$/;

function linesOf(text: string): Uint8Array[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.length >= shortestLine && !armour.test(line)).map((line) => Buffer.from(line));
}

function hexadecimal(value: Uint8Array): Uint8Array[] {
  const hex = Buffer.from(value).toString('hex');
  return [hex, hex.toUpperCase()].map((form) => Buffer.from(form));
}

/**
 * base64 and base64url (RFC 4648 sections 4 and 5) of a text that the value stands in: it may begin at the first,
 * second or third byte of a group, so there are three ways to write it. A character that it shares with what is before
 * it is not counted; one that it shares with what is behind it can be any of a few.
 */
function base64(value: Uint8Array): Uint8Array[] {
  const standard = [0, 1, 2].flatMap((offset) => aligned(value, offset));
  const both = standard.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
  return both.map((form) => Buffer.from(form));
}

function aligned(value: Uint8Array, offset: number): string[] {
  const encode = (behind: readonly number[]): string =>
    Buffer.concat([Buffer.alloc(offset), value, Buffer.from(behind)]).toString('base64');
  const whole = encode([]);
  const shared = (offset + value.length) % 3;
  const [from, to] = [Math.ceil((offset * 4) / 3), Math.ceil(((offset + value.length) * 4) / 3)];
  if (shared === 0) return [whole.slice(from)];
  // the bits of the next byte that share a character with the last one of the value: 4 of them, or 2
  const nexts = shared === 1 ? range(16).map((bits) => bits << 4) : range(4).map((bits) => bits << 6);
  const forms = nexts.map((next) => encode([next]).slice(from, to));
  return [...forms, whole.slice(from, to - 1), whole.slice(from)];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
