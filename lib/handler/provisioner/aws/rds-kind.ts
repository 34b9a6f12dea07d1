import type * as Sdk from '@aws-sdk/client-rds';
import type { Parameter, RDSClient } from '@aws-sdk/client-rds';
import type { GroupState, ServerChange, ServerState } from './rds-ports';

/** Returns the SDK and a client. */
export type Connect = () => Promise<{ readonly sdk: typeof Sdk; readonly client: Pick<RDSClient, 'send'> }>;

export type SdkTags = { Key: string; Value: string }[];

/** The calls that exist for clusters and for instances. */
export interface KindCalls {
  /** Returns all servers, or the server with the identifier. */
  servers(identifier?: string): Promise<ServerState[]>;
  group(name: string): Promise<GroupState[]>;
  parameters(name: string): Promise<Parameter[]>;
  createGroup(name: string, family: string, description: string, tags: SdkTags): Promise<unknown>;
  copyGroup(name: string, from: string, description: string, tags: SdkTags): Promise<unknown>;
  setParameters(name: string, parameters: Parameter[]): Promise<unknown>;
  resetParameters(name: string, parameters: Parameter[]): Promise<unknown>;
  deleteGroup(name: string): Promise<unknown>;
  modify(identifier: string, change: ServerChange): Promise<unknown>;
}

/** Reads all pages of a list. */
export async function allPages<T>(
  page: (marker: string | undefined) => Promise<{ items?: T[]; marker?: string }>,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, marker: next } = await page(marker);
    all.push(...(items ?? []));
    marker = next;
  } while (marker);
  return all;
}

/** Converts tags of the SDK to a record. */
export function tagsFrom(list: readonly { Key?: string; Value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Returns the exports to change in the format of the SDK, or undefined. */
export function exportsFor({ enableExports, disableExports }: ServerChange) {
  if (!enableExports && !disableExports) return undefined;
  return {
    ...(enableExports && { EnableLogTypes: [...enableExports] }),
    ...(disableExports && { DisableLogTypes: [...disableExports] }),
  };
}
