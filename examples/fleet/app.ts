import { App } from 'aws-cdk-lib';
import { Fleet } from 'cdk-datafold-postgres/fleet';
import { join } from 'node:path';

/** Creates an app for the servers in servers.json: a stack for each, and one for the logs user of the account. */
export function fleetApp(outdir?: string): App {
  const app = new App({ outdir });
  Fleet.fromFile(join(__dirname, 'servers.json')).addTo(app);
  return app;
}

if (require.main === module) fleetApp().synth();
