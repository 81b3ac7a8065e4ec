// Stands in for `throttle` of es-toolkit, which starts a timer with each call, to find out later that nothing is left to do.

interface Throttled<Given extends readonly unknown[]> {
  (...given: Given): void;
  /** Makes the call that waits. */
  flush(): void;
  /** Forgets the call that waits. */
  cancel(): void;
}

/** Calls at once, but not again within `waitMs`: of the calls in between the last one is made when the time is over. */
export function throttle<Given extends readonly unknown[]>(
  call: (...given: Given) => void,
  waitMs = 0,
): Throttled<Given> {
  let calledAt = Number.NEGATIVE_INFINITY;
  let waiting: Given | null = null;
  let timer: NodeJS.Timeout | undefined;
  const now = (given: Given): void => {
    throttled.cancel();
    calledAt = performance.now();
    call(...given);
  };
  const throttled = (...given: Given): void => {
    const leftMs = calledAt + waitMs - performance.now();
    if (leftMs <= 0) {
      now(given);
      return;
    }
    waiting = given;
    timer ??= setTimeout(throttled.flush, leftMs);
  };
  throttled.flush = (): void => {
    if (waiting !== null) now(waiting);
  };
  throttled.cancel = (): void => {
    clearTimeout(timer);
    timer = undefined;
    waiting = null;
  };
  return throttled;
}
