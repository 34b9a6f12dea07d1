import { App } from 'aws-cdk-lib';
import { join } from 'node:path';
import { addFleet } from '../../bin/fleet/add-fleet';
import { readFleet } from '../../bin/fleet/read-fleet';

/** Creates an app for the servers in servers.json: a stack for each, and one for the logs user of the account. */
export function fleetApp(outdir?: string): App {
  const app = new App({ outdir });
  addFleet(app, readFleet(join(__dirname, 'servers.json')));
  return app;
}

if (require.main === module) fleetApp().synth();
