// `npm start`: shows what this library promises, on a PostgreSQL from npm. Needs no AWS account.
import { showClaims } from './claims';
import { startShop } from './database';
import { showLineage } from './lineage';
import { heading, line } from './print';

async function main(): Promise<void> {
  const shop = await startShop();
  const { server } = shop;
  try {
    line(
      `PostgreSQL ${Math.floor(server.versionNum / 10_000)} with a small shop; its administrator is like that of RDS: CREATEROLE, no superuser.`,
    );
    const checks = await showClaims(shop);
    await showLineage(shop, checks);
    heading('Next');
    line('npx cdk-datafold-postgres init finds your servers and writes a stack; README.md has the rest.');
  } finally {
    await server.stop();
  }
}

void main();
