import type { ArchiveKind } from './archive-kind.ts';

/** Every format that is carried by a zip; a zip that is none of them is a collection of files. */
export const archiveKinds: readonly ArchiveKind[] = [];
