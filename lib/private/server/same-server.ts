import { Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { databaseResource } from './database-resource';
import { identityOf } from '../identity';
import type { ServerSpec } from './server-spec';

/** Whether two are one server; undefined where that is known at deployment only. */
export function isSameServer(scope: Construct, one: ServerSpec, other: ServerSpec): boolean | undefined {
  const both = [one, other];
  if (one.resource && one.resource === other.resource) return true;
  const [first, second] = both.map((server) => identityOf(scope, nameOfServer(server)));
  if (first === second) return true;
  // An endpoint may be another name of any server.
  if (both.some(({ kind }) => kind === undefined)) return undefined;
  const named = both.every(({ identifier }) => !Token.isUnresolved(identifier));
  const ofThisApp = both.every((server) => databaseResource(server) !== undefined);
  return one.kind !== other.kind || named || ofThisApp ? false : undefined;
}

/** By what one server is told from another. */
export const nameOfServer = ({ kind, identifier, port }: ServerSpec) =>
  `${kind ?? Tokenization.stringifyNumber(port)} ${identifier}`;
