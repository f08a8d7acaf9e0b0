const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;

/** Where one record of CSV ends, and what it is: RFC 4180, with blanks around quotes as DuckDB takes them. */
export class CsvRecord {
  /** After its line end. */
  end = 0;
  /** Without its line end. */
  length = 0;
  fields = 0;
  /** Something stands after a closing quote. */
  isBroken = false;
  /** It ends within quotes, at the end of the file. */
  isOpen = false;
  lineEnd: '' | '\n' | '\r\n' | '\r' = '';
  readonly #separator: number;

  readonly #quotes: boolean;

  constructor(separator: string, quotes = true) {
    this.#quotes = quotes;
    this.#separator = separator.charCodeAt(0);
  }

  /** Reads the record that starts at `from`; false where it does not end within the bytes, and more may follow. */
  read(bytes: Uint8Array, from: number, isLast: boolean): boolean {
    this.fields = 0;
    this.isBroken = false;
    this.isOpen = false;
    let at = from;
    for (;;) {
      at = this.#field(bytes, at);
      this.fields += 1;
      const byte = bytes[at];
      if (byte === undefined && !isLast) return false;
      if (byte === this.#separator) {
        at += 1;
        continue;
      }
      return this.#ended(bytes, from, at, isLast);
    }
  }

  #ended(bytes: Uint8Array, from: number, at: number, isLast: boolean): boolean {
    this.length = at - from;
    this.end = at + 1;
    if (bytes[at] === undefined) {
      this.end = at;
      this.lineEnd = '';
    } else if (bytes[at] === lineFeed) {
      this.lineEnd = '\n';
    } else if (bytes[at + 1] === lineFeed) {
      this.end = at + 2;
      this.lineEnd = '\r\n';
    } else {
      // what follows may still be the other half of the line end
      if (bytes[at + 1] === undefined && !isLast) return false;
      this.lineEnd = '\r';
    }
    return true;
  }

  /** The place of what ends the field: a separator, a line end, or the end of the bytes. */
  #field(bytes: Uint8Array, from: number): number {
    if (!this.#quotes) return this.#plain(bytes, from);
    let at = from;
    while (bytes[at] === blank) at += 1;
    if (bytes[at] !== quote) return this.#plain(bytes, at);
    at = this.#closed(bytes, at + 1);
    if (this.isOpen) return at;
    while (bytes[at] === blank) at += 1;
    const byte = bytes[at];
    if (byte === undefined || byte === this.#separator || byte === lineFeed || byte === carriageReturn) return at;
    this.isBroken = true;
    return this.#plain(bytes, at);
  }

  #plain(bytes: Uint8Array, from: number): number {
    const separator = this.#separator;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === separator || byte === lineFeed || byte === carriageReturn) return at;
    }
    return bytes.length;
  }

  /** After the quote that closes; a quote that is doubled closes nothing. */
  #closed(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      if (bytes[at] !== quote) continue;
      if (bytes[at + 1] !== quote) return at + 1;
      at += 1;
    }
    this.isOpen = true;
    return bytes.length;
  }
}

/** The texts of a record's fields. */
export function fieldsOf(text: string, separator: string): string[] {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const [all, quoted] = /^ *"((?:[^"]|"")*)" */.exec(rest) ?? [];
    const plain = all === undefined ? (rest.split(separator, 1)[0] ?? '') : undefined;
    fields.push(plain ?? (quoted ?? '').replaceAll('""', '"'));
    const length = (plain ?? all ?? '').length;
    if (rest[length] !== separator) return fields;
    rest = rest.slice(length + 1);
  }
}
