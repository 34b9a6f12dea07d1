import assert from 'node:assert/strict';
import { sqlState } from './database';
import type { DataSource, World } from './world';

/** Those of the tables that the role of a data source can read. */
export async function readable(world: World, source: DataSource, tables: string[]): Promise<string[]> {
  return world.datafold(source, async (client) => {
    const found: string[] = [];
    for (const table of tables) {
      const code = await sqlState(client, `SELECT * FROM ${table}`);
      assert.ok(['no error', '42501'].includes(code), `${table}: ${code}`);
      if (code === 'no error') found.push(table);
    }
    return found;
  });
}

/** The same with a data source in a secret. */
export async function readableBy(world: World, secretArn: string, tables: string[]): Promise<string[]> {
  return readable(world, await world.dataSource(secretArn), tables);
}
