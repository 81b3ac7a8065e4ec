import type { Model } from '../../../model/model.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import type { TimelineView } from '../../../timeline/timeline-view.ts';
import type { Connection } from '../connection.ts';
import { chosenOf } from '../pages/choices.ts';
import { contentOf } from '../pages/contents.ts';
import { layOutPage, type PageContent, type PageLayout } from '../pages/page-layout.ts';
import { findingsNaming } from '../panes/named.ts';
import { type PaneId, paneIds, paneOf } from '../panes/panes.ts';
import { type CausePanelInput, causeHeights, causeParts, causeWidth } from '../parts/cause-panel.ts';
import { hasHistory } from '../parts/charts-panel.ts';
import {
  type FindingsPaneInput,
  findingsWant,
  shownFinding,
  shownTitleRows,
  showsWholeTitle,
  wholeFindings,
} from '../parts/findings-pane.ts';
import { type FooterInput, footerLine } from '../parts/footer.ts';
import { frameRows, frameSides } from '../parts/frame.ts';
import type { Line } from '../parts/line.ts';
import { type PaneInput, paneWant } from '../parts/pane-frame.ts';
import { selectedRowLines } from '../parts/selected-row.ts';
import { aboutOf, rowOf } from '../state/selection.ts';
import type { OpenPage, ViewState } from '../state/state.ts';
import type { Theme } from '../theme/theme.ts';
import { timelineLines } from '../timeline.ts';
import type { Block } from './input.ts';
import { type Layout, layOut, titledRows } from './layout.ts';
import type { Place } from './places.ts';

export interface ScreenProps {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  readonly connection: Connection;
  readonly theme: Theme;
  readonly size: Size;
  /** The place in the past that is shown; null or missing for the live node. */
  readonly timeline?: TimelineView | null;
}

/** Columns and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What the findings pane draws. */
export function findingsInputOf(
  props: ScreenProps,
  { bare }: Pick<Layout, 'bare'>,
  { width, height }: Pick<Place, 'width' | 'height'>,
  opened: boolean,
): FindingsPaneInput {
  const { model, verdicts, state, connection, theme } = props;
  return { verdicts, state, width, height, bare, theme, opened, at: model.at, trouble: connection.trouble };
}

/** What the opened finding draws. */
export function causeInputOf(
  { model, theme }: ScreenProps,
  { bare, joinsCause, titlesCause }: Layout,
  { width, height }: Place,
  finding: Diagnosis,
): CausePanelInput {
  return { model, finding, theme, width, height, bare, joined: joinsCause, titled: titlesCause };
}

/** What a pane draws. */
export function paneInputOf(props: ScreenProps, { bare }: Layout, { width, height }: Place, id: PaneId): PaneInput {
  const { model, verdicts, state, theme } = props;
  return {
    pane: paneOf(id),
    number: paneIds.indexOf(id) + 1,
    state: state.panes[id],
    focused: hasFocus(state, id),
    typing: state.typing && state.time === null && hasFocus(state, id),
    zoomed: state.zoomed,
    model,
    verdicts,
    width,
    height,
    bare,
    theme,
  };
}

function hasFocus({ focus, findingsPane }: ViewState, id: PaneId): boolean {
  return focus === id && findingsPane.focused !== true;
}

/** Visible rows of the pane in focus, or of the page: the step of PgUp and PgDn. */
export function pageLength(props: ScreenProps): number {
  const { page, focus } = props.state;
  const layout = layoutOf(props);
  const place = placeOf(layout, page === null ? focus : 'page');
  return Math.max(1, (place?.height ?? 0) - frameRows(layout.bare && page === null) - 1);
}

/** Whether a block has a place. */
export const has = (layout: Layout, block: Block): boolean => placeOf(layout, block) !== null;

function placeOf({ bands }: Layout, block: Block): Place | null {
  return (
    bands
      .flatMap(({ stacks }) => stacks)
      .flatMap(({ places }) => places)
      .find((place) => place.block === block) ?? null
  );
}

/** What the footer draws. */
export function footerInputOf(props: ScreenProps): FooterInput {
  const { state, connection, theme, size, timeline = null } = props;
  const hasContainer = aboutOf(props, state).containerId !== null;
  const hasLink = state.page?.kind === 'details' && leadsOn(props, state.page);
  return { state, connection, timeline, hasContainer, hasLink, columns: size.columns, glyphs: theme.glyphs };
}

/** A finding names the row. */
function leadsOn(props: ScreenProps, page: Extract<OpenPage, { kind: 'details' }>): boolean {
  const row = rowOf(props, page);
  return row !== null && findingsNaming(props.verdicts, paneOf(page.pane), row).length > 0;
}

/** The time line, then the keys. */
export function linesBelow(props: ScreenProps): Line[] {
  return [...timeLines(props), footerLine(footerInputOf(props))];
}

function timeLines({ theme, size, timeline = null }: ScreenProps): Line[] {
  return timeline === null ? [] : timelineLines(timeline, theme, size.columns);
}

export function layoutOf(props: ScreenProps): Layout {
  const { model, verdicts, state, connection, theme, size } = props;
  const finding = shownFinding(verdicts, state);
  return layOut({
    ...size,
    // The keys take one line, whatever they are.
    below: timeLines(props).length + 1,
    findings: findingsWant(verdicts, state, connection.trouble, size.rows < titledRows),
    wholeFindings: (width) =>
      wholeFindings(findingsInputOf(props, { bare: false }, { width, height: size.rows }, true)),
    panes: state.shown,
    zoomed: state.zoomed ? state.focus : null,
    // Help must fit on a terminal of 24 lines.
    page: state.page === null ? 'none' : state.page.kind === 'help' ? 'whole' : 'open',
    cause: (width, titled) =>
      finding === null ? null : causeHeights(causeParts({ model, finding, theme, titled }, causeWidth(width))),
    titleRows: (place) => shownTitleRows(findingsInputOf(props, place, { ...place, height: 0 }, true)),
    showsTitle: (place) => showsWholeTitle(findingsInputOf(props, place, place, true)),
    pane: (id, width) =>
      // The pane in which the reader was last keeps its rows while the findings have the focus.
      paneWant(paneOf(id), state.focus === id, {
        model,
        verdicts,
        theme,
        inner: width - frameSides,
        tree: state.panes[id].tree,
      }),
    row: (width) => selectedRowLines(props, width - frameSides).length,
    log: (model.logs?.lines.length ?? 0) > 0,
    charts: hasHistory(model),
  });
}

/** The layout of the open page, for the keys that move in it. Null if none is open. */
export function pageLayoutOf(props: ScreenProps): PageLayout | null {
  const { page } = props.state;
  if (page === null) return null;
  return pageIn(props, placeOf(layoutOf(props), 'page')?.height ?? 0, page).pageLayout;
}

export function pageIn(
  props: ScreenProps,
  height: number,
  page: OpenPage,
): { content: PageContent; pageLayout: PageLayout } {
  const { state, size } = props;
  const content = contentOf(props, page, Math.max(1, size.columns - frameSides));
  const pageLayout = layOutPage(content, {
    scroll: page.scroll,
    follows: page.kind === 'log' && page.follows,
    search: state.search,
    typing: state.typing && state.time === null,
    chosen: chosenOf(page),
    pointer: props.theme.glyphs.pointer,
    room: Math.max(1, height - 2),
  });
  return { content, pageLayout };
}
