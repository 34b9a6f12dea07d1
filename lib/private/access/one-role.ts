import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { DatabaseAccessOptions, DatabaseAccessProps } from '../../database-access-props';
import { identityOf } from '../identity';
import { serverName, type ServerSpec } from '../server/server-spec';
import { ACCESS_SETTINGS } from '../wire/settings';

/** What `DatabaseAccess` and `DatafoldPostgres` have in common. */
export type AccessProps = DatabaseAccessOptions & Pick<DatabaseAccessProps, 'server' | 'databases'>;

/** The constructs that create roles, by app and role; searching the whole construct tree takes too long with hundreds of servers. */
const makers = new WeakMap<IConstruct, Map<string, IConstruct>>();

/** Returns a problem if another construct creates the same role, which would otherwise fail the deployment halfway. */
export function oneRoleProblems(scope: Construct, props: AccessProps): string[] {
  const maker = makersIn(scope).get(keyOf(scope, props));
  if (!maker || !makesRole(props)) return [];
  const { server, roleName = ACCESS_SETTINGS.roleName.fallback } = props;
  return [
    `the role ${roleName} on the ${serverName(server._spec)} is made by ${maker.node.path} too: name all its databases in one of the two, or give one another \`roleName\``,
  ];
}

/** Records the construct that creates the role. */
export function makesThisRole(scope: Construct, props: AccessProps): void {
  if (makesRole(props)) makersIn(scope).set(keyOf(scope, props), scope);
}

function makersIn({ node: { root } }: IConstruct): Map<string, IConstruct> {
  const known = makers.get(root) ?? new Map<string, IConstruct>();
  makers.set(root, known);
  return known;
}

const makesRole = ({ sqlBy, adoptExisting }: AccessProps) => !sqlBy?._passwordSecret && !adoptExisting;

function keyOf(
  scope: Construct,
  { server, roleName = ACCESS_SETTINGS.roleName.fallback }: AccessProps,
): string {
  const { account, region, node } = Stack.of(scope);
  // Stacks without an environment may be deployed to different environments.
  const where =
    Token.isUnresolved(account) || Token.isUnresolved(region) ? node.addr : `${account} ${region}`;
  return [where, identityOf(scope, nameOfServer(server._spec)), identityOf(scope, roleName)].join();
}

/** Returns a text that identifies a server. */
function nameOfServer({ kind, identifier, port }: ServerSpec): string {
  return `${kind ?? Tokenization.stringifyNumber(port)} ${identifier}`;
}
