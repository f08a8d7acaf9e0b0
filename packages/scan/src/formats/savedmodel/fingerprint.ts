import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { fieldsOf } from '../protobuf/fields.ts';

/** tensorflow/core/protobuf/fingerprint.proto: five hashes of a SavedModel, a version and a number in digits. */
export const fingerprint: Format = {
  name: 'tensorflow-fingerprint',
  title: 'TensorFlow fingerprint',
  extensions: [],
  carriesCode: false,
  rules: [],
  recognise: (source) => (looksLikeFingerprint(source) ? 'certain' : undefined),
  load: async () => (await import('./scan-fingerprint.ts')).scanFingerprint,
};

function looksLikeFingerprint(source: ByteSource): boolean {
  if (source.size < 20 || source.size > 256 || source.read(0, 1)[0] !== 0x08) return false;
  const fields = [...fieldsOf(source)];
  const isHash = fields.slice(0, 5).every(({ number, wire }, index) => wire === 'varint' && number === index + 1);
  const [version, digits, ...more] = fields.slice(5);
  return (
    isHash && version?.number === 6 && version.wire === 'bytes' && (digits?.number ?? 7) === 7 && more.length === 0
  );
}
