/** What stands at the top of a generated page. */
export const generatedNote = '<!-- Written by `npm run generate`; change its source instead. -->';

/** A cell of a table: a `|` would end it. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** A page from its parts, with an empty line between them. */
export function page(...parts: readonly string[]): string {
  return `${[generatedNote, ...parts].filter((part) => part !== '').join('\n\n')}\n`;
}

/** Words as a sentence: registries differ in capitals and full stops. */
export function sentence(text: string): string {
  if (text === '') return '';
  // The name of a file stays as it is.
  const start = /^[a-z]+[ ,:]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]\)?$/.test(start) ? start : `${start}.`;
}

/** As code, however many backticks are in it. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
