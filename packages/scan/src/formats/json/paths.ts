/** Whether a text is the name of a file in the same folder, on any system. */
export function isPlainName(text: string): boolean {
  return /^[^\\/:\p{C}]+$/u.test(text) && text !== '.' && text !== '..' && text.length <= 255;
}

/** Whether a path or an address leads out of the folder that it stands in. */
export function isElsewhere(text: string): boolean {
  return /^(?:[\\/~]|[a-z]:[\\/]|[a-z][a-z0-9+.-]*:\/\/)/i.test(text) || text.split(/[\\/]/).includes('..');
}
