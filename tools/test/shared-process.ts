/**
 * Rooms whose test files share a process, one after the other: half of a second of Node and of imports is spared for each.
 * The others start processes, look at them, or change what a process has, and each of their files has one of its own.
 */
const rooms = [
  'contracts',
  'data',
  'dataset',
  'evidence',
  'inference',
  'ledger',
  'onnx',
  'policy',
  'scan',
  'statistics',
  'testkit',
  'trials',
];

/** Files of these rooms that put something else in a module's place, set a variable or measure their memory. */
export const aloneInTheirRooms: readonly string[] = [
  'packages/data/test/database/description.test.ts',
  'packages/data/test/mask/key.test.ts',
  'packages/dataset/test/table/csv-table.test.ts',
  'packages/evidence/test/model-signing-disk.test.ts',
  'packages/evidence/test/store-disk.test.ts',
];

export const sharingRooms: readonly string[] = rooms.map((room) => `packages/${room}/test/**/*.test.ts`);
