/** Fields of a schema, those within fields included. */
const mostFields = 20_000;
const deepest = 32;

export interface FlatMessage {
  /** Of MessageHeader in Message.fbs: 1 a schema, 2 a dictionary, 3 a record batch. */
  readonly kind: number;
  /** Bytes of the body. */
  readonly body: number;
}

/**
 * A message of Arrow's IPC (Message.fbs, Schema.fbs), each of whose vectors lies within it: the reader believes what a length
 * says, and would count to four thousand million. Undefined where it is not well-formed.
 */
export function flatMessage(bytes: Buffer): FlatMessage | undefined {
  try {
    const table = new Flat(bytes);
    const message = table.root();
    const [kind, header] = [table.byte(message, 1), table.inner(message, 2)];
    table.vector(message, 4, 4);
    if (kind === 1) table.schema(header);
    else if (kind === 2) table.batch(table.inner(header, 1));
    else if (kind === 3) table.batch(header);
    else return undefined;
    return { kind, body: table.long(message, 3) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** How many record batches the footer of a file lists (File.fbs); undefined where it is not well-formed. */
export function footerBatches(bytes: Buffer): number | undefined {
  try {
    const table = new Flat(bytes);
    return table.vector(table.root(), 3, 24)?.length ?? 0;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads a flatbuffer; whatever lies outside of its bytes is a RangeError. */
class Flat {
  readonly #bytes: Buffer;
  readonly #seen = new Set<number>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  root(): number {
    return this.#bytes.readUInt32LE(0);
  }

  byte(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : this.#bytes.readUInt8(at);
  }

  long(table: number, field: number): number {
    const at = this.#field(table, field);
    return at === undefined ? 0 : Number(this.#bytes.readBigInt64LE(at));
  }

  inner(table: number, field: number): number {
    const at = this.#field(table, field);
    if (at === undefined) throw new RangeError('a table is left out');
    return at + this.#bytes.readUInt32LE(at);
  }

  vector(table: number, field: number, width: number): { at: number; length: number } | undefined {
    const place = this.#field(table, field);
    if (place === undefined) return undefined;
    const at = place + this.#bytes.readUInt32LE(place);
    const length = this.#bytes.readUInt32LE(at);
    if (at + 4 + length * width > this.#bytes.length) throw new RangeError('a vector is longer than what holds it');
    return { at: at + 4, length };
  }

  schema(schema: number): void {
    this.vector(schema, 2, 4);
    this.vector(schema, 3, 8);
    this.#fields(schema, 1, 0);
  }

  batch(batch: number): void {
    if (this.long(batch, 0) < 0) throw new RangeError('a batch has fewer than no rows');
    const nodes = this.vector(batch, 1, 16);
    this.vector(batch, 2, 16);
    this.vector(batch, 4, 8);
    for (let index = 0; index < (nodes?.length ?? 0); index += 1) {
      const [rows, nulls] = [0, 8].map((part) =>
        Number(this.#bytes.readBigInt64LE((nodes?.at ?? 0) + 16 * index + part)),
      );
      if (rows === undefined || nulls === undefined || rows < 0 || nulls < 0 || nulls > rows || rows > 2 ** 40) {
        throw new RangeError('a column has an odd number of rows');
      }
    }
  }

  /** Each field once: one that is within itself, or twice, would never end. */
  #fields(table: number, field: number, depth: number): void {
    const fields = this.vector(table, field, 4);
    for (let index = 0; index < (fields?.length ?? 0); index += 1) {
      const place = (fields?.at ?? 0) + 4 * index;
      const at = place + this.#bytes.readUInt32LE(place);
      if (depth > deepest || this.#seen.size > mostFields || this.#seen.has(at))
        throw new RangeError('too many fields');
      this.#seen.add(at);
      this.vector(at, 0, 1);
      this.vector(at, 6, 4);
      this.#fields(at, 5, depth + 1);
    }
  }

  /** The place of a field of a table; undefined where it is left out. */
  #field(table: number, field: number): number | undefined {
    const vtable = table - this.#bytes.readInt32LE(table);
    const size = this.#bytes.readUInt16LE(vtable);
    if (size < 6 + 2 * field) return undefined;
    const offset = this.#bytes.readUInt16LE(vtable + 4 + 2 * field);
    return offset === 0 ? undefined : table + offset;
  }
}
