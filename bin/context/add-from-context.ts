import type { Construct } from 'constructs';
import { addFleet } from '../fleet/add-fleet';
import { readFleet } from '../fleet/read-fleet';
import { fleetFile } from './fleet-file';
import { readContext } from './read-context';
import { serverStack } from './server-stack';

/** Adds what the context asks for: one server, or the fleet of a file. */
export function addFromContext(scope: Construct, context: Readonly<Record<string, unknown>>): void {
  const fleet = fleetFile(context);
  if (fleet !== undefined) return addFleet(scope, readFleet(fleet));
  const { settings, target } = readContext(context);
  serverStack(scope, settings, target);
}

/** Returns the context that the CDK CLI passes to an app: cdk.json, ~/.cdk.json and -c. */
export function contextOfCli(): Record<string, unknown> {
  return JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Record<string, unknown>;
}
