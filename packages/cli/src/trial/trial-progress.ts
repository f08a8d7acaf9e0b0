import { timeText } from '../scan/words.ts';
import type { Terminal } from '../terminal.ts';

/** `37 %   square   4 min 10 s left`, on a terminal only. */
export function trialProgress(terminal: Terminal): (done: number, what: string, secondsLeft?: number) => void {
  return (done, what, secondsLeft) => {
    const forecast =
      secondsLeft === undefined || secondsLeft < 1
        ? ''
        : `   ${timeText(Math.round(secondsLeft)).replace('.0', '')} left`;
    terminal.progress(`${Math.floor(done * 100)} %   ${what}${forecast}`);
  };
}
