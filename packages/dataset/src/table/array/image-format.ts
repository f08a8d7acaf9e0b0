const signatures: readonly (readonly [format: string, at: number, bytes: readonly number[]])[] = [
  ['png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['jpeg', 0, [0xff, 0xd8, 0xff]],
  ['gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['bmp', 0, [0x42, 0x4d]],
  ['tiff', 0, [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', 0, [0x4d, 0x4d, 0x00, 0x2a]],
  ['webp', 8, [0x57, 0x45, 0x42, 0x50]],
];

/** What kind of image begins with these bytes (12 are enough), if any. */
export function imageFormatOf(bytes: Uint8Array): string | undefined {
  return signatures.find(([, at, start]) => start.every((byte, index) => bytes[at + index] === byte))?.[0];
}
