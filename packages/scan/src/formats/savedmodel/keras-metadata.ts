import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { kerasRules } from '../keras/rules.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';

/** tensorflow/python/keras/protobuf/saved_metadata.proto: what Keras 2 puts beside a SavedModel, `keras_metadata.pb`. */
export const kerasMetadata: Format = {
  name: 'keras-metadata',
  title: 'Keras metadata of a SavedModel',
  extensions: [],
  carriesCode: true,
  rules: Object.values(kerasRules),
  recognise: (source) => (looksLikeMetadata(source) ? 'certain' : undefined),
  load: async () => (await import('./scan-keras-metadata.ts')).scanKerasMetadata,
};

/** Objects in field 1, of which the first is of a kind that Keras names: field 4, `_tf_keras_…`. */
function looksLikeMetadata(source: ByteSource): boolean {
  if (source.size < 16 || source.read(0, 1)[0] !== 0x0a) return false;
  let isFirst = true;
  for (const field of fieldsOf(source)) {
    if (field.number !== 1 || field.wire !== 'bytes') return false;
    if (!isFirst) continue;
    isFirst = false;
    const kind = [...fieldsOf(source, field.start, field.end)].find(
      ({ number, wire }) => number === 4 && wire === 'bytes',
    );
    if (kind === undefined || !textOf(source, kind, 256).startsWith('_tf_keras_')) return false;
  }
  return true;
}
