import type { RdsState } from './state';
import type { Parameter, Tag } from './group';

/** The parameters of a call, of whichever operation. */
export type Input = Readonly<Record<string, string | undefined>> & {
  readonly Parameters?: readonly Parameter[];
  readonly Tags?: readonly Tag[];
  readonly TagKeys?: readonly string[];
  readonly CloudwatchLogsExportConfiguration?: {
    readonly EnableLogTypes?: string[];
    readonly DisableLogTypes?: string[];
  };
};

export type Operations = Record<string, (rds: RdsState, input: Input) => object | void>;

/** One page of a list. RDS answers with up to 100 items; a small account shows the same with less. */
export function page<T>(all: readonly T[], size: number, marker?: string) {
  const start = Number(marker ?? 0);
  const next = start + size < all.length ? `${start + size}` : undefined;
  return { items: all.slice(start, start + size), Marker: next };
}
