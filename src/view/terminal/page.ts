import type { FindingPage } from './pages/finding.ts';
import type { GoroutinesPage } from './pages/goroutines.ts';
import type { HeapAnswer } from './pages/heap.ts';
import type { InspectPage } from './pages/inspect.ts';
import type { LogPage } from './pages/log.ts';
import type { PaneId } from './panes/panes.ts';

/** A page over the panes. */
export type Overlay =
  | { readonly kind: 'help'; readonly scroll: number }
  | { readonly kind: 'details'; readonly pane: PaneId; readonly key: string; readonly scroll: number }
  | ({ readonly kind: 'finding'; readonly scroll: number } & FindingPage)
  | ({ readonly kind: 'inspect'; readonly scroll: number } & InspectPage)
  | ({ readonly kind: 'log'; readonly scroll: number } & LogPage)
  | ({ readonly kind: 'goroutines'; readonly scroll: number } & GoroutinesPage)
  | { readonly kind: 'heap'; readonly daemon: string; readonly answer: HeapAnswer; readonly scroll: number }
  | {
      readonly kind: 'daemon-choice';
      readonly purpose: Purpose;
      readonly daemons: readonly string[];
      readonly chosen: number;
      readonly scroll: 0;
    }
  | {
      readonly kind: 'confirm';
      readonly purpose: Purpose;
      readonly daemon: string;
      readonly question: readonly string[];
      /** The process that it is about; null when it is about none. */
      readonly pid: number | null;
      readonly scroll: 0;
    };

export type PageKind = Overlay['kind'];

/** What a row or a page is about: the container and the daemon that an inspect, a log or a dump would be of. */
export interface About {
  readonly containerId: string | null;
  readonly daemon: string | null;
}

/** What Enter agrees to on a page that asks. */
export interface Agreed {
  readonly purpose: Purpose;
  readonly daemon: string;
  /** The process that was confirmed; null when only the daemon was chosen. */
  readonly confirmed: { readonly pid: number | null } | null;
}

/** What a daemon is chosen, or an action confirmed, for. */
export type Purpose = 'dump' | 'signal-dump' | 'goroutines' | 'heap';

/** Pages of text: they scroll and can be searched. The list of goroutine groups has a filter of its own. */
export function isText(overlay: Overlay): boolean {
  if (overlay.kind === 'goroutines') return overlay.opened;
  return overlay.kind !== 'daemon-choice' && overlay.kind !== 'confirm';
}

/** Null for a page that asks nothing. */
export function agreedTo(overlay: Overlay | null): Agreed | null {
  switch (overlay?.kind) {
    case 'confirm':
      return { purpose: overlay.purpose, daemon: overlay.daemon, confirmed: { pid: overlay.pid } };
    case 'daemon-choice':
      return { purpose: overlay.purpose, daemon: overlay.daemons[overlay.chosen] ?? 'dockerd', confirmed: null };
    default:
      return null;
  }
}

/** Over the panes, and over the pages that are about something of the node: from there to an inspect or a log. */
export function leadsOn(overlay: Overlay | null): boolean {
  return overlay === null || ['finding', 'details', 'inspect', 'log'].includes(overlay.kind);
}

/** Over the panes, and over the pages that are about a daemon or lead on to one. */
export function asksDaemons(overlay: Overlay | null): boolean {
  return overlay?.kind === 'goroutines' || overlay?.kind === 'heap' || leadsOn(overlay);
}

/** The page scrolled by so many lines, no further than its end; a log that reaches its end follows it again. */
export function scrolled(overlay: Overlay, step: number, lastScroll: number): Overlay {
  const at = overlay.kind === 'log' && overlay.follows ? lastScroll : Math.min(overlay.scroll, lastScroll);
  return scrolledTo(overlay, Math.max(0, Math.min(at + step, lastScroll)), lastScroll);
}

/** The page with its line of that index at the top. */
export function scrolledTo(overlay: Overlay, scroll: number, lastScroll: number): Overlay {
  switch (overlay.kind) {
    case 'daemon-choice':
    case 'confirm':
      return overlay;
    case 'log':
      return { ...overlay, scroll, follows: scroll >= lastScroll };
    default:
      return { ...overlay, scroll };
  }
}
