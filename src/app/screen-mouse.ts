import type { ScreenProps } from '../view/terminal/layout/arrangement.ts';
import { hitAt } from '../view/terminal/layout/hit.ts';
import { agreedTo } from '../view/terminal/state/page.ts';
import type { Hit, ViewEvent, ViewState } from '../view/terminal/state/state.ts';
import type { MouseInput } from './hooks/use-mouse.ts';
import type { ScreenKeys } from './screen-keys.ts';

interface ScreenMouseInput {
  /** As drawn; newer choices of the reader are in `latest`. */
  readonly screen: ScreenProps;
  readonly latest: () => ViewState;
  readonly dispatch: (event: ViewEvent) => void;
  readonly keys: ScreenKeys;
}

/** What presses and the wheel do on the screen of a node. */
export function screenMouse({ screen, latest, dispatch, keys }: ScreenMouseInput): MouseInput<Hit> {
  return {
    hitAt: (column, row) => hitAt(screen, column, row),
    click: (hit, twice) => {
      const isPalette = latest().page?.kind === 'palette';
      if (latest().typing && !isPalette) keys.type('return');
      // Beside the palette, a press closes it.
      if (isPalette && hit.kind !== 'page') keys.type('escape');
      if (hit.kind === 'hint') keys.press(hit.key);
      else dispatch({ type: 'clicked', hit, twice });
      if (isPalette && hit.kind === 'page' && twice) keys.type('return');
      if (hit.kind === 'page' && twice && agreedTo(latest().page)?.confirmed === null) keys.press('return');
    },
    wheel: (hit, rows) => {
      const isOnPage = latest().page !== null;
      if (hit.kind === 'hint' || isOnPage !== (hit.kind === 'page')) return;
      keys.settle();
      if (hit.kind === 'findings') dispatch({ type: 'clicked', hit: { ...hit, key: null }, twice: false });
      if (hit.kind === 'pane') dispatch({ type: 'clicked', hit: { ...hit, key: null, column: null }, twice: false });
      keys.obeyView(rows < 0 ? 'up' : 'down', Math.abs(rows));
    },
  };
}
