import { type IResolveContext, Lazy, Reference, Token, Tokenization, aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseResource } from '../server/database-resource';
import { userPath } from '../user-path';

type CfnParameterGroup = rds.CfnDBClusterParameterGroup | rds.CfnDBParameterGroup;

/** What can be done at synth about the parameter group that a cluster or instance of this app has. */
export type GroupAtSynth =
  | { readonly how: 'new'; readonly family: string }
  | { readonly how: 'add'; readonly group: CfnParameterGroup }
  | { readonly how: 'impossible'; readonly problem: string };

/** Decides it; changes nothing. */
export function groupAtSynth({
  cfn,
  kind,
  parameterGroupName: name,
  family,
}: DatabaseResource): GroupAtSynth {
  if (name === undefined || (!Token.isUnresolved(name) && name.startsWith('default.'))) {
    const wanted = name?.slice('default.'.length) ?? family;
    if (wanted) return { how: 'new', family: wanted };
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

/** How a server of this app is changed through the API of RDS: by a reference to it as if the app did not define it. */
function wayAtDeployment(kind: DatabaseResource['kind']): string {
  return kind === 'cluster'
    ? 'a StatementLogging for PostgresServer.auroraCluster(DatabaseCluster.fromDatabaseClusterAttributes(…, { clusterIdentifier: cluster.clusterIdentifier }))'
    : 'a StatementLogging for PostgresServer.rdsInstance(DatabaseInstance.fromDatabaseInstanceAttributes(…, { instanceIdentifier: instance.instanceIdentifier, … }))';
}

/** The group of this app that a name refers to. */
export function definedGroup(name: string): CfnParameterGroup | undefined {
  const [token] = Tokenization.reverseString(name).tokens;
  if (!Reference.isReference(token)) return undefined;
  const target = token.target as CfnParameterGroup;
  return /^AWS::RDS::DB(Cluster)?ParameterGroup$/.test(target.cfnResourceType ?? '') ? target : undefined;
}

/** Makes a group of the family under the cluster itself: in another stack it would need a cyclic reference. */
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

/** Adds the parameters to a group of this app; one that logs enough, by the end of synth, keeps its log_statement. */
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
