import { kerasArchive } from '../keras/archive.ts';
import { npz } from '../npz/archive-kind.ts';
import { pytorch } from '../pytorch/archive-kind.ts';
import { torchExport } from '../torch-export/archive-kind.ts';
import { torchPackage } from '../torch-package/archive-kind.ts';
import { torchscript } from '../torchscript/archive-kind.ts';
import type { ArchiveKind } from './archive-kind.ts';

/** Every format that is carried by a zip; a zip that is none of them is a collection of files. */
export const archiveKinds: readonly ArchiveKind[] = [
  pytorch,
  torchscript,
  torchPackage,
  torchExport,
  kerasArchive,
  npz,
];
