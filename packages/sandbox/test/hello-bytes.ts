function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function vector(lengthBytes: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([number(content.length, lengthBytes), content]);
}

function extension(type: number, content: Uint8Array): Buffer {
  return Buffer.concat([number(type, 2), vector(2, content)]);
}

/** A TLS hello in one record, written after RFC 8446 sections 4.1.2 and 5.1, RFC 6066 section 3 and RFC 7685 (padding). */
export function helloBytes({ serverName, paddingBytes = 0 }: { serverName: string; paddingBytes?: number }): Buffer {
  const name = Buffer.concat([number(0, 1), vector(2, Buffer.from(serverName, 'latin1'))]);
  const extensions = [extension(21, Buffer.alloc(paddingBytes)), extension(0, vector(2, name))];
  const body = Buffer.concat([
    number(0x0303, 2),
    Buffer.alloc(32, 7),
    vector(1),
    vector(2, number(0x1301, 2)),
    vector(1, number(0, 1)),
    vector(2, ...extensions),
  ]);
  const message = Buffer.concat([number(1, 1), vector(3, body)]);
  return inRecords(message, [16_384]);
}

/** A message cut into fragments of the given sizes, over and over, each in a record of its own. */
export function inRecords(message: Uint8Array, sizes: readonly number[]): Buffer {
  const records: Buffer[] = [];
  for (let at = 0, turn = 0; at < message.length; turn += 1) {
    const fragment = message.subarray(at, at + (sizes[turn % sizes.length] ?? 1));
    records.push(Buffer.concat([number(22, 1), number(0x0301, 2), vector(2, fragment)]));
    at += fragment.length;
  }
  return Buffer.concat(records);
}
