import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { judgeConfigText } from '../keras/judge-config.ts';
import { textOf } from '../protobuf/fields.ts';
import { mostNameBytes } from './node.ts';
import { fieldIn, walkMessage } from './walk.ts';

const objectKind = 'third_party.tensorflow.python.keras.protobuf.SavedObject';

/** The configuration of each layer (SavedObject: 3 its path, 5 JSON), from which Keras 2 makes the layers again. */
export function scanKerasMetadata(part: Inspection): void {
  let count = 0;
  walkMessage(
    part,
    'third_party.tensorflow.python.keras.protobuf.SavedMetadata',
    { start: 0, end: part.source.size },
    {
      [objectKind]: (range, enter) => {
        enter();
        count += 1;
        const [path, text] = [fieldIn(part.source, range, 3), fieldIn(part.source, range, 5)];
        const at = path === undefined ? 'object' : shown(textOf(part.source, path, mostNameBytes)).replaceAll('`', '');
        if (text !== undefined && text.end > text.start) {
          judgeConfigText(part, textOf(part.source, text, part.limits.textBytes), at);
        }
      },
    },
  );
  part.summary = `${count} objects of Keras`;
}
