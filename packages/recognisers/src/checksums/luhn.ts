/** Luhn's formula (ISO/IEC 7812-1, annex B) over digits, the last of them the check digit. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = digits.length - 1, twice = false; index >= 0; index--, twice = !twice) {
    const digit = digits.charCodeAt(index) - 48;
    sum += twice ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return sum % 10 === 0;
}

/** Luhn's formula over letters and digits, a letter two digits from 10 for A (ISO 6166, annex B). */
export function isLuhnOfLetters(text: string): boolean {
  return isLuhn(text.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55)));
}
