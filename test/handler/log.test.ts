import { Log, Redactor } from '../../lib/handler/log';
import { answer } from '../../lib/handler/sql-runner/answer';
import { TestEnvironment } from './provisioner/support/test-environment';

const COMMON = ['level', 'message', 'timestamp', 'service', 'function_request_id'];
const NOW = Date.parse('2026-11-28T12:00:00Z');

test('a line begins with the names that dashboards know', () => {
  const lines: string[] = [];
  const redactor = new Redactor();
  redactor.add('s3cret-value');
  const source = { service: 'datafold-provisioner', function_request_id: 'invocation-1' };
  new Log(
    source,
    redactor,
    (line) => lines.push(line),
    () => NOW,
  ).warn('denied', { error: 'no s3cret-value' });
  expect(lines).toEqual([
    '{"level":"WARN","message":"denied","timestamp":"2026-11-28T12:00:00.000Z","service":"datafold-provisioner","function_request_id":"invocation-1","error":"no ***"}',
  ]);
});

test('both functions name themselves and the invocation in every line', async () => {
  const lines: string[] = [];
  const written = jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const context = { awsRequestId: 'invocation-2' };
  const server = { host: 'no.invalid', port: 5432, tls: 'disable' } as const;
  await answer({ operation: 'resolve', server, host: 'no.invalid' }, context);
  written.mockRestore();
  const world = await TestEnvironment.start();
  await world.invoke({ ResponseURL: world.receiver.url, RequestType: 'Delete' }, undefined, 'invocation-3');
  await world.stop();
  const heads = [...lines, ...world.lines].map((line) => {
    const fields = JSON.parse(line) as Record<string, unknown>;
    return [Object.keys(fields).slice(0, COMMON.length), fields.service, fields.function_request_id];
  });
  expect(heads[0]).toEqual([COMMON, 'datafold-sql-runner', 'invocation-2']);
  expect(new Set(heads.slice(1).map((head) => JSON.stringify(head)))).toEqual(
    new Set([JSON.stringify([COMMON, 'datafold-provisioner', 'invocation-3'])]),
  );
});
