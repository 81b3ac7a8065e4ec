/** Whether a control group is frozen, and by what. */
interface FreezerState {
  /** All its tasks are frozen; false while some are not yet. */
  readonly frozen: boolean;
  /** This group itself was frozen; false if a parent group was; null if unknown. */
  readonly self: boolean | null;
}

/**
 * Version 1: `freezer.state` is THAWED, FREEZING or FROZEN; `freezer.self_freezing` says whether the group itself was frozen
 * (Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst).
 *
 * @returns null if it is thawed
 */
export function parseFreezerV1(state: string, selfFreezing: string | null = null): FreezerState | null {
  const word = state.trim();
  if (word !== 'FROZEN' && word !== 'FREEZING') return null;
  return { frozen: word === 'FROZEN', self: selfFreezing === null ? null : selfFreezing.trim() === '1' };
}

/**
 * Version 2: `frozen` of `cgroup.events` and `cgroup.freeze` (Documentation/admin-guide/cgroup-v2.rst).
 *
 * @returns null if it is neither frozen nor being frozen
 */
export function parseFreezerV2(events: string, freeze: string | null = null): FreezerState | null {
  const frozen = /^frozen 1$/m.test(events);
  const self = freeze === null ? null : freeze.trim() === '1';
  return frozen || self === true ? { frozen, self } : null;
}
