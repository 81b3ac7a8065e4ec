import { formatMs } from '../../../base/durations.ts';
import { formatClock } from '../../../base/moments.ts';
import type { FleetSnapshot } from '../../../fleet/fleet.ts';
import { countsOf, troubleTexts } from '../../fleet-words.ts';
import { clean, wrapText } from '../../text.ts';
import { type Line, lineWidth, span, spread } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';

/** The most lines of trouble. */
const mostTrouble = 4;

/**
 * What the fleet comes to, how fresh that is, and what is wrong with knowing it.
 *
 * @param address of Prometheus
 * @param lateMs how much older than an interval the newest round is; 0 while rounds come in time
 */
export function fleetHeader(
  snapshot: FleetSnapshot,
  { theme, columns, address, lateMs }: { theme: Theme; columns: number; address: string; lateMs: number },
): Line[] {
  const { fleet, at, intervalMs, paused } = snapshot;
  const counts = fleet === null ? [] : countsOf(fleet);
  const left: Line = [
    span(' rtwatch fleet', 'title'),
    ...counts.flatMap(
      ({ text, tone }, index): Line => [span(index === 0 ? '  ' : ` ${theme.glyphs.dot} `, 'dim'), span(text, tone)],
    ),
  ];
  const state: Line = paused
    ? [span('paused ', 'warning')]
    : lateMs > 0
      ? [span(`no answer for ${formatMs(lateMs)} `, 'warning')]
      : [span(`every ${formatMs(intervalMs)} `, 'dim')];
  const time = at === 0 ? '' : `${formatClock(at, theme.zone)} `;
  const full: Line = [span(`${clean(address)} `, 'dim'), span(time), ...state];
  const right = lineWidth(left) + lineWidth(full) < columns ? full : [span(time), ...state];
  return [
    spread(left, right, columns),
    ...troubleTexts(snapshot)
      .flatMap((text) => wrapText(text, columns - 2))
      .slice(0, mostTrouble)
      .map((text): Line => [span(' '), span(text, 'warning')]),
  ];
}
