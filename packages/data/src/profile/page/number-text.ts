const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });

/** A count or a measure, short: five significant digits, whole numbers in full. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  const isShort = Number.isInteger(value) ? size < 1e12 : size < 1e9 && size >= 1e-4;
  const format = Number.isInteger(value) ? whole : plain;
  return (isShort ? format.format(value) : value.toExponential(2)).replace('-', '−');
}

/** A part of a whole; neither nothing nor all unless it is so. */
export function shareText(part: number, all: number): string {
  if (all === 0) return '–';
  const share = (100 * part) / all;
  if (part > 0 && share < 0.1) return '< 0.1 %';
  if (part < all && share > 99.9) return '> 99.9 %';
  return `${share.toFixed(1)} %`;
}

/** The beginning of a text that may be long. */
export function shortened(text: string, most: number): string {
  const points = Array.from(text.slice(0, most * 2 + 2));
  return points.length > most ? `${points.slice(0, most - 1).join('')}…` : text;
}
