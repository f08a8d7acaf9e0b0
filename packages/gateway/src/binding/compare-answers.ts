import type { TensorData } from '@holdfast/inference';
import type { InferenceResponse, NamedTensor } from '../protocols/inference.ts';

/** Outputs by their names. */
export type Expected = Readonly<Record<string, TensorData>>;

/**
 * Whether an answer is what our own run said. A number may differ by `tolerance` of it, or of 1 where it is less; NaN and infinities,
 * integers, truth values and texts may not differ. What is answered is compared, and something has to be.
 *
 * @param isNamed whether the protocol says what outputs are called; without that each has to be one of ours
 */
export function agrees(
  { outputs }: InferenceResponse,
  expected: Expected,
  { tolerance, isNamed }: { readonly tolerance: number; readonly isNamed: boolean },
): boolean {
  return (
    outputs.length > 0 &&
    outputs.every((output) => {
      const own = Object.hasOwn(expected, output.name) ? expected[output.name] : undefined;
      if (own !== undefined) return isAlike(output, own, tolerance);
      return !isNamed && Object.values(expected).some((each) => isAlike(output, each, tolerance));
    })
  );
}

function isAlike({ data }: NamedTensor, own: TensorData, tolerance: number): boolean {
  if (data.length !== own.data.length) return false;
  const isReal = own.type === 'FLOAT' || own.type === 'DOUBLE';
  for (let at = 0; at < data.length; at += 1) {
    const said = data[at];
    const wanted = own.data[at];
    if (typeof said === 'string' || typeof wanted === 'string') {
      if (said !== wanted) return false;
    } else if (!isNear(Number(said), Number(wanted), isReal ? tolerance : 0)) return false;
  }
  return true;
}

function isNear(said: number, wanted: number, tolerance: number): boolean {
  if (Object.is(said, wanted) || said === wanted) return true;
  return Math.abs(said - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}
