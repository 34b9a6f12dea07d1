import { DatabaseAnswers, parseOutput, type PartName } from '../../../lib/cli/inspection/answers';
import { inspectionParts } from '../../../lib/cli/inspection/parts';
import { Checks } from '../../../lib/cli/doctor/check';
import { checkByDataApi } from '../../../lib/cli/doctor/data-api';
import type { DoctorPorts } from '../../../lib/cli/doctor/ports';
import { planDatabase } from '../../../lib/cli/plan/databases';
import { reportVolume } from '../../../lib/cli/plan/volume/report';
import { withServer } from '../../support/with-server';
import { inspectionOutput, SPEC } from '../support/run-inspection';

const server = withServer({});
/** The output of the script in an empty database. */
let lines: string[];

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql('CREATE ROLE datafold LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC', 'app');
  lines = (await inspectionOutput(await server.connection('app', server.postgres.admin))).split('\n');
});

const NAMES = inspectionParts(SPEC).map(({ name }) => name as PartName);
const partOf = (line: string): string => {
  const { part, row } = JSON.parse(line) as { part: string; row: { part: string } };
  return part === 'answered' ? row.part : part;
};
/** The findings of what `planDatabase` is given, each as its status and topic. */
const planOf = (answers: DatabaseAnswers) =>
  planDatabase('app', answers, SPEC, ['app']).all.map(({ status, topic }) => `${status} ${topic}`);

/** What the doctor says of it. */
async function doctorOf(answers: DatabaseAnswers): Promise<string[]> {
  const checks = new Checks('app', () => undefined);
  const ports = { inspectByDataApi: async () => ({ connected: true, databases: [answers], left: [] }) };
  await checkByDataApi(checks, ports as unknown as DoctorPorts, {
    form: { user: 'datafold', databaseName: 'app', tempSchema: 'app.datafold_tmp' } as never,
    target: { clusterArn: 'c', secretArn: 's' },
    reason: 'not reachable',
  });
  return checks.all.map(({ status, check, message }) => `${status} ${check}: ${message}`);
}

const GREEN: Partial<Record<PartName, readonly string[]>> = {
  schemas: ['schemas', 'readable'],
  relations: ['schemas', 'owners'],
  owners: ['owners'],
  problems: ['readable'],
  views: ['readable'],
  privileges: ['read_only'],
};

test.each(NAMES.filter((name) => name !== 'server'))(
  'where the part %s failed or is missing, nothing that depends on it is green',
  (name) => {
    const [failed] = parseOutput(lines.join('\n'));
    failed.errors.set(name, 'canceling statement due to statement timeout');
    const cut = parseOutput(lines.filter((line) => partOf(line) !== name).join('\n'))[0];
    for (const answers of [failed, cut]) {
      const found = planOf(answers);
      expect(found).toContain('warning sql');
      for (const topic of GREEN[name] ?? []) expect(found).not.toContain(`ready ${topic}`);
    }
    const messages = [failed, cut].map(
      (answers) =>
        planDatabase('app', answers, SPEC, ['app']).all.find(({ topic }) => topic === 'sql')?.message,
    );
    expect(messages).toEqual([
      `The part ${name} of the inspection failed: canceling statement due to statement timeout`,
      `The output lacks the part ${name}: its query failed, or the output was cut.`,
    ]);
  },
);

test('where all parts are there, none is said to be missing', () => {
  const found = planOf(parseOutput(lines.join('\n'))[0]);
  expect(found).not.toContain('warning sql');
  for (const topic of new Set(Object.values(GREEN).flat())) expect(found).toContain(`ready ${topic}`);
});

test('an output that was cut anywhere is found', () => {
  for (let length = 1; length < lines.length; length += 1) {
    const [answers] = parseOutput(lines.slice(0, length).join('\n'));
    expect(planOf(answers)).toContain('warning sql');
  }
});

test.each(['schemas', 'relations'] as const)('the doctor fails where the part %s failed', async (name) => {
  const [answers] = parseOutput(lines.join('\n'));
  answers.errors.set(name, 'response size limit');
  expect(await doctorOf(answers)).toContain(
    `failed schema_download: Not tested: The part ${name} of the inspection failed: response size limit`,
  );
});

test('the doctor says what it could not read, and calls nothing of it ok', async () => {
  const [answers] = parseOutput(lines.join('\n'));
  for (const name of ['problems', 'privileges', 'views', 'overrides']) answers.errors.set(name, 'too large');
  const found = await doctorOf(answers);
  for (const name of ['problems', 'privileges', 'views', 'overrides'])
    expect(found).toContain(`warning connection: The part ${name} of the inspection failed: too large`);
  expect(found.filter((one) => /^ok (readable|read_only)/.test(one))).toEqual([]);
});

test('without the statistics of statements nothing is said to be added', () => {
  const [answers] = parseOutput(lines.join('\n'));
  answers.errors.set('statements', 'too large');
  const { caveats } = reportVolume({
    databases: [answers],
    isLogged: false,
    isExported: true,
    bindValues: true,
    pricePerGb: 0.5,
    now: 0,
  });
  expect(caveats).toEqual([
    'The statistics of statements could not be read, so the volume is known only by the rows that statements changed, if at all.',
  ]);
});
