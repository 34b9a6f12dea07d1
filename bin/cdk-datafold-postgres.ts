/** The CDK app behind cdk.json, for people who write no code: one server by context, or a fleet from a file. */
import { App } from 'aws-cdk-lib';
import { readContext } from './context/read-context';
import { serverStack } from './context/server-stack';
import { addFleet } from './fleet/add-fleet';
import { readFleet } from './fleet/read-fleet';

/** What the CLI passes on: cdk.json, ~/.cdk.json and -c. */
function givenContext(): Record<string, unknown> {
  return JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Record<string, unknown>;
}

function main(): void {
  const app = new App();
  const context = givenContext();
  if (context.fleet === undefined) {
    const { settings, target } = readContext(context);
    serverStack(app, settings, target);
  } else {
    addFleet(app, readFleet(String(context.fleet)));
  }
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof Error && ['UserError', 'InvalidPropsError'].includes(error.name))) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
