import { afterAll, vi } from 'vitest';

// For the files that share a worker: the clocks, functions and variables that a file replaced are real again for the next one.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
