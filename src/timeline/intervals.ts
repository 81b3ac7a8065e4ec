/** The steps of `+` and `-`, in milliseconds, between what the command line allows. */
const steps = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

/** The next longer interval, in milliseconds; the same at the end of the steps. */
export function slower(intervalMs: number): number {
  return steps.find((step) => step > intervalMs) ?? intervalMs;
}

/** The next shorter interval, in milliseconds; the same at the end of the steps. */
export function faster(intervalMs: number): number {
  return steps.findLast((step) => step < intervalMs) ?? intervalMs;
}
