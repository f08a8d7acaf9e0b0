import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';

/** The opcodes by which PyTorch pickles a list of texts in protocol 2, beside the texts. */
const passed: Readonly<Record<number, number>> = { 0x71: 1, 0x72: 4, 0x28: 0, 0x65: 0, 0x61: 0 };

/** Bytes of a key, and keys. */
const longestKey = 2 ** 10;
const mostKeys = 2 ** 18;

/**
 * The texts of the pickle between two offsets, which is a list of them as `torch.save` writes it.
 *
 * @throws NotUnderstood for any other pickle
 */
export function keysOf(source: ByteSource, start: number, end: number): readonly string[] {
  const reader = new ByteReader(source, start);
  const keys: string[] = [];
  if (reader.u8() !== 0x80 || reader.u8() !== 2 || reader.u8() !== 0x5d) {
    throw new NotUnderstood('the keys of the storages are no list', start);
  }
  for (let opcode = reader.u8(); opcode !== 0x2e; opcode = reader.u8()) {
    const arguments_ = passed[opcode];
    if (keys.length > mostKeys) throw new NotUnderstood(`more than ${mostKeys} storages`, start);
    if (opcode === 0x58) keys.push(textOf(reader));
    else if (arguments_ !== undefined) reader.skip(arguments_);
    else throw new NotUnderstood('the keys of the storages are not only texts', reader.at - 1);
  }
  if (reader.at !== end) throw new NotUnderstood('the keys of the storages are not only texts', start);
  return keys;
}

function textOf(reader: ByteReader): string {
  const length = reader.u32();
  if (length > longestKey) throw new NotUnderstood(`a key of ${length} bytes`, reader.at);
  return reader.text(length);
}
