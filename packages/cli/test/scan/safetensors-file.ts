/** A safetensors file with a tensor of four bytes; `gap` bytes before it lie unused, which none of its readers accepts. */
export function safetensorsFile(gap = 0): Uint8Array {
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'F32', shape: [1], data_offsets: [gap, gap + 4] } }));
  const file = Buffer.alloc(8 + header.length + gap + 4);
  file.writeBigUInt64LE(BigInt(header.length));
  header.copy(file, 8);
  return file;
}
