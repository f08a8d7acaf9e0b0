import { flag, type Invocation, textOption, textOptions } from './command.ts';

/** How the text of a flag is read: `texts` of one that is given several times, `names` and `numbers` with commas between. */
export type Reading = 'text' | 'texts' | 'names' | 'number' | 'numbers' | 'flag';

/** Flags as options of an operation: `--step-size 1/255` is `stepSize`. What was not given is left out. */
export function givenOptions(
  invocation: Invocation,
  readings: Readonly<Record<string, Reading>>,
): Record<string, unknown> {
  const found = Object.entries(readings).flatMap(([name, reading]): (readonly [string, unknown])[] => {
    const value = valueOf(invocation, name, reading);
    return value === undefined ? [] : [[camel(name), value]];
  });
  return Object.fromEntries(found);
}

function valueOf(invocation: Invocation, name: string, reading: Reading): unknown {
  if (reading === 'flag') return flag(invocation, name) ? true : undefined;
  if (reading === 'texts') {
    const texts = textOptions(invocation, name);
    return texts.length === 0 ? undefined : texts;
  }
  const text = textOption(invocation, name);
  if (text === undefined || reading === 'text') return text;
  if (reading === 'names') return text.split(',');
  return reading === 'number' ? numberOf(text) : text.split(',').map(numberOf);
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `0.1`, or a fraction as papers write it: `8/255`. NaN for what is no number. */
function numberOf(text: string): number {
  const [top = '', bottom = '1', ...more] = text.split('/');
  const isNumber = [top, bottom].every((part) => /^\s*-?\d*\.?\d+(e-?\d+)?\s*$/i.test(part)) && more.length === 0;
  return isNumber ? Number(top) / Number(bottom) : Number.NaN;
}
