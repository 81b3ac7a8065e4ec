import { initialState, reduceView } from '../view/terminal/state.ts';
import type { View } from './shell.tsx';
import { useSyncReducer } from './use-sync-reducer.ts';

/** What the person at a screen has chosen. */
export function useView(intervalMs: number): View {
  const [state, latest, dispatch] = useSyncReducer(reduceView, initialState(intervalMs));
  return {
    state,
    latest,
    dispatch,
    say: (text, tone = 'plain') => dispatch({ type: 'said', message: { text, tone } }),
  };
}
