import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { compare } from 'bcryptjs';

/** `busy`: too many passwords wait to be checked. */
type Verdict = 'right' | 'wrong' | 'busy';

/** A hash of no password that anyone has: an unknown user takes as long as a known one. */
const nobody = '$2b$10$uroMBrnTh0xL7xZMTETuEOTCNIVmwRy2MHYmeV8/PClnYy6eccZ2W';
/** bcrypt is slow on purpose: results are remembered, as Prometheus' exporters do. */
const mostRemembered = 100;
const mostWaiting = 16;
/** How many times longer than a check the pause after it is: wrong passwords take a fifth of a core at most. */
const pauseFactor = 4;

/** Checks the passwords of HTTP's basic authentication, one at a time. */
export class BasicAuth {
  readonly #remembered = new Map<string, boolean>();
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param header `Authorization` of a request
   * @param users bcrypt hashes by user
   */
  async check(header: string | undefined, users: ReadonlyMap<string, string>): Promise<Verdict> {
    const given = credentialsOf(header);
    if (given === null) return 'wrong';
    const known = users.get(given.user);
    const hash = known ?? nobody;
    // Not the password itself: it would stay in memory.
    const key = createHash('sha256')
      .update(JSON.stringify([given.user, given.password, hash]))
      .digest('base64');
    const before = this.#remembered.get(key);
    if (before !== undefined) return before ? 'right' : 'wrong';
    if (this.#waiting >= mostWaiting) return 'busy';
    this.#waiting++;
    const checked = this.#last.then(async () => (await compare(given.password, hash)) && known !== undefined);
    const started = this.#last.then(() => performance.now());
    this.#last = checked
      .then(async () => sleep((performance.now() - (await started)) * pauseFactor, undefined, { ref: false }))
      .catch(() => {});
    try {
      const isRight = await checked;
      this.#remember(key, isRight);
      return isRight ? 'right' : 'wrong';
    } finally {
      this.#waiting--;
    }
  }

  /** The oldest wrong one goes first: guessing must not drive out those who know it. */
  #remember(key: string, isRight: boolean): void {
    if (this.#remembered.size >= mostRemembered) {
      const [oldest] = this.#remembered.keys();
      const wrong = [...this.#remembered].find(([, right]) => !right)?.[0];
      this.#remembered.delete(wrong ?? oldest ?? '');
    }
    this.#remembered.set(key, isRight);
  }
}

function credentialsOf(header: string | undefined): { readonly user: string; readonly password: string } | null {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
