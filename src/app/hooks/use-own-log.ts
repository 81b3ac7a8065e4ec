import { useEffect } from 'react';
import type { ViewEvent, ViewState } from '../../view/terminal/state/state.ts';
import type { Actions } from '../actions/actions.ts';

interface OwnLogInput {
  /** Null if the node is not reachable for actions. */
  readonly actions: Actions | null;
  readonly page: ViewState['page'];
  readonly dispatch: (event: ViewEvent) => void;
}

/** Reads the own log of the container whose log page is open, for as long as it is. */
export function useOwnLog({ actions, page, dispatch }: OwnLogInput): void {
  const containerId = page?.kind === 'log' && !page.all ? page.containerId : null;
  useEffect(() => {
    if (actions === null || containerId === null) return undefined;
    return actions.followLog(containerId, (log) => dispatch({ type: 'own-log', containerId, log }));
  }, [actions, containerId, dispatch]);
}
