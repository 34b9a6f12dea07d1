import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import assert from 'node:assert/strict';
import { Aws } from './aws';
import { eventually } from './eventually';
import type { DataSource, World } from './world';

let markers = 0;

/** What a new access key is told before all of AWS knows it. */
const NOT_YET = ['UnrecognizedClientException', 'InvalidClientTokenId'];

/** The path of lineage: a statement in the database is found in CloudWatch with the key that Datafold gets. */
export async function assertLineage(world: World, source: DataSource): Promise<void> {
  const marker = `datafold_tmp.lineage_marker_${++markers}`; // a line of an earlier call must not be taken for this one's
  await world.datafold(source, async (client) => {
    await client.query(`CREATE TABLE ${marker} AS SELECT 1 AS a`);
    await client.query(`DROP TABLE ${marker}`);
  });
  const { options } = source;
  const key = { accessKeyId: options.aws_access_key_id, secretAccessKey: options.aws_secret_access_key };
  const reader = new Aws(world.cloud, options.aws_region, key);
  const command = new FilterLogEventsCommand({
    logGroupName: options.aws_cloudwatch_log_group,
    filterPattern: `"CREATE TABLE ${marker} AS SELECT"`,
  });
  const found = await eventually(async () =>
    reader.logs.send(command).then(
      ({ events }) => events?.[0]?.message,
      (error: Error) => {
        if (!NOT_YET.includes(error.name)) throw error;
        return undefined;
      },
    ),
  );
  assert.match(found, new RegExp(`:datafold@app:.*statement: CREATE TABLE ${marker} AS SELECT`));
}
