import type { Finding } from './finding.ts';
import { Recogniser, type RecogniserOptions, type TextOptions } from './recogniser.ts';

/**
 * Everything that is found in one text. For more than one, make a `Recogniser`, which is compiled once.
 * @returns places and reasons, never what stands there
 * @throws RecogniserError HF_RECOGNISERS_CHOICE when a name, a country or the confidence does not exist
 * @example
 * recognise('call +44 20 7946 0958'); // [{ type: 'phone', start: 5, end: 21, … }]
 */
export function recognise(text: string, options: RecogniserOptions & TextOptions = {}): Finding[] {
  return new Recogniser(options).recognise(text, options);
}
