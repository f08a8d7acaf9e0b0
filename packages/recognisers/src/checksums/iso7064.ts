/** What letters and digits leave when divided by 97, a letter two digits from 10 for A (ISO/IEC 7064, MOD 97-10). */
export function modulo97(text: string): number {
  let rest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    rest = code > 57 ? (rest * 100 + code - 55) % 97 : (rest * 10 + code - 48) % 97;
  }
  return rest;
}

/** ISO/IEC 7064, MOD 11,10 over digits, the last of them the check digit. */
export function isMod11And10(digits: string): boolean {
  let check = 5;
  for (let index = 0; index < digits.length; index++) {
    check = (((check === 0 ? 10 : check) * 2) % 11) + digits.charCodeAt(index) - 48;
    check %= 10;
  }
  return check === 1;
}

/** ISO/IEC 7064, MOD 11-2 over digits, the last of them the check digit or X. */
export function isMod11And2(text: string): boolean {
  let check = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    check = (check * 2 + (code === 88 ? 10 : code - 48)) % 11;
  }
  return check === 1;
}
