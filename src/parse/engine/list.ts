import { textOf } from '../../base/json-object.ts';
import type { ContainerValue } from '../../sample/containers.ts';
import { keptLabels } from '../kept-labels.ts';

/** One entry of `GET /containers/json?all=1` (Docker Engine API, ContainerSummary). */
export type ListedContainer = Pick<
  ContainerValue,
  'id' | 'name' | 'image' | 'state' | 'status' | 'createdAt' | 'labels'
>;

/**
 * Parses the engine's answer. An entry without an id is skipped.
 *
 * @throws if it is not a list, or a list of something else
 */
export function parseContainerList(answer: unknown): ListedContainer[] {
  if (!Array.isArray(answer)) throw new Error('the engine’s container list is not a list');
  const containers = answer.flatMap((entry: Partial<Record<string, unknown>> | null) => {
    const id = entry?.['Id'];
    if (entry === null || typeof id !== 'string') return [];
    return [
      {
        id,
        name: nameOf(entry['Names'], id),
        image: textOf(entry['Image']),
        state: textOf(entry['State']),
        status: textOf(entry['Status']),
        createdAt: secondsOf(entry['Created']),
        labels: keptLabels(objectOf(entry['Labels'])),
      },
    ];
  });
  // A node without containers is well; one whose list cannot be parsed must not look like it.
  if (answer.length > 0 && containers.length === 0) throw new Error('the engine’s container list holds no containers');
  return containers;
}

/** A container has its own name, and one `/other/alias` for each link to it. */
function nameOf(names: unknown, id: string): string {
  const list = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  const own = list.find((name) => name.lastIndexOf('/') <= 0) ?? list[0];
  return own?.replace(/^\//, '') ?? id.slice(0, 12);
}

/** Seconds since 1970 that a date can hold (ECMA-262, Time Values and Time Range). */
function secondsOf(value: unknown): number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12 ? value : 0;
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
