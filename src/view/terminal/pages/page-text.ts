import { formatDayTime } from '../../../base/moments.ts';
import type { Line } from '../parts/line.ts';
import type { OpenPage } from '../state/page.ts';
import type { Shown } from '../state/selection.ts';
import { contentOf } from './contents.ts';

/** Wide enough for what a page wraps, narrow enough to be read in a ticket. */
const width = 120;

/** All of a page as text, whatever of it the screen has room for: the node and the moment, the title, the lines. */
export function pageText(shown: Shown, page: OpenPage): string {
  const { title, head = [], lines } = contentOf(shown, page, width);
  const { host, at } = shown.model;
  const node = [...(host === null ? [] : [host.hostname]), formatDayTime(at, shown.theme.zone)].join(' · ');
  const kept = lines.filter((line) => !line.some(({ isHint }) => isHint));
  const body = [...head, ...(head.length === 0 ? [] : [[]]), ...kept].map(textOf);
  return `${[node, title, '', ...body].join('\n').trimEnd()}\n`;
}

const textOf = (line: Line): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trimEnd();
