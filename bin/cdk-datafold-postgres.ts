/** The CDK app of cdk.json, for users who write no code: one server from the context, or a fleet from a file. */
import { App } from 'aws-cdk-lib';
import { addFromContext, contextOfCli } from './context/add-from-context';

function main(): void {
  // Otherwise the CDK synthesizes again when the process ends, even after an error.
  const app = new App({ autoSynth: false });
  addFromContext(app, contextOfCli());
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
