import { hasInRoot } from '../pytorch/archive-root.ts';
import type { ArchiveKind } from '../zip/archive-kind.ts';

/** What `torch.export.save` writes: a graph as JSON, weights, and perhaps compiled libraries. */
export const torchExport: ArchiveKind = {
  name: 'torch-export',
  title: 'torch.export archive',
  extensions: ['pt2'],
  carriesCode: true,
  rules: [],
  matches: (names) => hasInRoot(names, 'archive_format') || names.has('serialized_exported_program.json'),
  load: () =>
    Promise.resolve(async (part, archive) => {
      // Loading one evaluates expressions over sizes and looks operators up by name: nothing here knows which are harmless.
      part.leave('an exported program: what its graph runs is not understood here', {
        fix: 'ask for the weights alone, as safetensors',
      });
      await (await import('../zip/scan-entries.ts')).scanEntries(part, archive);
    }),
};
