import type { Subject } from './explain.ts';

/**
 * Fills `{artifact}`, `{action}` and `{environment}` into the text of a message or command. Names come from outside:
 * control characters are shown as `?`, and in commands a name that a shell would read as more than a word is quoted.
 */
export function filledIn(template: string, subject: Subject, use: 'message' | 'command' = 'message'): string {
  const { artifact, action, environment } = subject;
  const values: Readonly<Record<string, string>> = {
    artifact: artifact.name ?? artifact.id,
    action: action.id,
    environment,
  };
  return template.replace(/\{(artifact|action|environment)\}/g, (_, name: string) => {
    const value = printable(values[name] ?? '');
    return use === 'command' ? shellWord(value) : value;
  });
}

/** One line that a terminal shows as it is: no control characters, none that turn the direction of text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, 256);
}

function shellWord(text: string): string {
  const word = text.startsWith('-') ? `./${text}` : text;
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
