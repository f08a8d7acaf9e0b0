import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';

/** The last eight bytes of a table (tensorflow/core/lib/io/format.h, kTableMagicNumber), little-endian. */
const magic = Buffer.from('57fb808b247547db', 'hex');

/** tensorflow/core/util/tensor_bundle: the index of a checkpoint, which says where each tensor lies in other files. */
export const checkpoint: Format = {
  name: 'tensorflow-checkpoint',
  title: 'index of a TensorFlow checkpoint',
  extensions: [],
  carriesCode: false,
  rules: [],
  recognise: (source) => (endsInMagic(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanCheckpoint,
};

function endsInMagic(source: ByteSource): boolean {
  return source.size >= 48 && magic.equals(source.read(source.size - 8, 8));
}
