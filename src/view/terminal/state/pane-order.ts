import { type PaneId, paneIds } from '../panes/panes.ts';
import { saying, type ViewState } from './state.ts';

/** Hides the pane in focus; the focus goes to the next one. The last one stays. */
export function hidePane(state: ViewState): ViewState {
  const { shown, focus } = state;
  if (shown.length < 2) return saying(state, 'the last pane stays');
  const place = shown.indexOf(focus);
  const left = shown.filter((id) => id !== focus);
  const number = paneIds.indexOf(focus) + 1;
  const next = { ...state, shown: left, focus: left[Math.min(place, left.length - 1)] ?? focus, zoomed: false };
  return saying(next, `${focus} are hidden; ${number} shows them again, W keeps it for the next start`);
}

/** The focus on that pane, which is shown again if it was hidden. */
export function showPane(state: ViewState, id: PaneId): ViewState {
  const findingsPane = { ...state.findingsPane, focused: false };
  const shown = state.shown.includes(id) ? state.shown : [...state.shown, id];
  return { ...state, shown, findingsPane, focus: id };
}

/** Moves the pane in focus by that many places among those shown. */
export function movePane(state: ViewState, by: number): ViewState {
  const { shown, focus } = state;
  const from = shown.indexOf(focus);
  const to = Math.min(shown.length - 1, Math.max(0, from + by));
  if (from < 0 || from === to) return state;
  const others = shown.filter((id) => id !== focus);
  return { ...state, shown: [...others.slice(0, to), focus, ...others.slice(to)] };
}

/** The focus on the next place: the findings, then the panes as they stand. */
export function focusBy(state: ViewState, step: number): ViewState {
  const { shown, focus, findingsPane } = state;
  const places = shown.length + 1;
  const now = findingsPane.focused ? 0 : shown.indexOf(focus) + 1;
  const place = (now + step + places) % places;
  const next = shown[place - 1];
  return { ...state, findingsPane: { ...findingsPane, focused: next === undefined }, focus: next ?? focus };
}
