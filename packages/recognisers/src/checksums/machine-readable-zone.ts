const weights = [7, 3, 1];

/** The check digit of ICAO 9303, part 3, section 4.9: weights 7, 3, 1; letters from 10, `<` nothing. */
function checkDigit(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const value = code === 60 ? 0 : code > 57 ? code - 55 : code - 48;
    sum += value * (weights[index % 3] ?? 0);
  }
  return String(sum % 10);
}

function holds(line: string, start: number, end: number): boolean {
  return checkDigit(line.slice(start, end)) === line.charAt(end);
}

/** The second line of a passport (TD3, ICAO 9303 part 4): 44 signs with five check digits; that of the personal number may be left out. */
export function isPassportLine(line: string): boolean {
  const composite = line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43);
  return (
    holds(line, 0, 9) &&
    holds(line, 13, 19) &&
    holds(line, 21, 27) &&
    (holds(line, 28, 42) || /^<{15}$/.test(line.slice(28, 43))) &&
    checkDigit(composite) === line.charAt(43)
  );
}

/** Both upper lines of an identity card (TD1, ICAO 9303 part 5): 30 signs each, four check digits. */
export function isIdentityCardLines(text: string): boolean {
  const first = text.slice(0, 30);
  const second = text.slice(-30);
  const composite = first.slice(5, 30) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29);
  return (
    holds(first, 5, 14) && holds(second, 0, 6) && holds(second, 8, 14) && checkDigit(composite) === second.charAt(29)
  );
}
