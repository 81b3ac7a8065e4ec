import { useApp } from 'ink';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { FleetSnapshot } from '../../fleet/fleet.ts';
import type { FleetRounds } from '../../fleet/fleet-rounds.ts';
import type { FleetNode } from '../../fleet/nodes.ts';
import { nodeName } from '../../view/fleet-words.ts';
import { fleetHeader } from '../../view/terminal/fleet/fleet-header.ts';
import { fleetPaneIds, fleetPanes } from '../../view/terminal/fleet/fleet-panes.ts';
import type { Theme } from '../../view/terminal/theme/theme.ts';
import { useSnapshot } from '../hooks/use-snapshot.ts';
import { ListApp, type ListContent } from '../list/list-app.tsx';
import { useList } from '../list/use-list.ts';
import type { TerminalProps } from '../terminal/terminal-props.ts';

/** Runs the reader's command for a node, which has the terminal meanwhile. */
export interface NodeOpener {
  readonly commandFor: (node: FleetNode) => string;
  /** Resolves when it has exited: why it failed, or null. */
  readonly open: (node: FleetNode) => Promise<string | null>;
}

export interface FleetAppProps extends TerminalProps {
  readonly source: FleetRounds;
  readonly theme: Theme;
  /** Of what is asked, for the header. */
  readonly address: string;
  readonly opener: NodeOpener;
}

/** Milliseconds; slower and faster go from one to the next. */
const intervals = [5000, 15_000, 30_000, 60_000, 300_000] as const;
/** A round may take that long before the header says that it is late, milliseconds. */
const graceMs = 2000;

/** The screen of all nodes. */
export function FleetApp({ source, theme, address, opener, ...terminal }: FleetAppProps): ReactNode {
  const snapshot = useSnapshot(source);
  const list = useList(fleetPaneIds.nodes);
  const { suspendTerminal } = useApp();
  const lateMs = useLate(snapshot);

  const content = useCallback(
    (shown: Theme, columns: number): ListContent => ({
      header: fleetHeader(snapshot, { theme: shown, columns, address, lateMs }),
      panes: fleetPanes(snapshot, shown, opener.commandFor),
    }),
    [snapshot, address, lateMs, opener],
  );

  const open = (pane: string, key: string, panes: Parameters<typeof list.dispatch>[1]): void => {
    if (pane === fleetPaneIds.groups) {
      const group = source.getSnapshot().fleet?.groups.find((one) => one.key === key);
      if (group !== undefined) list.dispatch({ type: 'narrowed', pane: fleetPaneIds.nodes, filter: group.id }, panes);
      return;
    }
    const node = source.getSnapshot().fleet?.nodes.find((one) => one.key === key);
    if (node === undefined) return;
    let trouble: string | null = null;
    void suspendTerminal(async () => {
      const run = (): Promise<string | null> => opener.open(node);
      trouble = await (terminal.giveAway === undefined ? run() : terminal.giveAway(run));
    }).then(() => {
      if (trouble !== null) list.say(`${nodeName(node)}: ${trouble}`, 'warning');
    });
  };

  const obey = (command: 'pause' | 'slower' | 'faster'): void => {
    const { paused, intervalMs } = source.getSnapshot();
    if (command === 'pause') source.setPaused(!paused);
    else source.setInterval(nextInterval(intervalMs, command));
  };

  const onShown = useCallback(
    (pane: string, keys: readonly string[]) => {
      if (pane !== fleetPaneIds.nodes) return;
      const shown = new Set(keys);
      const nodes = source.getSnapshot().fleet?.nodes ?? [];
      source.show(nodes.filter(({ key }) => shown.has(key)).map(({ instance }) => instance));
    },
    [source],
  );

  return <ListApp {...{ list, theme, content, open, obey, onShown, ...terminal }} />;
}

function nextInterval(intervalMs: number, command: 'slower' | 'faster'): number {
  return command === 'slower'
    ? (intervals.find((one) => one > intervalMs) ?? intervalMs)
    : (intervals.findLast((one) => one < intervalMs) ?? intervalMs);
}

/** How long ago the newest round ended, in milliseconds: 0 while rounds come in time, so that a calm screen is drawn once a round. */
function useLate({ at, intervalMs, paused }: FleetSnapshot): number {
  const [lateMs, setLate] = useState(0);
  useEffect(() => {
    setLate(0);
    if (at === 0 || paused) return;
    const began = performance.now();
    let every: NodeJS.Timeout | undefined;
    const tick = (): void => setLate(performance.now() - began);
    const first = setTimeout(() => {
      tick();
      every = setInterval(tick, 1000);
    }, intervalMs + graceMs);
    return () => {
      clearTimeout(first);
      clearInterval(every);
    };
  }, [at, intervalMs, paused]);
  return lateMs;
}
