import type { FindingPage } from '../pages/finding.ts';
import type { GoroutinesPage } from '../pages/goroutines.ts';
import type { HeapAnswer } from '../pages/heap.ts';
import type { InspectPage } from '../pages/inspect.ts';
import type { LogPage } from '../pages/log.ts';
import type { PalettePage } from '../pages/palette-page.ts';
import type { PaneId } from '../panes/panes.ts';

/** A page over the panes. */
export type OpenPage =
  /** `over` what is below it; default: a pane. */
  | { readonly kind: 'help'; readonly over?: 'panes' | 'findings' | PageKind; readonly scroll: number }
  | {
      readonly kind: 'details';
      readonly pane: PaneId;
      readonly key: string;
      /** The selected link: see `chosenOf`. */
      readonly chosen?: number;
      readonly scroll: number;
    }
  | ({ readonly kind: 'finding'; readonly scroll: number } & FindingPage)
  | ({ readonly kind: 'inspect'; readonly scroll: number } & InspectPage)
  | ({ readonly kind: 'log'; readonly scroll: number } & LogPage)
  | ({ readonly kind: 'goroutines'; readonly scroll: number } & GoroutinesPage)
  | ({ readonly kind: 'palette'; readonly scroll: number } & PalettePage)
  | { readonly kind: 'heap'; readonly daemon: string; readonly answer: HeapAnswer; readonly scroll: number }
  | {
      readonly kind: 'daemon-choice';
      readonly purpose: Purpose;
      readonly daemons: readonly string[];
      readonly chosen: number;
      readonly scroll: 0;
    }
  /** In which format to print the screen. */
  | { readonly kind: 'print-choice'; readonly chosen: number; readonly scroll: 0 }
  | {
      readonly kind: 'confirm';
      readonly purpose: Purpose;
      readonly daemon: string;
      readonly question: readonly string[];
      /** The process to be signalled; null for none. */
      readonly pid: number | null;
      readonly scroll: 0;
    };

export type PageKind = OpenPage['kind'];

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
export function isText(page: OpenPage): boolean {
  if (page.kind === 'goroutines') return page.opened;
  return page.kind !== 'palette' && !isQuestion(page);
}

/** Pages that wait for an answer. */
export function isQuestion(page: OpenPage): boolean {
  return page.kind === 'daemon-choice' || page.kind === 'print-choice' || page.kind === 'confirm';
}

/** Pages about the node. */
export const savedPages = ['details', 'finding', 'inspect', 'log', 'goroutines', 'heap'] as const satisfies PageKind[];

/** Help says nothing of the node; a question or the palette is no content. */
export function canBeSaved({ kind }: OpenPage): boolean {
  return savedPages.some((saved) => saved === kind);
}

/** Null for a page without a question. */
export function agreedTo(page: OpenPage | null): Agreed | null {
  switch (page?.kind) {
    case 'confirm':
      return { purpose: page.purpose, daemon: page.daemon, confirmed: { pid: page.pid } };
    case 'daemon-choice':
      return { purpose: page.purpose, daemon: page.daemons[page.chosen] ?? 'dockerd', confirmed: null };
    default:
      return null;
  }
}

/** The panes, and the pages about a thing on the node, can open an inspect or a log. */
export function hasSubject(page: OpenPage | null): boolean {
  return page === null || ['finding', 'details', 'inspect', 'log'].includes(page.kind);
}

/** The panes, and the pages about a daemon or that can open one. */
export function asksDaemons(page: OpenPage | null): boolean {
  return page?.kind === 'goroutines' || page?.kind === 'heap' || hasSubject(page);
}

/** The page scrolled by `step` lines, at most to its end; a log at its end follows new lines again. */
export function scrolled(page: OpenPage, step: number, lastScroll: number): OpenPage {
  const at = page.kind === 'log' && page.follows ? lastScroll : Math.min(page.scroll, lastScroll);
  return scrolledTo(page, Math.max(0, Math.min(at + step, lastScroll)), lastScroll);
}

/** The page with the line of that index at the top. */
export function scrolledTo(page: OpenPage, scroll: number, lastScroll: number): OpenPage {
  switch (page.kind) {
    case 'daemon-choice':
    case 'print-choice':
    case 'confirm':
      return page;
    case 'log':
      return { ...page, scroll, follows: scroll >= lastScroll };
    default:
      return { ...page, scroll };
  }
}
