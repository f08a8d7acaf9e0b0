import { Recogniser, type RecogniserOptions } from '../src/index.ts';

const all = new Recogniser();

/** What is found, as `type: text`. */
export function found(text: string, options?: RecogniserOptions & { readonly context?: string }): string[] {
  const recogniser = options === undefined ? all : new Recogniser(options);
  const outside = options?.context === undefined ? {} : { context: options.context };
  return recogniser.recognise(text, outside).map(({ type, start, end }) => `${type}: ${text.slice(start, end)}`);
}
