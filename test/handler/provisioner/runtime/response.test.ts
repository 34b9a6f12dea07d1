import { globalAgent } from 'node:https';
import { generate } from 'selfsigned';
import { Log, Redactor } from '../../../../lib/handler/log';
import { encodeAnswer, sendAnswer, type Answer } from '../../../../lib/handler/provisioner/runtime/response';
import { Receiver, SIGNATURE } from '../support/receiver';
import { VirtualClock } from '../support/virtual-clock';

const ANSWER: Answer = {
  Status: 'SUCCESS',
  PhysicalResourceId: 'datafold-access/db.example:5432/datafold',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Access',
  Data: { RoleName: 'datafold' },
};

const SOURCE = { service: 'test', function_request_id: 'invocation' };
const COMMON = { ...SOURCE, timestamp: '1970-01-01T00:00:00.000Z' };

let receiver: Receiver;
let lines: string[];

function send(answer = ANSWER): Promise<void> {
  const log = new Log(
    SOURCE,
    new Redactor(),
    (line) => lines.push(line),
    () => 0,
  );
  return sendAnswer(receiver.url, answer, new VirtualClock(), log);
}

beforeEach(async () => {
  lines = [];
  receiver = await new Receiver().start();
});

afterEach(async () => {
  await receiver.stop();
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain(SIGNATURE);
});

test('sends the response with an empty content type and its length in bytes', async () => {
  await send({ ...ANSWER, Data: { Notices: 'größer als „vorher“' } });

  const [put] = receiver.received;
  expect(put).toMatchObject({ method: 'PUT', contentType: '' });
  expect(put?.contentLength).toBe(String(Buffer.byteLength(put?.body ?? '')));
  expect(JSON.parse(put?.body ?? '')).toEqual({ ...ANSWER, Data: { Notices: 'größer als „vorher“' } });
});

test('uses TLS for an https URL', async () => {
  await receiver.stop();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  receiver = await new Receiver({ key, cert }).start();
  globalAgent.options.ca = cert;

  await send();

  expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual(ANSWER);
});

test('retries when S3 fails or closes the connection', async () => {
  receiver.statuses = [500, 'hang up', 503];

  await send();

  expect(receiver.received).toHaveLength(4);
  expect(lines.map((line) => JSON.parse(line) as object)).toEqual(
    [
      {
        level: 'WARN',
        message: 'CloudFormation did not take the answer',
        attempt: 1,
        problem: 'HTTP status 500',
      },
      { level: 'WARN', message: 'CloudFormation did not take the answer', attempt: 2, problem: 'ECONNRESET' },
      {
        level: 'WARN',
        message: 'CloudFormation did not take the answer',
        attempt: 3,
        problem: 'HTTP status 503',
      },
      {
        level: 'INFO',
        message: 'answered CloudFormation',
        status: 'SUCCESS',
        physicalResourceId: 'datafold-access/db.example:5432/datafold',
      },
    ].map((line) => ({ ...line, ...COMMON })),
  );
});

test('retries when S3 does not respond for five seconds', async () => {
  receiver.statuses = ['silence'];
  const started = Date.now();

  await send();

  expect(Date.now() - started).toBeLessThan(30_000);

  expect(receiver.received).toHaveLength(2);
  expect(JSON.parse(lines[0])).toMatchObject({ attempt: 1, problem: 'ETIMEDOUT' });
});

test('does not retry what S3 refuses', async () => {
  receiver.statuses = [403];

  await expect(send()).rejects.toThrow('The answer did not reach CloudFormation: HTTP status 403.');

  expect(receiver.received).toHaveLength(1);
});

test('gives up after five attempts, so that Lambda delivers the event again', async () => {
  receiver.statuses = [500, 500, 500, 500, 500];

  await expect(send()).rejects.toThrow('The answer did not reach CloudFormation: HTTP status 500.');

  expect(receiver.received).toHaveLength(5);
});

test('shortens a reason whose JSON text is too long', async () => {
  const body = encodeAnswer({ ...ANSWER, Status: 'FAILED', Data: undefined, Reason: '\u0001'.repeat(1000) });
  expect(Buffer.byteLength(body)).toBeLessThan(4096);
  expect((JSON.parse(body) as Answer).Reason).toBe(`${'\u0001'.repeat(509)}…`);
  lines.push('nothing was sent');
});

test('shortens attributes until the response is under 4096 bytes', async () => {
  const body = encodeAnswer({
    ...ANSWER,
    Data: { Steps: 'ü'.repeat(3000), Notices: 'x'.repeat(9000), RoleName: 'datafold' },
  });

  expect(Buffer.byteLength(body)).toBeLessThan(4096);
  const { Data } = JSON.parse(body) as Answer;
  expect(Data?.RoleName).toBe('datafold');
  expect(Data?.Steps).toBe(`${'ü'.repeat(510)}…`);
  lines.push('nothing was sent');
});

test('a response is under 4096 bytes for texts of any length', () => {
  const long = 'x'.repeat(1000);
  for (let length = 0; length <= 1024; length += 16) {
    const Data = { A: long, B: long, C: long, D: 'x'.repeat(length) };
    expect(Buffer.byteLength(encodeAnswer({ ...ANSWER, Data }))).toBeLessThan(4096);
  }
  lines.push('nothing was sent');
});
