import type { Finding, Rule } from '@holdfast/evidence/check';

export function finding({ id, severity, fix }: Rule, message: string, where?: string): Finding {
  return {
    ...{ rule: id, severity, fix, message: message.slice(0, 4000) },
    ...(where === undefined ? {} : { where: clean(where, 1000) }),
  };
}

export const rowsText = (rows: number): string => `${rows} ${rows === 1 ? 'row' : 'rows'}`;

/** A name or a value in a sentence: what nobody sees is shown, and what is long is cut. */
export const clean = (text: string, most = 200): string =>
  text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, most);
