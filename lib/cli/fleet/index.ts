import { defineCommand } from '../command';

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
  async run(_, terminal, file) {
    const { App } = await cdk();
    const { Fleet } = await import('../../../bin/fleet');
    // Otherwise the CDK synthesizes again when the process ends, even after an error.
    const app = new App({ autoSynth: false, outdir: process.env.CDK_OUTDIR ?? 'cdk.out' });
    Fleet.fromFile(file).addTo(app);
    const { directory } = app.synth();
    // The CDK CLI names the folder; somebody who runs the command alone learns where the app is.
    if (process.env.CDK_OUTDIR === undefined)
      terminal.out(
        `The app is synthesized to ${directory}. Deploy it: npx cdk deploy --all --app ${directory}\n`,
      );
    return 0;
  },
});

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
