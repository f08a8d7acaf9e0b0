import { readFile, stat } from 'node:fs/promises';
import { TrialsError } from '@holdfast/trials/errors';

/** A protobuf message ends here: https://protobuf.dev/programming-guides/encoding/#size-limit */
const largest = 2 ** 31 - 1;

/** The bytes of a model. @throws TrialsError HF_TRIALS_MODEL if there are too many of them */
export async function modelBytes(path: string, name: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size <= largest) return readFile(path);
  throw new TrialsError('HF_TRIALS_MODEL', `\`${name}\` has ${size} bytes: an ONNX file ends at 2 GiB`, {
    fix: 'attack a smaller model; weights in files beside an ONNX file are not read by a trial',
  });
}
