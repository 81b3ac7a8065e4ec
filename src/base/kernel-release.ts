/** Whether a kernel release (`uname -r`, e.g. `3.10.0-1127.el7`) is at least `major.minor`. Backports are not detected. */
export function kernelAtLeast(release: string, major: number, minor: number): boolean {
  const [, a, b] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return a !== undefined && b !== undefined && isAtLeast([Number(a), Number(b)], [major, minor]);
}

/** Numbers of a version or a build, most significant first; a missing one is 0. */
export function isAtLeast(version: readonly number[], least: readonly number[]): boolean {
  for (const [n, needed] of least.entries()) {
    const part = version[n] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}
