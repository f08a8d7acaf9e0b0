// Tars block by block, as POSIX.1-1988 (ustar) lays them out, with any field set to what it should not be.

export interface MadeBlock {
  readonly name: string;
  readonly content?: Buffer;
  /** Default: that of the content. */
  readonly size?: number;
  readonly type?: string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly checksum?: number;
  /** What fills the last block up (default: zeros). */
  readonly fill?: number;
  /** Sums bytes with a sign, as SunOS did. */
  readonly signed?: boolean;
}

export function tarOf(blocks: readonly MadeBlock[], end: Buffer = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...blocks.map(blockOf), end]);
}

/** `length key=value\n`, where the length counts its own digits. */
export function pax(...records: (readonly [key: string, value: string])[]): Buffer {
  const lines = records.map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest) + 1;
    while (`${length}`.length + Buffer.byteLength(rest) !== length) length += 1;
    return `${length}${rest}`;
  });
  return Buffer.from(lines.join(''));
}

function blockOf(made: MadeBlock): Buffer {
  const { name, content = Buffer.alloc(0), size = content.length, type = '0', magic = 'ustar\x0000' } = made;
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156, 1, 'latin1');
  header.write(magic, 257, 8, 'latin1');
  header.write(made.prefix ?? '', 345, 155);
  const bytes = made.signed === true ? [...new Int8Array(header)] : [...header];
  const sum = made.checksum ?? bytes.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc(-content.length & 511, made.fill ?? 0);
  return Buffer.concat([header, content, padding]);
}
