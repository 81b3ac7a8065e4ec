import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { reduceView } from '../../view/terminal/state/reduce.ts';
import type { SavedView } from '../../view/terminal/state/saved-view.ts';
import { initialState, type Message, type ViewEvent, type ViewState } from '../../view/terminal/state/state.ts';

/** The state of the view, and how to change it. */
interface View {
  readonly state: ViewState;
  /** The newest state, even if not drawn yet. */
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
  /** Says it for some seconds. */
  readonly sayBriefly: (text: string) => void;
}

/** Long enough to read one short sentence. */
const briefMs = 3000;

/**
 * The state of the view. It changes at once, not with the next frame: a slow line delivers several keys together, and
 * the second depends on the first (`/q` filters for q, it does not quit).
 */
export function useView(saved: SavedView | null): View {
  const newest = useRef<ViewState>(null);
  newest.current ??= initialState(saved ?? undefined);
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
  const fading = useRef<NodeJS.Timeout | undefined>(undefined);
  useEffect(() => () => clearTimeout(fading.current), []);
  const sayBriefly = useCallback(
    (text: string) => {
      const message: Message = { text, tone: 'plain' };
      dispatch({ type: 'message', message });
      clearTimeout(fading.current);
      fading.current = setTimeout(() => {
        if (latest().message === message) dispatch({ type: 'message', message: null });
      }, briefMs);
    },
    [dispatch, latest],
  );
  return useMemo(() => ({ state, latest, dispatch, say, sayBriefly }), [state, latest, dispatch, say, sayBriefly]);
}
