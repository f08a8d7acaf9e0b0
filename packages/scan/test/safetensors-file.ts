/** A safetensors file: the length of a header in JSON, the header, four bytes for each tensor; `gap` bytes lie unused. */
export function safetensorsFile({ tensors = 1, gap = 0 }: { tensors?: number; gap?: number } = {}): Uint8Array {
  const entries = Array.from({ length: tensors }, (_, index) => {
    const start = gap + index * 4;
    return [`layer${index}`, { dtype: 'F32', shape: [1], data_offsets: [start, start + 4] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const file = Buffer.alloc(8 + header.length + gap + tensors * 4);
  file.writeBigUInt64LE(BigInt(header.length));
  header.copy(file, 8);
  return file;
}
