import { renderToString } from 'ink';
import type { Model } from '../model/model.ts';
import { allFindings, type Verdicts } from '../rules/engine/run.ts';
import type { TimelineView } from '../timeline/timeline-view.ts';
import type { Connection } from '../view/terminal/connection.ts';
import type { ScreenProps, Size } from '../view/terminal/layout/arrangement.ts';
import { paneIds } from '../view/terminal/panes/panes.ts';
import { Screen } from '../view/terminal/screen.tsx';
import { initialState, type ViewState } from '../view/terminal/state/state.ts';
import type { Theme } from '../view/terminal/theme/theme.ts';

/** What of the screen is drawn: all of it, the page of the first finding, one pane, or the help. */
export const frameViews = ['overview', 'finding', ...paneIds, 'help'] as const;
export type FrameView = (typeof frameViews)[number];

interface FrameInput {
  readonly model: Model;
  readonly verdicts: Verdicts;
  /** The place in the recording; null for a live node. */
  readonly timeline: TimelineView | null;
  readonly view: FrameView;
  readonly size: Size;
  readonly theme: Theme;
}

const still: Connection = { status: 'live', ageSeconds: 0, intervalMs: 1000, trouble: null, selfCost: null };

/** One frame of the screen, as the terminal gets it; null if there is nothing to show in that view. */
export function drawFrame({ view, ...props }: FrameInput): string | null {
  const state = stateFor(view, props.verdicts);
  if (state === null) return null;
  return drawScreen({ ...props, state, connection: still });
}

/** A whole screen, as the terminal gets it. */
export function drawScreen(props: ScreenProps): string {
  return renderToString(<Screen {...props} />, { columns: props.size.columns });
}

function stateFor(view: FrameView, verdicts: Verdicts): ViewState | null {
  const state = initialState();
  if (view === 'overview') return state;
  if (view === 'help') return { ...state, page: { kind: 'help', scroll: 0 } };
  if (view !== 'finding') return { ...state, focus: view, zoomed: true };
  const [first] = allFindings(verdicts);
  return first === undefined ? null : { ...state, page: { kind: 'finding', key: first.key, chosen: 0, scroll: 0 } };
}
