import { useCallback, useMemo, useRef, useState } from 'react';
import { reduceView } from '../view/terminal/reduce.ts';
import { initialState, type Message, type ViewEvent, type ViewState } from '../view/terminal/state.ts';

/** The state of the view, and how to change it. */
interface View {
  readonly state: ViewState;
  /** The newest state, even if not drawn yet. */
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
}

/**
 * The state of the view. It changes at once, not with the next frame: a slow line delivers several keys together, and
 * the second depends on the first (`/q` filters for q, it does not quit).
 */
export function useView(): View {
  const newest = useRef<ViewState>(null);
  newest.current ??= initialState();
  const [state, draw] = useState(newest.current);
  const latest = useCallback(() => newest.current ?? initialState(), []);
  const dispatch = useCallback(
    (event: ViewEvent) => {
      newest.current = reduceView(latest(), event);
      draw(newest.current);
    },
    [latest],
  );
  const say = useCallback(
    (text: string, tone: Message['tone'] = 'plain') => dispatch({ type: 'message', message: { text, tone } }),
    [dispatch],
  );
  return useMemo(() => ({ state, latest, dispatch, say }), [state, latest, dispatch, say]);
}
