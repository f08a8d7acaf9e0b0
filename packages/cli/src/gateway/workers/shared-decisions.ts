/**
 * Asks something for all who want to know it at once. An answer is of a moment after it was asked for: who asks while an answer is being
 * made gets the next one, and so do all who ask until that begins.
 */
export function sharedAnswers<T>(make: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const made = make().finally(() => {
      if (running === made) running = undefined;
    });
    running = made;
    return made;
  };
  return () => {
    if (running === undefined) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}
