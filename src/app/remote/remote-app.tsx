import { type ReactNode, useCallback, useState } from 'react';
import type { RemoteSource } from '../../remote/remote-source.ts';
import { LiveSource } from '../../timeline/live-source.ts';
import { remoteHeader, remotePane, remotePaneId } from '../../view/terminal/remote/remote-panes.ts';
import type { Theme } from '../../view/terminal/theme/theme.ts';
import { App, type AppProps } from '../app.tsx';
import { useSnapshot } from '../hooks/use-snapshot.ts';
import { ListApp, type ListContent } from '../list/list-app.tsx';
import { useList } from '../list/use-list.ts';
import type { TerminalProps } from '../terminal/terminal-props.ts';

export interface RemoteAppProps extends TerminalProps, Pick<AppProps, 'printTo' | 'kept'> {
  readonly source: RemoteSource;
  readonly theme: Theme;
}

/** How often the far sampler is taken to read, milliseconds: it is the command's business. */
const intervalMs = 1000;

/** Several nodes on one screen; each has its own full screen, over the same connection. */
export function RemoteApp({ source, theme, printTo, kept, ...terminal }: RemoteAppProps): ReactNode {
  const snapshot = useSnapshot(source);
  const list = useList(remotePaneId);
  const [opened, setOpened] = useState<LiveSource | null>(null);
  const content = useCallback(
    (shown: Theme, columns: number): ListContent => ({
      header: remoteHeader(snapshot, columns),
      panes: [remotePane(snapshot, shown)],
    }),
    [snapshot],
  );
  if (opened !== null) {
    const inner = { source: opened, actions: null, theme, printTo, kept, isInner: true };
    return <App {...inner} {...terminal} leave={() => setOpened(null)} />;
  }
  const open = (_: string, name: string): void => {
    const link = source.linkOf(name);
    if (link !== null) setOpened(new LiveSource({ open: link, intervalMs }));
  };
  const obey = (command: 'pause' | 'slower' | 'faster'): void => {
    if (command === 'pause') source.setPaused(!source.getSnapshot().paused);
    else list.say('how often a node is read is said by the command: --command');
  };
  return <ListApp {...{ list, theme, content, open, obey, ...terminal }} />;
}
