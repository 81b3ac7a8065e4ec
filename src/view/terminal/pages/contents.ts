import { type FrameFormat, frameFormats } from '../../frame-formats.ts';
import { clean, wrapText } from '../../text.ts';
import { paneOf } from '../panes/panes.ts';
import { type Line, span } from '../parts/line.ts';
import type { OpenPage, Purpose } from '../state/page.ts';
import { rowOf, type Shown } from '../state/selection.ts';
import type { Theme } from '../theme/theme.ts';
import { paragraph, wrapDetail } from './fields.ts';
import { findingLines } from './finding.ts';
import { goroutinesLines } from './goroutines.ts';
import { heapLines } from './heap.ts';
import { helpLines } from './help.ts';
import { inspectLines } from './inspect.ts';
import { findingLinks, withContainerLink } from './links.ts';
import { logView } from './log.ts';
import type { PageContent } from './page-layout.ts';
import { paletteContent } from './palette.ts';

const purposes: Readonly<Record<Purpose, string>> = {
  dump: 'Dump the goroutines of which daemon?',
  'signal-dump': 'Send SIGUSR1 to which daemon?',
  goroutines: 'Explain the goroutines of which daemon?',
  heap: 'Summarise the heap of which daemon?',
};

const formatTexts: Readonly<Record<FrameFormat, string>> = {
  txt: 'plain text',
  ansi: 'text with colours, for cat and less -R',
  svg: 'picture, for a ticket or a README',
  html: 'page for a browser',
};

/** The content of the open page, wrapped to `width` columns. A page that throws shows the error; the rest of the screen stays. */
export function contentOf(shown: Shown, page: OpenPage, width: number): PageContent {
  try {
    return contentOfPage(shown, page, width);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { title: 'Error', lines: paragraph(`rtwatch bug: ${fault}`, width, 'warning') };
  }
}

function confirmTitle({ purpose, daemon, pid }: Extract<OpenPage, { kind: 'confirm' }>): string {
  if (purpose !== 'signal-dump') return `Dump the goroutines of ${clean(daemon)}?`;
  return `Send SIGUSR1 to ${clean(daemon)}${pid === null ? '' : ` (pid ${pid})`}?`;
}

function contentOfPage(shown: Shown, page: OpenPage, width: number): PageContent {
  const { model, theme } = shown;
  switch (page.kind) {
    case 'help':
      return { title: 'Help', lines: helpLines(page.over ?? 'panes', width) };
    case 'details': {
      const pane = paneOf(page.pane);
      const row = rowOf(shown, page);
      if (row === null) return { title: pane.title, lines: [[span('no longer there', 'dim')]] };
      const details = withContainerLink(shown, page.pane, row, pane.details(row, theme, model));
      const lines = details.flatMap((line) => wrapDetail(line, width));
      return { title: pane.title, lines: [...findingLinks(shown, page.pane, row, width), ...lines] };
    }
    case 'finding':
      return { title: 'Finding', lines: findingLines({ ...shown, width }, page) };
    case 'inspect':
      return {
        title: `Inspect ${clean(page.containerId.slice(0, 12))}`,
        lines: inspectLines(model, page, theme, width),
      };
    case 'log':
      return logView(model, page, theme, width);
    case 'goroutines':
      return { title: `Goroutines of ${clean(page.daemon)}`, ...goroutinesLines(page, theme, width) };
    case 'palette':
      return paletteContent(shown, page, width);
    case 'heap':
      return { title: `Heap of ${clean(page.daemon)}`, lines: heapLines(page.daemon, page.answer) };
    case 'confirm':
      return {
        title: confirmTitle(page),
        lines: [
          // Wrapped, never cut: the reader must see all of what Enter confirms.
          ...page.question.flatMap((text) => wrapText(clean(text), width)).map((text): Line => [span(text)]),
          [],
          [span(`Enter ${page.purpose === 'signal-dump' ? 'send' : 'confirm'} · Esc cancel`, 'dim')],
        ],
      };
    case 'daemon-choice':
      return { title: purposes[page.purpose], lines: choiceLines(page.daemons, page.chosen, theme) };
    case 'print-choice': {
      const texts = frameFormats.map((format) => `${format.padEnd(5)} ${formatTexts[format]}`);
      return { title: 'Print the screen to a file', lines: choiceLines(texts, page.chosen, theme) };
    }
  }
}

function choiceLines(texts: readonly string[], chosen: number, { glyphs }: Theme): Line[] {
  return [
    ...texts.map(
      (text, index): Line => [
        span(index === chosen ? `${glyphs.pointer} ` : '  ', 'title'),
        span(clean(text), index === chosen ? 'strong' : 'plain'),
      ],
    ),
    [],
    [span('Enter select · Esc cancel', 'dim')],
  ];
}
