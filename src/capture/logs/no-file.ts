/** Why the log of a container is in no file, and where it is. Docker and conmon give each line of the journal the id. */
export function noFileOf(driver: string, id: string | null): string {
  const none = `its log driver ${driver} keeps no file`;
  return driver !== 'journald' || id === null ? none : `${none}. Read it: journalctl CONTAINER_ID_FULL=${id}`;
}
