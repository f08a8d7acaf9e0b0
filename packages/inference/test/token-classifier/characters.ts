/** Places in characters, as Python counts them, one after the other; a place within a character is an error. */
export function placesInCharacters(
  text: string,
  places: readonly { readonly start: number; readonly end: number }[],
): number[] {
  const at = new Map<number, number>([[0, 0]]);
  let [units, characters] = [0, 0];
  for (const character of text) {
    units += character.length;
    characters += 1;
    at.set(units, characters);
  }
  return places.flatMap(({ start, end }) => [at.get(start) ?? Number.NaN, at.get(end) ?? Number.NaN]);
}
