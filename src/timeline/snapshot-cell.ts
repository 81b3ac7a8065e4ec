/** A snapshot that is built on demand, kept until something changes, and the listeners for that. */
export class SnapshotCell<T> {
  readonly #build: () => T;
  readonly #listeners = new Set<() => void>();
  #built: { readonly snapshot: T } | null = null;

  constructor(build: () => T) {
    this.#build = build;
  }

  /** The same object until `changed` is called. */
  readonly get = (): T => {
    this.#built ??= { snapshot: this.#build() };
    return this.#built.snapshot;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly changed = (): void => {
    this.#built = null;
    for (const listener of this.#listeners) listener();
  };
}
