import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { fieldsOf, textOf } from '../protobuf/fields.ts';
import { walkMessage } from './walk.ts';

/** Numbers that say which SavedModel they belong to; TensorFlow reads them, and nothing depends on them. */
export function scanFingerprint(part: Inspection): void {
  walkMessage(part, 'tensorflow.FingerprintDef', { start: 0, end: part.source.size }, {});
  for (const field of fieldsOf(part.source)) {
    if (field.number === 7 && !/^\d{1,60}$/.test(textOf(part.source, field, 60))) {
      throw new NotUnderstood('a number that has other characters than digits', field.start);
    }
  }
  part.summary = 'fingerprint of a SavedModel';
}
