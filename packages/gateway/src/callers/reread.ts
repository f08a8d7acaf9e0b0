/**
 * Reads something again whenever it is asked to, one time after the other: who asks while it is read has it read once more.
 *
 * @param read does not throw
 * @returns asks; ends when what there is now, or later, has been read
 */
export function reread(read: () => Promise<void>): () => Promise<void> {
  let isAsked = false;
  let reading: Promise<void> | undefined;
  const untilStill = async (): Promise<void> => {
    while (isAsked) {
      isAsked = false;
      await read();
    }
    reading = undefined;
  };
  return () => {
    isAsked = true;
    reading ??= untilStill();
    return reading;
  };
}
