// What bench/fleet.ts times, in a process of its own: `fleet-app.ts SERVERS OUTDIR` synthesizes a fleet and prints the seconds
// that it took, without the start of the process, and the peak memory in MiB.
import { App } from 'aws-cdk-lib';
import { addFleet } from '../bin/fleet/add-fleet';
import { JsonFile } from '../bin/fleet/json-file';
import { parseFleet } from '../bin/fleet/read-fleet';
import { fleetFile } from '../test/support/fleet-file';

const [, , servers, outdir] = process.argv;
const text = fleetFile({ accounts: 5, regions: 5, servers: Number(servers) / 25 });
const start = process.hrtime.bigint();
const app = new App({ outdir });
addFleet(app, parseFleet(new JsonFile('fleet.json', text)));
app.synth();
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
console.log(JSON.stringify({ seconds, peak: process.resourceUsage().maxRSS / 1024 }));
