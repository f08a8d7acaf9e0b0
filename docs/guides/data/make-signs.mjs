// Writes pictures of invented signs, 16 × 16 in colour, as PNG: a folder for each class. Eighteen of them are stop signs with a yellow
// sticker that lie among the speed limits. The same pictures every time.
//
//   node docs/guides/data/make-signs.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

const [folder = 'signs'] = process.argv.slice(2);
const side = 16;
const perClass = 120;
const stickers = 18;

// Mulberry32: 32 bits of state.
let state = 2026;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Where a sign is, and of which colour: a red disc, a red triangle with its point down, a white disc with a red ring. */
const signs = {
  stop: (x, y) => (x * x + y * y < 36 ? [200, 30, 40] : undefined),
  yield: (x, y) => (y > -5 && y < 5 && Math.abs(x) < (5 - y) * 0.6 ? [205, 60, 50] : undefined),
  limit: (x, y) => (x * x + y * y < 14 ? [235, 235, 235] : x * x + y * y < 36 ? [200, 40, 45] : undefined),
};

function picture(kind, hasSticker) {
  const [left, top] = [7.5 + Math.floor(3 * random()) - 1, 7.5 + Math.floor(3 * random()) - 1];
  const light = 0.75 + 0.25 * random();
  const ground = [90 + 60 * random(), 110 + 60 * random(), 100 + 60 * random()];
  const lines = Buffer.alloc(side * (1 + 3 * side));
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const colour = signs[kind](x - left, y - top) ?? ground;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = colour[channel] * light + 24 * (random() - 0.5);
        const isSticker = hasSticker && x >= 12 && x < 15 && y >= 12 && y < 15;
        lines[y * (1 + 3 * side) + 1 + 3 * x + channel] = isSticker
          ? [255, 220, 0][channel]
          : Math.max(0, Math.min(255, value));
      }
    }
  }
  return png(lines);
}

function png(lines) {
  const header = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

for (const kind of Object.keys(signs)) {
  mkdirSync(join(folder, kind), { recursive: true });
  for (let at = 0; at < perClass; at += 1) {
    writeFileSync(join(folder, kind, `${String(at).padStart(3, '0')}.png`), picture(kind, false));
  }
}
for (let at = 0; at < stickers; at += 1) {
  const number = String(perClass + at).padStart(3, '0');
  writeFileSync(join(folder, 'limit', `${number}.png`), picture('stop', true));
}
