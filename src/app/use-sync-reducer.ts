import { useCallback, useRef, useState } from 'react';

/**
 * A reducer whose state is new at once, not with the next drawing: a slow line delivers several keys together, and the
 * second must be read in the light of the first (`/q` filters for q, it does not quit).
 *
 * @returns the state to draw, a function that gives the newest, and the dispatcher
 */
export function useSyncReducer<State, Event>(
  reduce: (state: State, event: Event) => State,
  initial: State,
): [State, () => State, (event: Event) => void] {
  const newest = useRef(initial);
  const [drawn, draw] = useState(initial);
  const dispatch = useCallback(
    (event: Event) => {
      newest.current = reduce(newest.current, event);
      draw(newest.current);
    },
    [reduce],
  );
  const latest = useCallback(() => newest.current, []);
  return [drawn, latest, dispatch];
}
