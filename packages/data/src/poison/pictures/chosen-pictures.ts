import type { ChoosePictures } from '@holdfast/dataset/pictures/pictures';
import { randomOf } from '@holdfast/statistics';

/** Numbers of all pictures together that are held: four bytes each. */
const mostNumbers = 2 ** 26;
/** Pictures that each is compared with, and multiplications that this may take: minutes. `embedded/content.ts` takes twice as many. */
const mostAmong = 4000;
const mostWork = 1e10;

/**
 * So many pictures that they fit into memory and can be compared with each other, drawn at random: in a folder the first ones would all be
 * of one class.
 */
export function choosePictures(rows: number, seed: string): ChoosePictures {
  return (total, size) => {
    const most = Math.min(rows, Math.floor(mostNumbers / Math.max(1, size)), comparable(size));
    const all = Uint32Array.from({ length: total }, (_, at) => at);
    if (total <= most) return all;
    return randomOf(seed).fork('pictures').shuffle(all).slice(0, most).sort();
  };
}

function comparable(size: number): number {
  const few = Math.floor(Math.sqrt(mostWork / size));
  return few <= mostAmong ? few : Math.floor(mostWork / mostAmong / size);
}
