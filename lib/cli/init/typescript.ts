import { type AppFacts, cdkImports } from './app';

/** A text as a literal of TypeScript. */
function quote(text: string): string {
  const literal = JSON.stringify(text);
  return /['\\]/.test(literal.slice(1, -1)) ? literal : `'${literal.slice(1, -1)}'`;
}

const list = (texts: readonly string[]) => `[${texts.map(quote).join(', ')}]`;
const comments = (remarks: readonly string[], indent = '') =>
  remarks.map((remark) => `${indent}// ${remark}\n`).join('');

/** An import, on one line if it has few names. */
function importOf(names: readonly string[], module: string): string {
  const list =
    names.length > 3 ? `{\n${names.map((name) => `  ${name},\n`).join('')}}` : `{ ${names.join(', ')} }`;
  return `import ${list} from ${quote(module)};\n`;
}

/** An app for the CDK in TypeScript, complete but for what is marked. */
export function typescriptApp(facts: AppFacts): string {
  const { server, remarks } = facts;
  const { kind } = server;
  const factory = kind === 'cluster' ? 'auroraCluster' : 'rdsInstance';
  return `${comments(remarks.head)}${importOf(cdkImports(facts), 'aws-cdk-lib')}${importOf(['DatafoldPostgres', 'PostgresServer'], 'cdk-datafold-postgres')}
const app = new App();
const stack = new Stack(app, ${quote(facts.stackName)}, {
  env: { account: ${quote(server.account)}, region: ${quote(server.region)} },
});

${network(facts)}
${adminSecret(facts)}
${imported(facts)}
const datafold = new DatafoldPostgres(stack, 'Datafold', {
  server: PostgresServer.${factory}(${kind}, {
    vpc,
    vpcSubnets: { subnets },
    securityGroups,
    adminSecret,${server.port === 5432 ? '' : `\n    port: ${server.port},`}
  }),
${comments(remarks.databases, '  ')}  databases: [${facts.databases.map((name) => `{ databaseName: ${quote(name)} }`).join(', ')}],
${comments(remarks.networkAccess, '  ')}});

datafold.dataSources.forEach(({ secret }, i) => {
  new CfnOutput(stack, \`DataSource\${i + 1}\`, { value: secret.secretArn });
});
app.synth();
`;
}

function network({ server, zones, remarks }: AppFacts): string {
  const subnets = server.subnets.map(
    ({ id, zone }, i) =>
      `  ec2.Subnet.fromSubnetAttributes(stack, 'Subnet${i + 1}', { subnetId: ${quote(id)}, availabilityZone: ${quote(zone)} }),\n`,
  );
  const groups = server.securityGroups.map(
    (id, i) => `  ec2.SecurityGroup.fromSecurityGroupId(stack, 'SecurityGroup${i + 1}', ${quote(id)}),\n`,
  );
  return `const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: ${quote(server.vpcId ?? 'vpc-TODO')},
  availabilityZones: ${list(zones)},
});
${comments(remarks.network)}const subnets: ec2.ISubnet[] = [
${subnets.join('')}];
// The function that runs the SQL is in these subnets; it needs no route table.
Annotations.of(stack).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
const securityGroups: ec2.ISecurityGroup[] = [
${groups.join('')}];
`;
}

function adminSecret({ adminSecretArn, adminSecretKeyArn, remarks }: AppFacts): string {
  return `const adminSecret = secretsmanager.Secret.fromSecretAttributes(stack, 'AdminSecret', {
${comments(remarks.adminSecret, '  ')}  secretCompleteArn: ${quote(adminSecretArn)},
${adminSecretKeyArn ? `  encryptionKey: kms.Key.fromKeyArn(stack, 'AdminSecretKey', ${quote(adminSecretKeyArn)}),\n` : ''}});
`;
}

function imported({ server: { kind, identifier, port } }: AppFacts): string {
  if (kind === 'cluster')
    return `const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Cluster', {
  clusterIdentifier: ${quote(identifier)},
});
`;
  return `const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Instance', {
  instanceIdentifier: ${quote(identifier)},
  instanceEndpointAddress: '', // read from RDS by the deployment
  port: ${port},
  securityGroups,
});
`;
}
