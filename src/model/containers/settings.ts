import type { ContainersValue } from '../../sample/containers.ts';
import { okValue } from '../../sample/reading.ts';
import type { Tracked } from '../tracked.ts';

/** How a container was made, as far as it decides what can go wrong. */
export interface ContainerSettings {
  readonly id: string;
  /** What people call it. */
  readonly label: string;
  /** It runs an init that reaps. */
  readonly init: boolean;
  readonly logDriver: string | null;
  /** Its log is limited in size; null if unknown. */
  readonly logRotated: boolean | null;
}

/** Of the containers whose inspect is known; empty without any. */
export function deriveContainerSettings(
  { value }: Tracked<ContainersValue>,
  nameOf: (containerId: string) => string | null,
): readonly ContainerSettings[] {
  return (value?.containers ?? []).flatMap(({ id, name, inspect, settings }) => {
    const known = settings ?? okValue(inspect ?? undefined);
    if (known === null) return [];
    const { init, logDriver, logRotated } = known;
    return [{ id, label: nameOf(id) ?? name, init, logDriver, logRotated }];
  });
}
