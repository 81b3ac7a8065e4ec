/** One controller in `/proc/cgroups` (cgroups(7)). */
interface ControllerCounts {
  /** 0 when it is on the v2 hierarchy or not mounted. */
  readonly hierarchy: number;
  /** Groups in its hierarchy, with the root, and with removed ones that something still holds. */
  readonly groups: number;
}

/** Parses `/proc/cgroups`: controllers by name. */
export function parseControllerCounts(text: string): ReadonlyMap<string, ControllerCounts> {
  const controllers = new Map<string, ControllerCounts>();
  for (const [, name, hierarchy, groups] of text.matchAll(/^(\w+)\t(\d+)\t(\d+)\t\d+$/gm)) {
    if (name !== undefined) controllers.set(name, { hierarchy: Number(hierarchy), groups: Number(groups) });
  }
  return controllers;
}
