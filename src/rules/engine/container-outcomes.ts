import type { Model } from '../../model/model.ts';
import type { ContainerOutcome, Diagnosis } from './diagnosis.ts';
import type { Finding } from './rule.ts';
import type { Verdicts } from './run.ts';

/** A container that was stuck and is no more. */
export interface ResolvedContainer extends ContainerOutcome {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly until: number;
}

/** The rules whose findings are each about one stuck container. */
const stuckRules: ReadonlySet<string> = new Set(['unkillable-container', 'stuck-removal']);

/**
 * The containers that were stuck and are no more, the newest first, each once: one that could neither stop nor be removed was stuck
 * from the first to the last of it, and one that is still stuck in another way is not among them.
 */
export function resolvedContainers({ findings, resolved = [] }: Verdicts): ResolvedContainer[] {
  const isStuck = new Set(findings.filter(isAboutStuck).flatMap(({ subjects }) => subjects.containers));
  const byId = new Map<string, ResolvedContainer>();
  for (const { lifecycle } of resolved.filter(isAboutStuck)) {
    for (const outcome of lifecycle?.containers ?? []) {
      const since = lifecycle?.openedAt ?? 0;
      const until = lifecycle?.goneAt ?? since;
      const newer = byId.get(outcome.id);
      if (newer !== undefined) byId.set(outcome.id, { ...newer, since: Math.min(newer.since, since) });
      else if (!isStuck.has(outcome.id)) byId.set(outcome.id, { ...outcome, since, until });
    }
  }
  return [...byId.values()];
}

/**
 * The model with each stuck container stuck since the finding about it was opened: evidence of the beginning can be lost (the
 * events of an engine that was restarted) while the container stays stuck.
 */
export function withStuckSince(model: Model, { findings }: Verdicts): Model {
  const { containers, at } = model;
  if (containers === null || containers.stuck === 0) return model;
  const openedAt = new Map<string, number>();
  for (const { subjects, lifecycle } of findings.filter(isAboutStuck)) {
    for (const id of subjects.containers) {
      openedAt.set(id, Math.min(openedAt.get(id) ?? at, lifecycle?.openedAt ?? at));
    }
  }
  const list = containers.list.map((container) => {
    const opened = openedAt.get(container.id);
    if (opened === undefined || container.stuckSince === null || container.stuckSince <= opened) return container;
    return { ...container, stuckSince: opened, stuckSeconds: (at - opened) / 1000 };
  });
  return { ...model, containers: { ...containers, list } };
}

const isAboutStuck = ({ id }: Diagnosis): boolean => stuckRules.has(id);

type Now = Pick<Model, 'containers' | 'sources'>;

/** What people call the containers of a finding, by id; the old name of one that is not listed any more. */
export function containerNames(
  { subjects }: Finding,
  { containers }: Now,
  before: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const ids = new Set(subjects.containers);
  if (ids.size === 0) return noNames;
  const names = new Map([...before].filter(([id]) => ids.has(id)));
  for (const { id, label } of containers?.list ?? []) if (ids.has(id)) names.set(id, label);
  return names;
}

const noNames: ReadonlyMap<string, string> = new Map();

/** What became of a container that was in trouble, as the sources say it now. */
export function outcomeOf(id: string, name: string, { containers, sources }: Now): ContainerOutcome {
  const container = containers?.list.find((one) => one.id === id);
  const isListed = sources.some(({ name, status }) => (name === 'containers' || name === 'cri') && status === 'ok');
  const how = (): ContainerOutcome['how'] => {
    // Without an engine the kernel alone shows that its processes and its shim are gone.
    if (container === undefined) return isListed ? 'removed' : 'exited';
    if (container.from === 'kernel') return 'answers again';
    if (!isListed) return 'unknown';
    return container.listState === 'exited' || container.listState === 'created' ? 'exited' : 'answers again';
  };
  return { id, name, how: how() };
}
