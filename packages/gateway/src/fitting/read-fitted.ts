import { GatewayError } from '../errors.ts';
import type { FittedProtections } from './fitted-protections.ts';
import { fittedSchema } from './fitted-schema.ts';
import { requireFitting } from './require-fitting.ts';

/** Bytes of a file that is read. */
export const largestFitted = 64 * 2 ** 20;

/** The file of what was learnt. */
export const fittedText = (fitted: FittedProtections): string => `${JSON.stringify(fitted)}\n`;

/**
 * Reads what was learnt. That it was learnt for this model, and by whom, is for its evidence to say.
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for what is not the form, or whose parts do not fit each other
 */
export function readFitted(bytes: Uint8Array): FittedProtections {
  if (bytes.length > largestFitted) throw wrong(`it is longer than ${largestFitted} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw wrong('it is no JSON');
  }
  const parsed = fittedSchema.safeParse(value);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw wrong(`\`${path.join('.').slice(0, 200)}\`: ${message.slice(0, 200)}`);
  }
  requireFitting(parsed.data);
  return parsed.data;
}

const wrong = (why: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', `what was fitted is not read: ${why}`);
