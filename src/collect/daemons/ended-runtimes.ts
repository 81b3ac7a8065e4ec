/** A runtime that ended and took its socket with it was removed: no row of it after this. */
const forgetAfterMs = 600_000;

/** Since when the runtimes that have a row have no process, and which of them lose the row. */
export class EndedRuntimes {
  readonly #most: number;
  /** By socket, the one that ended first at the beginning; by `performance.now()`. */
  readonly #endedAt = new Map<string, number>();

  /** @param most rows that there are */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @param rows sockets of the runtimes that have one
   * @param running sockets that a process listens on
   * @param isLeft whether there is still such a socket
   * @returns the sockets of those that lose their row; also of those that ended first, where a new one needs it
   */
  lost(rows: ReadonlySet<string>, running: ReadonlySet<string>, isLeft: (socket: string) => boolean): string[] {
    const now = performance.now();
    for (const socket of rows) {
      if (running.has(socket)) this.#endedAt.delete(socket);
      else if (!this.#endedAt.has(socket)) this.#endedAt.set(socket, now);
    }
    let tooMany = new Set([...running, ...rows]).size - this.#most;
    const lost: string[] = [];
    for (const [socket, endedAt] of this.#endedAt) {
      const isRemoved = now - endedAt >= forgetAfterMs && !isLeft(socket);
      if (!isRemoved && tooMany <= 0) continue;
      tooMany--;
      lost.push(socket);
      this.#endedAt.delete(socket);
    }
    return lost;
  }
}
