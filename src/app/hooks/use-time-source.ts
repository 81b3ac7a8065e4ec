import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Zone } from '../../base/zone.ts';
import type { TimeSnapshot, TimeSource } from '../../timeline/time-source.ts';
import type { ViewEvent } from '../../view/terminal/state/state.ts';
import { timeMessage } from '../../view/terminal/state/time-message.ts';

/** The moment that is shown. The source runs for as long as the screen; what it says is a message in this zone. */
export function useTimeSource(source: TimeSource, zone: Zone, dispatch: (event: ViewEvent) => void): TimeSnapshot {
  const snapshot = useSyncExternalStore(source.subscribe, source.getSnapshot);
  // What a notice says follows the zone; the source does not begin anew for it.
  const shownZone = useRef(zone);
  shownZone.current = zone;
  useEffect(() => {
    source.start((notice) => {
      const message = timeMessage(notice, shownZone.current);
      if (message !== null) dispatch({ type: 'message', message });
    });
    return () => source.close();
  }, [source, dispatch]);
  return snapshot;
}
