import { useEffect, useSyncExternalStore } from 'react';

/** What many nodes are read by. */
interface Source<Snapshot> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => Snapshot;
  readonly start: () => void;
  readonly close: () => void;
}

/** The newest snapshot of a source, which runs for as long as the screen. */
export function useSnapshot<Snapshot>(source: Source<Snapshot>): Snapshot {
  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  useEffect(() => {
    source.start();
    return () => source.close();
  }, [source]);
  return snapshot;
}
