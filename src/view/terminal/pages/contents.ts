import { clean, wrapText } from '../../text.ts';
import type { Overlay, Purpose } from '../page.ts';
import { paneOf } from '../panes/panes.ts';
import { type Line, span } from '../parts/line.tsx';
import { rowOf, type Shown } from '../selection.ts';
import { paragraph, wrapDetail } from './fields.ts';
import { findingLines } from './finding.ts';
import { goroutinesLines } from './goroutines.ts';
import { heapLines } from './heap.ts';
import { helpLines } from './help.ts';
import { inspectLines } from './inspect.ts';
import { logView } from './log.ts';
import type { PageContent } from './sheet.ts';

const purposes: Readonly<Record<Purpose, string>> = {
  dump: 'Dump the goroutines of which daemon?',
  'signal-dump': 'Send SIGUSR1 to which daemon?',
  goroutines: 'Explain the goroutines of which daemon?',
  heap: 'Summarise the heap of which daemon?',
};

/** The content of the open page, wrapped to `width` columns. A page that throws shows the error; the rest of the screen stays. */
export function contentOf(shown: Shown, overlay: Overlay, width: number): PageContent {
  try {
    return contentOfPage(shown, overlay, width);
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { title: 'Error', lines: paragraph(`rtwatch bug: ${fault}`, width, 'warning') };
  }
}

function confirmTitle({ purpose, daemon, pid }: Extract<Overlay, { kind: 'confirm' }>): string {
  if (purpose !== 'signal-dump') return `Dump the goroutines of ${clean(daemon)}?`;
  return `Send SIGUSR1 to ${clean(daemon)}${pid === null ? '' : ` (pid ${pid})`}?`;
}

function contentOfPage(shown: Shown, overlay: Overlay, width: number): PageContent {
  const { model, look } = shown;
  switch (overlay.kind) {
    case 'help':
      return { title: 'Help', lines: helpLines() };
    case 'details': {
      const pane = paneOf(overlay.pane);
      const row = rowOf(model, overlay);
      const lines = row === null ? [[span('no longer there', 'dim' as const)]] : pane.details(row, look, model);
      return { title: pane.title, lines: lines.flatMap((line) => wrapDetail(line, width)) };
    }
    case 'finding':
      return { title: 'Finding', lines: findingLines({ ...shown, width }, overlay) };
    case 'inspect':
      return {
        title: `Inspect ${clean(overlay.containerId.slice(0, 12))}`,
        lines: inspectLines(model, overlay, look, width),
      };
    case 'log':
      return logView(model, overlay, look, width);
    case 'goroutines':
      return { title: `Goroutines of ${clean(overlay.daemon)}`, ...goroutinesLines(overlay, look, width) };
    case 'heap':
      return { title: `Heap of ${clean(overlay.daemon)}`, lines: heapLines(overlay.daemon, overlay.answer) };
    case 'confirm':
      return {
        title: confirmTitle(overlay),
        lines: [
          // Wrapped, never cut: the reader must see all of what Enter confirms.
          ...overlay.question.flatMap((text) => wrapText(clean(text), width)).map((text): Line => [span(text)]),
          [],
          [span(`Enter ${overlay.purpose === 'signal-dump' ? 'send' : 'confirm'} · Esc cancel`, 'dim')],
        ],
      };
    case 'daemon-choice':
      return {
        title: purposes[overlay.purpose],
        lines: [
          ...overlay.daemons.map(
            (name, index): Line => [
              span(index === overlay.chosen ? `${look.glyphs.pointer} ` : '  ', 'title'),
              span(clean(name), index === overlay.chosen ? 'strong' : 'plain'),
            ],
          ),
          [],
          [span('Enter select · Esc cancel', 'dim')],
        ],
      };
  }
}
