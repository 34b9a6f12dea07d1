import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from './postgres';
import { binaries } from './postgres-server/binaries';

test('a server whose port another one takes meanwhile gets another port', async () => {
  const first = await startPostgres();
  const second = await startPostgres({ port: first.port });
  try {
    expect(second.port).not.toBe(first.port);
    await (await second.connect(second.admin)).end();
    await (await first.connect(first.admin)).end();
  } finally {
    await Promise.all([first, second].map((server) => server.stop()));
  }
});

test('says at once why a server does not start', async () => {
  const started = Date.now();
  await expect(startPostgres({ settings: { max_connections: 'many' } })).rejects.toThrow(
    /^PostgreSQL does not start: .*invalid value for parameter "max_connections": "many"/s,
  );
  expect(Date.now() - started).toBeLessThan(30_000);
});

test('mends a cache of which somebody has removed a part', () => {
  const previous = process.env.TEST_CACHE;
  process.env.TEST_CACHE = mkdtempSync(join(tmpdir(), 'cache-'));
  try {
    const file = join(binaries().native, 'share/postgresql/postgres.bki');
    rmSync(file);
    binaries();
    expect(existsSync(file)).toBe(true);
  } finally {
    rmSync(process.env.TEST_CACHE, { recursive: true });
    process.env.TEST_CACHE = previous;
  }
});
