import { shown } from '../errors.ts';
import { hostNameOf } from './host-name.ts';
import { Refusal } from './refusal.ts';

// RFC 8446 sections 5.1 and 4; RFC 6066 section 3; RFC 9849 section 5
const handshakeRecord = 22;
const recordHeaderBytes = 5;
const maximumFragment = 16_384;
const clientHello = 1;
const messageHeaderBytes = 4;
const serverNameExtension = 0;
const encryptedHelloExtension = 0xfe_0d;
const hostNameType = 0;

/**
 * Reads the first message of a TLS connection as it comes in, however it is cut into records and segments, for the
 * one thing that it tells about where it goes: `server_name`.
 *
 * Strict where a server may be lenient: what two readers could understand differently is refused. An encrypted hello
 * (ECH) is refused, because the name that it shows is not the name that counts.
 *
 * @example
 * const reader = new ClientHelloReader(16_384);
 * for await (const bytes of process.stdin) {
 *   const name = reader.push(bytes); // 'pypi.example', or undefined: more is needed
 *   if (name !== undefined) break;
 * }
 */
export class ClientHelloReader {
  readonly #records: Buffer;
  #received = 0;
  /** Where the next record begins. */
  #at = 0;
  readonly #message: Buffer;
  #messageBytes = 0;

  /** @param maximumBytes Of everything that is pushed. */
  constructor(maximumBytes: number) {
    this.#records = Buffer.alloc(maximumBytes);
    this.#message = Buffer.alloc(maximumBytes);
  }

  /**
   * The host name in its one spelling as soon as the hello is whole, `undefined` before. Not to be called again after.
   *
   * @throws Refusal
   */
  push(bytes: Uint8Array): string | undefined {
    if (bytes.length > this.#records.length - this.#received)
      throw new Refusal('was sent a TLS hello that is too large');
    this.#records.set(bytes, this.#received);
    this.#received += bytes.length;
    while (this.#takeRecord()) {
      const message = this.#wholeMessage();
      if (message !== undefined) return serverName(message);
    }
    return undefined;
  }

  /** Moves the fragment of the next record into the message; false when it is not all there. */
  #takeRecord(): boolean {
    const record = this.#records.subarray(this.#at, this.#received);
    if (record.length > 0 && record[0] !== handshakeRecord) throw new Refusal('was not spoken to in TLS', 400);
    if (record.length > 1 && record[1] !== 3) throw new Refusal('was not spoken to in TLS', 400);
    if (record.length < recordHeaderBytes) return false;
    const length = record.readUInt16BE(3);
    // zero-length fragments of handshake messages: RFC 8446 section 5.1
    if (length === 0 || length > maximumFragment) throw malformed('the length of a record');
    if (record.length < recordHeaderBytes + length) return false;
    this.#message.set(record.subarray(recordHeaderBytes, recordHeaderBytes + length), this.#messageBytes);
    this.#messageBytes += length;
    this.#at += recordHeaderBytes + length;
    return true;
  }

  #wholeMessage(): Buffer | undefined {
    const message = this.#message.subarray(0, this.#messageBytes);
    if (message[0] !== clientHello) throw malformed('the first message is no hello');
    if (message.length < messageHeaderBytes) return undefined;
    const end = messageHeaderBytes + message.readUIntBE(1, 3);
    if (end > this.#message.length) throw new Refusal('was sent a TLS hello that is too large');
    if (message.length > end) throw malformed('another message in the same record');
    return message.length === end ? message.subarray(messageHeaderBytes) : undefined;
  }
}

/** `struct { legacy_version; random; session_id; cipher_suites; compression; extensions; }`: RFC 8446 section 4.1.2. */
function serverName(hello: Buffer): string {
  const fields = new Fields(hello);
  const version = fields.number(2);
  if (version < 0x0301 || version > 0x0303) throw malformed('the version');
  fields.take(32);
  if (fields.vector(1).length > 32) throw malformed('the session id');
  const suites = fields.vector(2).length;
  if (suites === 0 || suites % 2 !== 0) throw malformed('the cipher suites');
  if (fields.vector(1).length === 0) throw malformed('the compression methods');
  const extensions = fields.isAtEnd() ? new Map<number, Buffer>() : readExtensions(fields.vector(2));
  if (!fields.isAtEnd()) throw malformed('bytes behind the extensions');
  if (extensions.has(encryptedHelloExtension)) throw new Refusal('was sent an encrypted TLS hello (ECH)');
  const names = extensions.get(serverNameExtension);
  if (names === undefined) throw new Refusal('was sent a TLS hello without a name');
  return readServerName(names);
}

function readExtensions(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const fields = new Fields(bytes);
  const found = new Map<number, Buffer>();
  while (!fields.isAtEnd()) {
    const type = fields.number(2);
    if (found.has(type)) throw malformed('an extension stands there twice'); // RFC 8446 section 4.2
    found.set(type, fields.vector(2));
  }
  return found;
}

/** One name of the one type that there is; RFC 6066 forbids a second one, and servers differ in which they take. */
function readServerName(bytes: Buffer): string {
  const list = new Fields(bytes);
  const entry = new Fields(list.vector(2));
  if (!list.isAtEnd()) throw malformed('bytes behind the server name');
  if (entry.number(1) !== hostNameType) throw malformed('the type of the server name');
  const spelling = entry.vector(2).toString('latin1');
  if (!entry.isAtEnd()) throw malformed('more than one server name');
  const name = hostNameOf(spelling);
  if (name === undefined) throw new Refusal(`was sent a TLS hello for ${shown(spelling)}, which is no host name`);
  return name;
}

/** The presentation language of RFC 8446 section 3: numbers, and vectors with their length before them. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    if (length > this.#bytes.length - this.#at) throw malformed('it is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(bytes: 1 | 2): number {
    return this.take(bytes).readUIntBE(0, bytes);
  }

  vector(lengthBytes: 1 | 2): Buffer {
    return this.take(this.number(lengthBytes));
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}

function malformed(what: string): Refusal {
  return new Refusal(`was sent a malformed TLS hello: ${what}`);
}
