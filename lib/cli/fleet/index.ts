import type { Construct } from 'constructs';
import { defineCommand } from '../command';
import type { Terminal } from '../terminal';

/** `fleet`: the CDK app for the servers of a fleet file. */
export const fleetCommand = defineCommand({
  name: 'fleet',
  summary: 'be the CDK app for the servers of a fleet file',
  description:
    'Synthesizes the stacks for all servers of a fleet file, without a CDK app of your own. The CDK CLI runs this command. Needs aws-cdk-lib and constructs beside this package.',
  usage: 'FILE',
  argument: { name: 'FILE', help: 'the fleet file, such as init --fleet writes' },
  options: {},
  notes: `Example:

  npm install aws-cdk aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk-datafold-postgres init --fleet
  npx cdk deploy --all --app "npx cdk-datafold-postgres fleet datafold-fleet.json"

Exit status: 0 if the app is synthesized, 1 if the file has mistakes, 2 for invalid options.`,
  run: async (_, terminal, file) => synthesize(terminal, ({ Fleet }, app) => Fleet.fromFile(file).addTo(app)),
});

/** `app`: the CDK app for one server, which the context names. */
export const appCommand = defineCommand({
  name: 'app',
  summary: 'be the CDK app for one server, which the options -c of the CDK CLI name',
  description:
    'Synthesizes the stack for one server, without a CDK app of your own. The CDK CLI runs this command, and its options -c name the server. Needs aws-cdk-lib and constructs beside this package.',
  usage: '',
  options: {},
  notes: `Example:

  npm install aws-cdk aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk deploy --app "npx cdk-datafold-postgres app" -c cluster=orders -c databases=app,dwh \\
    -c vpc=vpc-0123456789abcdef0 -c subnets=subnet-0123456789abcdef0,subnet-0123456789abcdef1 \\
    -c securityGroup=sg-0123456789abcdef0 \\
    -c adminSecret=arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf

Exit status: 0 if the app is synthesized, 1 if something is missing or wrong, 2 for invalid options.`,
  run: async (_, terminal) => synthesize(terminal, ({ addFromContext }, app) => addFromContext(app)),
});

type FleetApp = typeof import('../../../bin/fleet');

/** Loads the CDK, which only these commands need, and synthesizes an app. */
async function synthesize(
  { out }: Terminal,
  add: (fleetApp: FleetApp, app: Construct) => void,
): Promise<number> {
  const { App } = await cdk();
  const { CDK_OUTDIR: outdir = 'cdk.out' } = process.env;
  // Otherwise the CDK synthesizes again when the process ends, even after an error.
  const app = new App({ autoSynth: false, outdir });
  add(await import('../../../bin/fleet'), app);
  app.synth();
  // The CDK CLI names the folder; somebody who runs the command alone learns where the app is.
  if (process.env.CDK_OUTDIR === undefined)
    out(`The app is synthesized to ${outdir}. Deploy it: npx cdk deploy --all --app ${outdir}\n`);
  return 0;
}

async function cdk() {
  try {
    return await import('aws-cdk-lib');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(
      'aws-cdk-lib is not installed. Install it beside this package: npm install aws-cdk-lib constructs cdk-datafold-postgres',
      { cause: error },
    );
  }
}
