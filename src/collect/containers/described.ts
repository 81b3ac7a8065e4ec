import type { ListedContainer } from '../../parse/engine/list.ts';
import type { ContainerValue, MadeWith } from '../../sample/containers.ts';
import { keepList } from '../keep-same.ts';

/** What is known of a listed container besides the list. */
type Additions = Pick<ContainerValue, 'kill' | 'inspect'> & { readonly settings: MadeWith | undefined };

interface Known {
  readonly listed: ListedContainer;
  readonly value: ContainerValue;
}

/** The containers as a Sample has them. Each stays the same object for as long as nothing of it is new, and so does the list. */
export class DescribedContainers {
  readonly #describe: (listed: ListedContainer) => Additions;
  #known = new Map<string, Known>();
  #newest: readonly ContainerValue[] = [];

  /** @param describe gives the same objects for as long as nothing is new */
  constructor(describe: (listed: ListedContainer) => Additions) {
    this.#describe = describe;
  }

  of(list: readonly ListedContainer[]): readonly ContainerValue[] {
    const known = new Map(list.map((listed) => [listed.id, this.#valueOf(listed)]));
    this.#known = known;
    this.#newest = keepList(
      this.#newest,
      list.flatMap(({ id }) => known.get(id)?.value ?? []),
    );
    return this.#newest;
  }

  #valueOf(listed: ListedContainer): Known {
    const known = this.#known.get(listed.id);
    const { kill, inspect, settings } = this.#describe(listed);
    const before = known?.value;
    const isSame =
      known?.listed === listed && before?.kill === kill && before.inspect === inspect && before.settings === settings;
    if (known !== undefined && isSame) return known;
    return { listed, value: { ...listed, kill, inspect, ...(settings === undefined ? {} : { settings }) } };
  }
}
