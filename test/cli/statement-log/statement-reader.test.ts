import type { LogEvent } from '../../../lib/cli/statement-log/entry';
import { StatementReader, type LoggedStatement } from '../../../lib/cli/statement-log/statement-reader';
import { startPostgres, type Postgres } from '../../support/postgres';

function read(events: readonly LogEvent[]) {
  const statements: LoggedStatement[] = [];
  const ended: string[] = [];
  let otherBytes = 0;
  const reader = new StatementReader({
    statement: (statement) => statements.push(statement),
    other: ({ bytes }) => void (otherBytes += bytes),
    sessionEnded: (session) => ended.push(session),
  });
  events.forEach((event) => reader.read(event));
  reader.end();
  return { statements, ended, otherBytes };
}

const second = (n: number) => `2026-11-28 12:00:${String(n).padStart(2, '0')} UTC`;
const event = (at: number, pid: number, rest: string, stream = 'shop-1.0', port = 5000 + pid): LogEvent => ({
  stream,
  at: at * 1000,
  message: `${second(at)}:10.0.0.7(${port}):etl@shop:[${pid}]:${rest}`,
});
const brief = ({ statements }: ReturnType<typeof read>) =>
  statements.map(({ sql, failed }) => `${sql}${failed ? ' (failed)' : ''}`);

describe('on the log of a real server', () => {
  let server: Postgres;
  let found: ReturnType<typeof read>;
  beforeAll(async () => {
    server = await startPostgres({ settings: { log_disconnections: 'on' } });
    const before = server.log().length;
    const client = await server.connect(server.superuser);
    await client.query("CREATE TABLE t (a int PRIMARY KEY, b text);\nINSERT INTO t VALUES (1, 'x\n\ty')");
    await client.query('INSERT INTO t VALUES ($1, $2)', [2, 'bound']);
    await client.query({ name: 'named', text: 'INSERT INTO t VALUES ($1)', values: [3] });
    await client.query('INSERT INTO t VALUES (1)').catch(() => undefined);
    await client.query('INSERT INTO t VALUES (4)');
    await client.query('SELECT 1/0').catch(() => undefined);
    // These are not logged by log_statement=mod.
    await client.query('DO $$ BEGIN INSERT INTO t VALUES (99); END $$');
    await client.query('CREATE PROCEDURE f() LANGUAGE sql AS $$ INSERT INTO t VALUES (98) $$');
    await client.query('CALL f()');
    await client.query('PREPARE p (int) AS INSERT INTO t SELECT $1');
    await client.query('EXECUTE p (5)');
    await client.query('INSERT INTO t VALUES ($1)', [1]).catch(() => undefined);
    await client.end();
    while (!server.log().includes('disconnection')) await new Promise((resolve) => setTimeout(resolve, 20));
    // RDS publishes an entry with its continuation lines as one event.
    const entries = server
      .log()
      .slice(before)
      .trimEnd()
      .split(/\n(?!\t)/);
    found = read(entries.map((message) => ({ stream: 'shop-1.0', at: 1, message })));
  });
  afterAll(async () => server.stop());

  test('finds the statements that mod logs, as they were sent, and which of them failed', () => {
    expect(brief(found)).toEqual([
      "CREATE TABLE t (a int PRIMARY KEY, b text);\nINSERT INTO t VALUES (1, 'x\n\ty')",
      'INSERT INTO t VALUES ($1, $2)',
      'INSERT INTO t VALUES ($1)',
      'INSERT INTO t VALUES (1) (failed)',
      'INSERT INTO t VALUES (4)',
      'CREATE PROCEDURE f() LANGUAGE sql AS $$ INSERT INTO t VALUES (98) $$',
      'PREPARE p (int) AS INSERT INTO t SELECT $1',
      'EXECUTE p (5)',
      'INSERT INTO t VALUES ($1) (failed)',
    ]);
  });

  test('finds protocol, role, database and the bytes of bind values', () => {
    expect(found.statements[1]).toMatchObject({
      protocol: 'execute',
      role: 'rdsadmin',
      database: 'postgres',
    });
    expect(found.statements[1].parameterBytes).toBeGreaterThan(80);
    expect(found.statements[0]).toMatchObject({ protocol: 'statement', parameterBytes: 0 });
  });

  test('finds the PREPARE statement of an EXECUTE in its detail', () => {
    expect(found.statements[7].prepare).toBe('PREPARE p (int) AS INSERT INTO t SELECT $1');
  });

  test('counts each byte once, and reports the end of the session', () => {
    const bytes = found.statements.reduce((sum, one) => sum + one.bytes, found.otherBytes);
    expect(bytes).toBeGreaterThan(1_000);
    expect(found.ended).toEqual([found.statements[0].session]);
  });
});

test('puts entries of several processes and streams of an instance together', () => {
  const found = read([
    event(1, 7, 'LOG:  execute <unnamed>: INSERT INTO a SELECT $1', 'shop-1.0'),
    event(1, 8, 'LOG:  statement: INSERT INTO b SELECT 1', 'shop-1.1'),
    event(1, 7, "DETAIL:  parameters: $1 = '65'", 'shop-1.2'),
    event(2, 8, 'ERROR:  relation "b" does not exist', 'shop-1.0'),
    event(2, 8, 'STATEMENT:  INSERT INTO b SELECT 1', 'shop-1.0'),
    event(3, 7, 'LOG:  statement: INSERT INTO c SELECT 1', 'shop-1.0'),
  ]);
  expect(brief(found).sort()).toEqual([
    'INSERT INTO a SELECT $1',
    'INSERT INTO b SELECT 1 (failed)',
    'INSERT INTO c SELECT 1',
  ]);
  expect(found.statements.find(({ sql }) => sql.includes(' a '))!.parameterBytes).toBeGreaterThan(0);
});

test('does not take a statement for failed whose session later fails with another one', () => {
  const found = read([
    event(1, 7, 'LOG:  statement: INSERT INTO a SELECT 1'),
    event(2, 7, 'ERROR:  division by zero'),
    event(2, 7, 'STATEMENT:  SELECT 1/0'),
  ]);
  expect(brief(found)).toEqual(['INSERT INTO a SELECT 1']);
});

test('takes a statement for failed if an error without STATEMENT follows', () => {
  const found = read([
    event(1, 7, 'LOG:  statement: INSERT INTO a'),
    event(9, 7, 'ERROR:  canceling statement'),
  ]);
  expect(brief(found)).toEqual(['INSERT INTO a (failed)']);
});

test('finds the failure of a statement that arrives after its error, within the second of both', () => {
  const found = read([
    event(1, 7, 'ERROR:  no', 'shop-1.1'),
    event(1, 7, 'STATEMENT:  INSERT INTO a', 'shop-1.1'),
    event(1, 7, 'LOG:  statement: INSERT INTO a', 'shop-1.0'),
    event(1, 7, 'LOG:  statement: INSERT INTO a', 'shop-1.0'),
  ]);
  expect(brief(found)).toEqual(['INSERT INTO a (failed)', 'INSERT INTO a']);
});

test('takes the STATEMENT entry of a warning for no failure', () => {
  const found = read([
    event(1, 7, 'LOG:  statement: INSERT INTO a'),
    event(1, 7, 'WARNING:  careful'),
    event(1, 7, 'STATEMENT:  INSERT INTO a'),
  ]);
  expect(brief(found)).toEqual(['INSERT INTO a']);
});

test('distinguishes a process id that is used again from the earlier session', () => {
  const found = read([
    event(1, 7, 'LOG:  statement: INSERT INTO a', 'shop-1.0', 5000),
    event(5, 7, 'ERROR:  no', 'shop-1.0', 6000),
  ]);
  expect(brief(found)).toEqual(['INSERT INTO a']);
  expect(found.ended).toEqual(['shop-1 7 10.0.0.7(5000)']);
});

test('adds events that hold only continuation lines to the entry before them in their stream', () => {
  const found = read([
    event(1, 7, 'LOG:  statement: INSERT INTO a'),
    event(1, 8, 'LOG:  statement: DELETE FROM b', 'shop-2.0'),
    { stream: 'shop-1.0', at: 1000, message: '\tSELECT 1' },
  ]);
  expect(brief(found).sort()).toEqual(['DELETE FROM b', 'INSERT INTO a\nSELECT 1']);
});

test('keeps a bounded number of statements open', () => {
  const events = Array.from({ length: 10_050 }, (_, i) => event(1, i, `LOG:  statement: INSERT INTO t${i}`));
  const statements: string[] = [];
  const reader = new StatementReader({
    statement: ({ sql }) => statements.push(sql),
    other: () => undefined,
    sessionEnded: () => undefined,
  });
  events.forEach((one) => reader.read(one));
  expect(statements).toHaveLength(50);
  expect(statements[0]).toBe('INSERT INTO t0');
});
