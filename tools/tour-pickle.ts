const opcode = { proto: 0x80, shortText: 0x8c, global: 0x93, tuple: 0x85, call: 0x52, stop: 0x2e } as const;

const text = (words: string): Buffer =>
  Buffer.concat([Buffer.from([opcode.shortText, Buffer.byteLength(words)]), Buffer.from(words)]);

/**
 * A pickle of protocol 4, byte by byte, that starts a program as soon as somebody opens it: it would write a file that
 * is called as `marker` says, and nothing else. The tour only scans it.
 */
export function markerPickle(marker: string): Buffer {
  return Buffer.concat([
    Buffer.from([opcode.proto, 4]),
    text('os'),
    text('system'),
    Buffer.from([opcode.global]),
    text(`echo it ran > ${marker}`),
    Buffer.from([opcode.tuple, opcode.call, opcode.stop]),
  ]);
}
