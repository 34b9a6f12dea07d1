import {
  CfnResource,
  type IResolveContext,
  Lazy,
  Reference,
  Stack,
  Token,
  Tokenization,
  aws_rds as rds,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseResource } from '../server/database-resource';
import { userPath } from '../identity';

type CfnParameterGroup = rds.CfnDBClusterParameterGroup | rds.CfnDBParameterGroup;

/** How the parameter group of a cluster or instance of this app can be changed at synth. */
export type GroupAtSynth =
  | { readonly how: 'new'; readonly family: string }
  | { readonly how: 'add'; readonly group: CfnParameterGroup }
  | { readonly how: 'impossible'; readonly problem: string };

/** Returns how the parameter group can be changed, without changing it. */
export function groupAtSynth({
  cfn,
  kind,
  parameterGroupName: name,
  family,
}: DatabaseResource): GroupAtSynth {
  if (name === undefined || (!Token.isUnresolved(name) && name.startsWith('default.'))) {
    const groupFamily = name?.slice('default.'.length) ?? family;
    if (groupFamily) return { how: 'new', family: groupFamily };
    return {
      how: 'impossible',
      problem: `\`engine\` of the ${kind} ${userPath(cfn)} must have a version, it decides the family of the parameter group`,
    };
  }
  const group = definedGroup(name);
  if (group) return { how: 'add', group };
  return {
    how: 'impossible',
    problem: `\`parameterGroup\` of the ${kind} ${userPath(cfn)} must be defined in this app, so that log_statement can be set in it, got: ${Token.isUnresolved(name) ? 'a value that is known at deployment only' : name}. Two ways out: leave its log alone here (\`statementLog: StatementLog.managedElsewhere()\` of DatafoldPostgres), where the owner of the group sets log_statement=mod; or have the group changed at deployment, by ${wayAtDeployment(kind)}`,
  };
}

/** Returns the advice to import a server of this app, so that it is changed at deployment through the RDS API. */
function wayAtDeployment(kind: DatabaseResource['kind']): string {
  return kind === 'cluster'
    ? 'a StatementLogging for PostgresServer.auroraCluster(DatabaseCluster.fromDatabaseClusterAttributes(…, { clusterIdentifier: cluster.clusterIdentifier }))'
    : 'a StatementLogging for PostgresServer.rdsInstance(DatabaseInstance.fromDatabaseInstanceAttributes(…, { instanceIdentifier: instance.instanceIdentifier, … }))';
}

/** Returns the parameter group of this app that a name refers to. */
export function definedGroup(name: string): CfnParameterGroup | undefined {
  const [token] = Tokenization.reverseString(name).tokens;
  if (!Reference.isReference(token)) return undefined;
  const target = token.target as CfnParameterGroup;
  return /^AWS::RDS::DB(Cluster)?ParameterGroup$/.test(target.cfnResourceType ?? '') ? target : undefined;
}

/** Creates a parameter group in the scope of the server: in another stack it would cause a cyclic reference. */
export function newGroup(
  { cfn, kind, setParameterGroup }: DatabaseResource,
  family: string,
  extra: Record<string, string>,
): void {
  const scope = cfn.node.scope as Construct;
  const props = {
    family,
    description: `${family}, with the statement log that Datafold reads`,
    parameters: { log_statement: 'mod', ...extra },
  };
  const group =
    kind === 'cluster'
      ? new rds.CfnDBClusterParameterGroup(scope, 'DatafoldParameterGroup', props)
      : new rds.CfnDBParameterGroup(scope, 'DatafoldParameterGroup', props);
  setParameterGroup(group.ref);
}

/** Adds the parameters to a parameter group of this app; `log_statement` is kept if it is `all` at the end of synthesis. */
export function addToGroup(group: CfnParameterGroup, extra: Record<string, string>): void {
  const logStatement = ({ resolve }: IResolveContext) => {
    const parameters = resolve(group.parameters) as Record<string, string> | undefined;
    return parameters?.log_statement === 'all' ? 'all' : 'mod';
  };
  group.addPropertyOverride(
    'Parameters.log_statement',
    Lazy.uncachedString({ produce: (context) => logStatement(context) }),
  );
  for (const [name, value] of Object.entries(extra)) group.addPropertyOverride(`Parameters.${name}`, value);
}

/** Returns the paths of the other clusters and instances of this app that use a parameter group. */
export function otherUsersOf(group: CfnResource, user: rds.CfnDBCluster | rds.CfnDBInstance): string[] {
  return group.node.root.node
    .findAll()
    .filter(
      (child): child is CfnResource =>
        child !== user && CfnResource.isCfnResource(child) && uses(child, group),
    )
    .map(userPath);
}

function uses(child: Partial<rds.CfnDBCluster & rds.CfnDBInstance>, group: CfnResource): boolean {
  const name = child.dbClusterParameterGroupName ?? child.dbParameterGroupName;
  const resolved = (value: string) => JSON.stringify(Stack.of(group).resolve(value));
  return name !== undefined && resolved(name) === resolved(group.ref);
}
