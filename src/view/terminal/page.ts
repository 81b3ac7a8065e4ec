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
      /** The process to be signalled; null for none. */
      readonly pid: number | null;
      readonly scroll: 0;
    };

export type PageKind = Overlay['kind'];

/** The subject of a row or page: the container and daemon for an inspect, a log or a dump. */
export interface About {
  readonly containerId: string | null;
  readonly daemon: string | null;
}

/** What Enter confirms on a page with a question. */
export interface Agreed {
  readonly purpose: Purpose;
  readonly daemon: string;
  /** The confirmed process; null when only the daemon was selected. */
  readonly confirmed: { readonly pid: number | null } | null;
}

/** The action that a daemon is selected or confirmed for. */
export type Purpose = 'dump' | 'signal-dump' | 'goroutines' | 'heap';

/** Pages of text scroll and can be searched. The list of goroutine groups has its own filter instead. */
export function isText(overlay: Overlay): boolean {
  if (overlay.kind === 'goroutines') return overlay.opened;
  return overlay.kind !== 'daemon-choice' && overlay.kind !== 'confirm';
}

/** Null for a page without a question. */
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

/** The panes, and the pages about a thing on the node, can open an inspect or a log. */
export function leadsOn(overlay: Overlay | null): boolean {
  return overlay === null || ['finding', 'details', 'inspect', 'log'].includes(overlay.kind);
}

/** The panes, and the pages about a daemon or that can open one. */
export function asksDaemons(overlay: Overlay | null): boolean {
  return overlay?.kind === 'goroutines' || overlay?.kind === 'heap' || leadsOn(overlay);
}

/** The page scrolled by `step` lines, at most to its end; a log at its end follows new lines again. */
export function scrolled(overlay: Overlay, step: number, lastScroll: number): Overlay {
  const at = overlay.kind === 'log' && overlay.follows ? lastScroll : Math.min(overlay.scroll, lastScroll);
  return scrolledTo(overlay, Math.max(0, Math.min(at + step, lastScroll)), lastScroll);
}

/** The page with the line of that index at the top. */
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
