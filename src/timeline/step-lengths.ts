/** How far the keys go that step in time, milliseconds. */
export const stepMs = {
  'step-back': -1000,
  'step-on': 1000,
  'leap-back': -10_000,
  'leap-on': 10_000,
  'minute-back': -60_000,
  'minute-on': 60_000,
} as const;
