/** The CDK app of cdk.json, for users who write no code: one server from the context, or a fleet from a file. */
import { App } from 'aws-cdk-lib';
import { fleetFile } from './context/fleet-file';
import { readContext } from './context/read-context';
import { serverStack } from './context/server-stack';
import { addFleet } from './fleet/add-fleet';
import { readFleet } from './fleet/read-fleet';

/** Returns the context that the CLI passes: cdk.json, ~/.cdk.json and -c. */
function givenContext(): Record<string, unknown> {
  return JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Record<string, unknown>;
}

function main(): void {
  // Otherwise the CDK synthesizes again when the process ends, even after an error.
  const app = new App({ autoSynth: false });
  const context = givenContext();
  const fleet = fleetFile(context);
  if (fleet === undefined) {
    const { settings, target } = readContext(context);
    serverStack(app, settings, target);
  } else {
    addFleet(app, readFleet(fleet));
  }
  app.synth();
}

/** Returns whether an error is a user error, which needs no stack trace; some releases of the CDK do not name their errors. */
function isMistake(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    ['UserError', 'InvalidPropsError'].includes(error.name) ||
    /^(Validation failed|Number of resources)/.test(error.message)
  );
}

try {
  main();
} catch (error) {
  if (!isMistake(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
