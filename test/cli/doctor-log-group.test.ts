import { withServer } from '../support/with-server';
import { GROUP, prepare, runDoctor, DoctorEnvironment } from './support/doctor-environment';

const server = withServer();
let environment: DoctorEnvironment;
beforeAll(async () => prepare(server));
beforeEach(() => (environment = new DoctorEnvironment(server.postgres)));

describe('a log group that is not there', () => {
  beforeEach(() => (environment.logGroup = undefined));
  const inLog = async () => {
    const { status, lines } = await runDoctor(environment, '--stack', 'Shop');
    return { status, lines: lines.filter((line) => /log_group|lineage_download/.test(line)) };
  };

  test('is waited for where the server logs and exports, in the words of the deployment', async () => {
    const later = `the log group ${GROUP} does not exist yet: RDS creates it with the first lines. Next: Run the doctor again later.`;
    expect(await inLog()).toEqual({
      status: 0,
      lines: [
        `warning  shop/app  log_group         T${later.slice(1)}`,
        `warning  shop/app  lineage_download  log_statement is mod and the log is exported, but ${later}`,
      ],
    });
  });

  test('is waited for while RDS is turning on the export, too', async () => {
    environment.server = { ...environment.server, exports: [], exportsPending: true };
    expect(await inLog()).toMatchObject({ status: 0 });
  });

  test.each<[string, () => void]>([
    [
      'the server does not export its log',
      () => (environment.server = { ...environment.server, exports: [] }),
    ],
    ['its parameter group does not log', () => (environment.parameter = undefined)],
    ['there is no such server', () => (environment.server = undefined)],
  ])('is a failure where %s', async (_, make) => {
    make();
    const { status, lines } = await inLog();
    expect(status).toBe(1);
    expect(lines).toContain(
      `FAILED   shop/app  log_group         There is no log group ${GROUP}. Next: Turn the export of the log on, and check the name.`,
    );
  });
});

test('a log group that Datafold can not read is a failure, and nothing is said of the key', async () => {
  environment.logGroup = { logGroupClass: 'INFREQUENT_ACCESS' };
  environment.keyError = new Error('FilterLogEvents is not supported');
  const { status, lines } = await runDoctor(environment, '--stack', 'Shop');
  expect(status).toBe(1);
  expect(lines.filter((line) => /log_group|access_key|lineage_download/.test(line))).toEqual([
    `FAILED   shop/app  log_group        The log group ${GROUP} has the class INFREQUENT_ACCESS, in which Datafold finds nothing: FilterLogEvents works only in the class STANDARD. Next: AWS does not allow changing the class. Export what you still need of the log group (Logs Insights reads it), then: aws logs delete-log-group --log-group-name ${GROUP} && aws logs create-log-group --log-group-name ${GROUP}. RDS continues to write there.`,
  ]);
});

test('a reboot that the parameter group waits for is what the doctor says to do next', async () => {
  await server.sql(`ALTER ROLE datafold SET log_statement = 'none'`);
  environment.server = {
    ...environment.server,
    members: [{ identifier: 'shop-1', isWriter: true, groupStatus: 'pending-reboot' }],
  };
  const { lines } = await runDoctor(environment, '--stack', 'Shop');
  await server.sql('ALTER ROLE datafold RESET log_statement');
  expect(lines.find((line) => line.includes('lineage_download'))).toBe(
    'warning  shop/app  lineage_download  log_statement is none: the parameter group of cluster shop is in effect after a reboot of shop-1. Reboot at a quiet time. Next: Run the doctor again after the reboot.',
  );
});
