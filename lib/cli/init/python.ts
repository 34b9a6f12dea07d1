import { type AppFacts, cdkImports } from './app';

/** A text as a literal of Python. JSON has no escape that Python reads differently. */
const quote = (text: string) => JSON.stringify(text);
const list = (texts: readonly string[]) => `[${texts.map(quote).join(', ')}]`;
const comments = (remarks: readonly string[], indent = '') =>
  remarks.map((remark) => `${indent}# ${remark}\n`).join('');

/** An app for the CDK in Python, complete but for what is marked. */
export function pythonApp(facts: AppFacts): string {
  const { server, remarks } = facts;
  const { kind } = server;
  const factory = kind === 'cluster' ? 'aurora_cluster' : 'rds_instance';
  return `${comments(pythonNames(remarks.head))}from aws_cdk import (
${cdkImports(facts, 'Environment')
  .map((name) => `    ${name},\n`)
  .join('')})
from cdk_datafold_postgres import DatabaseGrants, DatafoldPostgres, PostgresServer

app = App()
stack = Stack(
    app,
    ${quote(facts.stackName)},
    env=Environment(account=${quote(server.account)}, region=${quote(server.region)}),
)

${network(facts)}
${adminSecret(facts)}
${imported(facts)}
datafold = DatafoldPostgres(
    stack,
    "Datafold",
    server=PostgresServer.${factory}(
        ${kind},
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=subnets),
        security_groups=security_groups,
        admin_secret=admin_secret,${server.port === 5432 ? '' : `\n        port=${server.port},`}
    ),
${comments(remarks.databases, '    ')}    databases=[${facts.databases.map((name) => `DatabaseGrants(database_name=${quote(name)})`).join(', ')}],
${comments(pythonNames(remarks.networkAccess), '    ')})

for i, data_source in enumerate(datafold.data_sources, 1):
    CfnOutput(stack, f"DataSource{i}", value=data_source.secret.secret_arn)
app.synth()
`;
}

/** The names of props in a remark as Python has them. */
const pythonNames = (remarks: readonly string[]) =>
  remarks.map((remark) =>
    remark
      .replace('networkAccess', 'network_access')
      .replace('statementLog: ', 'statement_log=')
      .replace('({ rebootPolicy })', '(reboot_policy=…)'),
  );

function network({ server, zones, remarks }: AppFacts): string {
  const subnets = server.subnets.map(
    ({ id, zone }, i) =>
      `    ec2.Subnet.from_subnet_attributes(
        stack, "Subnet${i + 1}", subnet_id=${quote(id)}, availability_zone=${quote(zone)}
    ),\n`,
  );
  const groups = server.securityGroups.map(
    (id, i) =>
      `    ec2.SecurityGroup.from_security_group_id(stack, "SecurityGroup${i + 1}", ${quote(id)}),\n`,
  );
  return `vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id=${quote(server.vpcId ?? 'vpc-TODO')},
    availability_zones=${list(zones)},
)
${comments(remarks.network)}subnets = [
${subnets.join('')}]
# The function that runs the SQL is in these subnets; it needs no route table.
Annotations.of(stack).acknowledge_warning("@aws-cdk/aws-ec2:noSubnetRouteTableId")
security_groups = [
${groups.join('')}]
`;
}

function adminSecret({ adminSecretArn, adminSecretKeyArn, remarks }: AppFacts): string {
  return `admin_secret = secretsmanager.Secret.from_secret_attributes(
    stack,
    "AdminSecret",
${comments(remarks.adminSecret, '    ')}    secret_complete_arn=${quote(adminSecretArn)},
${adminSecretKeyArn ? `    encryption_key=kms.Key.from_key_arn(stack, "AdminSecretKey", ${quote(adminSecretKeyArn)}),\n` : ''})
`;
}

function imported({ server: { kind, identifier, port } }: AppFacts): string {
  if (kind === 'cluster')
    return `cluster = rds.DatabaseCluster.from_database_cluster_attributes(
    stack, "Cluster", cluster_identifier=${quote(identifier)}
)
`;
  return `instance = rds.DatabaseInstance.from_database_instance_attributes(
    stack,
    "Instance",
    instance_identifier=${quote(identifier)},
    instance_endpoint_address="",  # read from RDS by the deployment
    port=${port},
    security_groups=security_groups,
)
`;
}
