import type { Model, SourceModel } from '../../model/model.ts';
import { type SourceName, sourceNames } from '../../sample/sample.ts';

/** What a source gives of the Model besides the part of its own name. Containers are also listed by the CRI, and found through their shims. */
const furtherParts = {
  host: ['upMs'],
  daemons: ['otherDaemons', 'fileHandles'],
  containers: ['containerSettings'],
  shims: ['containers', 'idleShims'],
  cri: ['containers'],
  disks: ['ioWindow'],
  cgroups: ['kernelMemory'],
} as const satisfies { readonly [S in SourceName]?: readonly (keyof Model)[] };

type Further = typeof furtherParts;
type PartOf<S extends SourceName> = S | (S extends keyof Further ? Further[S][number] : never);
type PartName = PartOf<SourceName>;

/** Known at every moment, whichever sources answer. */
type Always = Pick<Model, 'at' | 'sampler'>;

/** Parts of the Model by name. Null: no declared source gives it now. */
export type Parts<P extends PartName = never> = Always & { readonly [K in P]: Model[K] | null };

/** A source; or several, of which any one will do. */
export type Need = SourceName | readonly SourceName[];

type Single<N extends Need> = Extract<N, SourceName>;
type Every<N extends Need> = N extends readonly (infer S extends SourceName)[] ? S : Single<N>;

/** What a rule is given for its needs and uses: its own part of each source that it needs alone is there. */
export type Given<N extends Need, U extends SourceName> = Parts<Exclude<PartOf<Every<N> | U>, Single<N>>> & {
  readonly [S in Single<N>]: NonNullable<Model[S]>;
};

/** A source that fails keeps its last value; after this long that value says nothing about now. */
const longestStaleMs = 120_000;

/** The sources that give nothing now, by name. */
export function missingSources({ sources }: Pick<Model, 'sources'>): ReadonlyMap<SourceName, SourceModel> {
  const isMissing = ({ status, ageMs }: SourceModel): boolean =>
    ageMs === null || (status !== 'ok' && ageMs > longestStaleMs);
  return new Map(sources.filter(isMissing).map((source) => [source.name, source]));
}

/** The parts of these sources and no others; null for each part that none of them gives now. */
export function partsFrom(
  names: readonly SourceName[],
  model: Model,
  missing: ReadonlyMap<SourceName, SourceModel>,
): object {
  const given: Partial<Record<PartName | keyof Always, unknown>> = { at: model.at, sampler: model.sampler };
  for (const name of names) {
    const isMissing = missing.has(name);
    for (const part of partsOf.get(name) ?? []) given[part] ??= isMissing ? null : model[part];
  }
  return given;
}

const further: { readonly [S in SourceName]?: readonly PartName[] } = furtherParts;
/** Made once: it is asked for each source of each rule, each second. */
const partsOf: ReadonlyMap<SourceName, readonly PartName[]> = new Map(
  sourceNames.map((name) => [name, [name, ...(further[name] ?? [])]]),
);
