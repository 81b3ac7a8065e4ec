import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ListPane } from '../../view/terminal/list/list-pane.ts';
import {
  initialListState,
  type ListEvent,
  type ListMessage,
  type ListState,
  reduceList,
} from '../../view/terminal/list/list-state.ts';

/** The reader's choices on a list, and how to change them. */
export interface ListView {
  readonly state: ListState;
  /** The newest state, even if not drawn yet. */
  readonly latest: () => ListState;
  readonly dispatch: (event: ListEvent, panes: readonly ListPane[]) => void;
  readonly say: (text: string, tone?: ListMessage['tone']) => void;
}

/** A message that asks for nothing stays that long, milliseconds. */
const briefMs = 5000;

/**
 * The state of a list. It changes at once, not with the next frame: a slow line delivers several keys together, and the second depends
 * on the first.
 *
 * @param focus the id of the pane that has the focus first
 */
export function useList(focus: string): ListView {
  const newest = useRef<ListState>(null);
  newest.current ??= initialListState(focus);
  const [state, draw] = useState(newest.current);
  const latest = useCallback(() => newest.current ?? initialListState(focus), [focus]);
  const dispatch = useCallback(
    (event: ListEvent, panes: readonly ListPane[]) => {
      newest.current = reduceList(latest(), event, panes);
      draw(newest.current);
    },
    [latest],
  );
  const fading = useRef<NodeJS.Timeout | undefined>(undefined);
  useEffect(() => () => clearTimeout(fading.current), []);
  const say = useCallback(
    (text: string, tone: ListMessage['tone'] = 'plain') => {
      const message = { text, tone };
      dispatch({ type: 'message', message }, []);
      clearTimeout(fading.current);
      if (tone === 'warning') return;
      fading.current = setTimeout(() => {
        if (latest().message === message) dispatch({ type: 'message', message: null }, []);
      }, briefMs);
    },
    [dispatch, latest],
  );
  return useMemo(() => ({ state, latest, dispatch, say }), [state, latest, dispatch, say]);
}
