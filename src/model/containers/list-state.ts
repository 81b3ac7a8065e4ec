import type { ContainerChurn, ContainersValue } from '../../sample/containers.ts';
import type { CriRuntime, CriValue } from '../../sample/cri.ts';
import { failed, okValue } from '../../sample/reading.ts';
import type { Tracked } from '../tracked.ts';

/** How the lists of containers answer. */
export interface ListState {
  /** 0 when the list never answered. */
  readonly listMs: number;
  /** Age of the list, in milliseconds; null when no source ever gave a list and only the kernel shows the containers. */
  readonly listAgeMs: number | null;
  readonly events: ContainersValue['events'];
}

interface Lists {
  readonly tracked: Tracked<ContainersValue>;
  readonly cri: Tracked<CriValue>;
  readonly monoMs: number;
}

/** The runtimes that ever gave a list of containers, of the CRI or of their own namespaces. */
export function listsOf(cri: CriValue | null): CriRuntime[] {
  return (cri?.runtimes ?? []).filter(
    ({ containerList, containers }) => containerList.status === 'ok' || containers.length > 0,
  );
}

/** How the list answers: the engine's, where there is one; else that of the runtime that answers worst. */
export function listStateOf({ tracked: { value, valueMonoMs }, cri, monoMs }: Lists): ListState {
  if (value !== null && valueMonoMs !== null) {
    return { listMs: value.listMs, listAgeMs: monoMs - valueMonoMs, events: value.events };
  }
  const [first, ...others] = listsOf(cri.value);
  if (first === undefined || cri.valueMonoMs === null) {
    return { listMs: 0, listAgeMs: null, events: failed('the engine does not answer') };
  }
  const openMs = ({ containerList }: CriRuntime): number =>
    containerList.status === 'pending' ? containerList.forMs : 0;
  const worst = others.reduce((a, b) => (openMs(b) > openMs(a) ? b : a), first);
  return {
    listMs: okValue(worst.containerList)?.ms ?? 0,
    listAgeMs: monoMs - cri.valueMonoMs + openMs(worst),
    events: worst.events,
  };
}

/** How containers come and go, by the first runtime that knows; null where none does. */
export function churnOf(cri: CriValue | null): ContainerChurn | null {
  return cri?.runtimes.find(({ churn }) => churn !== null)?.churn ?? null;
}
