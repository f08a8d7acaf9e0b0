import type { Samples } from '../attacks/attack.ts';
import { rowsOf } from '../attacks/rows.ts';
import { TrialsError } from '../errors.ts';
import { isWithoutGradient } from '../onnx-victim.ts';
import type { Victim } from '../victim.ts';
import type { Member } from './suite.ts';

/**
 * Whether attacks can have the gradient of a model.
 * @throws TrialsError HF_TRIALS_OPERATOR, HF_TRIALS_FACTS where they cannot, and one of them needs it
 */
export async function gradientAtHand(victim: Victim, samples: Samples, members: readonly Member[]): Promise<boolean> {
  try {
    const { x, labels } = rowsOf(samples, [0], victim.size);
    await victim.lossGradient(x, labels, 'margin');
    return true;
  } catch (cause) {
    if (!isWithoutGradient(cause)) throw cause;
    const needy = members.filter(({ usesGradient }) => usesGradient).map(({ name }) => `\`${name}\``);
    if (needy.length === 0) return false;
    throw new TrialsError(cause.code, `${cause.message}, and ${needy.join(', ')} cannot do without`, {
      ...(cause.where === undefined ? {} : { where: cause.where }),
      cause,
    });
  }
}
