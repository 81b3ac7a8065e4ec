import { wrapText } from '../../text.ts';
import { type KeyBinding, keyBindings, mouseBindings } from '../keys.ts';
import { type Line, lineWidth, span } from '../parts/line.ts';
import type { PageKind } from '../state/page.ts';

/** What is below the help page: a pane, the findings, or a page. */
type HelpContext = 'panes' | 'findings' | PageKind;

/** Columns of the keys; a line with more keys takes more. */
const keysWidth = 14;
/** From this width on the legend stands beside the keys. */
const wideWidth = 116;
/** Columns of the keys where the legend stands beside them. */
const leftWidth = 78;

const contextTitles: Partial<Readonly<Record<HelpContext, string>>> = {
  panes: 'on a pane',
  findings: 'on the findings',
  finding: 'on the page of a finding',
  details: 'on the page of a row',
  inspect: 'on the page of an inspect',
  log: 'on the page of a log',
  goroutines: 'on the page of goroutines',
  heap: 'on the page of a heap',
};

const legend = [
  ['D', 'uninterruptible sleep: blocked in the kernel on disk, filesystem or lock'],
  ['Z', 'zombie: exited, not reaped by its parent'],
  ['≥', 'at least: counted since rtwatch first saw it, not since the task last ran'],
  ['', 'rtwatch changes nothing on the node; dumps are files of yours; D asks first'],
] as const;

/** The help page, made from the tables of keys and of the mouse: first what works in the context, then the rest. */
export function helpLines(context: HelpContext, width: number): Line[] {
  const isWide = width >= wideWidth;
  const left = isWide ? leftWidth : width;
  const right = isWide ? width - leftWidth - 2 : width;
  const groups = [...Map.groupBy(keyBindings, ({ group }) => group)];
  const here = groups.filter(([, bindings]) => bindings.some((binding) => worksIn(binding, context)));
  const rest = groups.filter((group) => !here.includes(group));
  const keys = [
    [span(contextTitles[context] ?? 'here', 'title')],
    ...here.flatMap(([help, bindings]) => helpLine(keysOf(bindings), help, left)),
    [span('elsewhere and always', 'title')],
    ...rest.flatMap(([help, bindings]) => helpLine(keysOf(bindings), help, left)),
  ];
  const beside = [
    [span('mouse', 'title')],
    ...mouseBindings.flatMap(({ shown, help }) => helpLine(shown, help, right)),
    [span('legend', 'title')],
    ...legend.flatMap(([sign, text]) => helpLine(sign, text, right, 3, 'dim')),
  ];
  if (!isWide) return [...keys, ...beside];
  return Array.from({ length: Math.max(keys.length, beside.length) }, (_, row) => {
    const line = keys[row] ?? [];
    return [...line, span(' '.repeat(Math.max(0, leftWidth + 2 - lineWidth(line)))), ...(beside[row] ?? [])];
  });
}

/** As the footer has it. */
function worksIn({ short, inPage, pages, command }: KeyBinding, context: HelpContext): boolean {
  if (context === 'panes') return short !== undefined;
  if (context === 'findings') return short !== undefined && !['zoom', 'sort'].includes(command);
  return inPage !== undefined && (pages === undefined || pages.includes(context));
}

/** The keys as shown, and the function keys that do the same. */
function keysOf(bindings: readonly KeyBinding[]): string {
  return bindings
    .flatMap(({ shown, keys }) => [shown, ...keys.filter((key) => /^f\d+$/.test(key)).map((key) => key.toUpperCase())])
    .filter((text) => text !== '')
    .join(' ');
}

function helpLine(
  keys: string,
  help: string,
  width: number,
  column = keysWidth,
  tone: 'plain' | 'dim' = 'plain',
): Line[] {
  const label = `${keys.padEnd(column - 1)} `;
  return wrapText(help, Math.max(12, width - label.length)).map((text, index) => [
    span(index === 0 ? label : ' '.repeat(label.length), 'key'),
    span(text, tone),
  ]);
}
