// The app that bench/synth.ts times: `node synth-app.js with|without OUTDIR`. Plain JavaScript, so that nothing is compiled.
const { App, Stack, aws_ec2: ec2, aws_rds: rds } = require('aws-cdk-lib');

const [, , how, outdir] = process.argv;
const stack = new Stack(new App(outdir ? { outdir } : {}), 'Bench');
const cluster = new rds.DatabaseCluster(stack, 'Db', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_4 }),
  vpc: new ec2.Vpc(stack, 'Vpc'),
  writer: rds.ClusterInstance.serverlessV2('writer'),
});
if (how === 'with') {
  const { DatafoldPostgres, PostgresServer } = require('../dist');
  const server = PostgresServer.auroraCluster(cluster);
  new DatafoldPostgres(stack, 'Datafold', { server, databases: [{ databaseName: 'app' }] });
}
stack.node.root.synth();
