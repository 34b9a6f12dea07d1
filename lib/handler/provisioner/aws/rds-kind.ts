import type * as Sdk from '@aws-sdk/client-rds';
import type { Parameter } from '@aws-sdk/client-rds';
import type { Send } from './call';
import type { GroupState, ServerChange, ServerState } from './rds-ports';

/** Sends a command of RDS. */
export type SendToRds = Send<typeof Sdk>;

/** Tags in the format of the SDK. */
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
