/** The CDK app behind cdk.json, for people who write no code: one server by context, or a fleet from a file. */
import { App } from 'aws-cdk-lib';
import { fleetFile } from './context/fleet-file';
import { readContext } from './context/read-context';
import { serverStack } from './context/server-stack';
import { addFleet } from './fleet/add-fleet';
import { readFleet } from './fleet/read-fleet';

/** What the CLI passes on: cdk.json, ~/.cdk.json and -c. */
function givenContext(): Record<string, unknown> {
  return JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Record<string, unknown>;
}

function main(): void {
  // Else the CDK synthesizes once more when the process ends, after a mistake too.
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

/** Errors that a person can mend need no stack trace. Those of the CDK have no name of their own in every version. */
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
