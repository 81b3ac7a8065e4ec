import type { ReadingOf, SourceName } from '../sample/sample.ts';

/** Where lists stand that are long and stay the same for many polls; `each`: in the items of a list. */
type Places<T> = T extends readonly (infer Item)[]
  ? 'list' | { readonly each: Places<Item> }
  : T extends object
    ? { readonly [K in keyof T]?: Places<NonNullable<T[K]>> }
    : never;

type ValueOf<N extends SourceName> = Extract<ReadingOf<N>, { readonly status: 'ok' }>['value'];

const ofReadings: { readonly [N in SourceName]?: { readonly value: Places<ValueOf<N>> } } = {
  containers: { value: { containers: 'list' } },
  cri: { value: { runtimes: { each: { sandboxes: 'list', containers: 'list' } } } },
  filesystems: { value: { containerLogs: 'list' } },
  logs: { value: { tallies: 'list' } },
  shims: { value: { names: 'list', plainNames: 'list' } },
};

/** Places as lines are walked, whatever they are of. */
export interface InFields {
  readonly [key: string]: 'list' | InFields | undefined;
}

/** By the name of the source. */
export const listPlaces = ofReadings as InFields;

/** Of longer lists the items beyond are not looked into: a node has few runtimes, a stream from elsewhere may claim any number. */
export const maxItems = 16;
