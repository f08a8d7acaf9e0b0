/** The learning rate at a point of the training, 0 to 1. */
export type Schedule = (progress: number) => number;

const cosine = (progress: number): number => (1 + Math.cos(Math.PI * progress)) / 2;

/** Factors of the highest rate. */
const factors = {
  constant: () => 1,
  /** A tenth behind a half, a hundredth behind three quarters (He et al., arXiv:1512.03385, section 4.2). */
  step: (progress: number) => (progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01),
  /** Half a wave, without restarts (Loshchilov & Hutter, arXiv:1608.03983, equation 5). */
  cosine,
  linear: (progress: number) => 1 - progress,
  /** Up in a straight line for two fifths, and down to 0 (Wong et al., arXiv:2001.03994, section 5). */
  cyclic: (progress: number) => (progress < 0.4 ? progress / 0.4 : (1 - progress) / 0.6),
  /** Up from 1/25 for three tenths, down to 1/250000, by cosines, as torch.optim.lr_scheduler.OneCycleLR. */
  'one-cycle': (progress: number) =>
    progress < 0.3 ? 1 + (1 / 25 - 1) * cosine(progress / 0.3) : 4e-6 + (1 - 4e-6) * cosine((progress - 0.3) / 0.7),
} as const satisfies Record<string, Schedule>;

export type ScheduleName = keyof typeof factors;
export const scheduleNames = Object.keys(factors) as readonly ScheduleName[];

/** @param highest the rate where it is highest */
export function schedule(name: ScheduleName, highest: number): Schedule {
  return (progress) => highest * factors[name](progress);
}
