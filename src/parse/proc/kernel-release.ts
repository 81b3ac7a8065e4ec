/** Whether a kernel release (`uname -r`, e.g. `3.10.0-1127.el7`) is at least `major.minor`. Backports are not seen. */
export function kernelAtLeast(release: string, major: number, minor: number): boolean {
  const [, a, b] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (a === undefined || b === undefined) return false;
  return Number(a) > major || (Number(a) === major && Number(b) >= minor);
}
