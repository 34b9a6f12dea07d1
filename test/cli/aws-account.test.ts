import { caller, iamGroups, logFiles, roleExists, simulate } from '../../lib/cli/aws/account';
import { dataApiOf } from '../../lib/cli/aws/servers';
import { QueryServer } from './support/query-server';

const ROLE =
  '<Role><Path>/team/</Path><RoleName>engineer</RoleName><RoleId>A</RoleId><Arn>arn:aws:iam::111122223333:role/team/engineer</Arn><CreateDate>2026-11-29T00:00:00Z</CreateDate></Role>';
const evaluated = (action: string, decision: string) =>
  `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`;

/** What AWS answers, by action; undefined if the object does not exist. Each page has the next marker. */
let answers: Record<string, ((given: URLSearchParams) => string | undefined) | undefined> = {};
const asked: string[] = [];
const server = new QueryServer((action, given) => {
  asked.push(action);
  return answers[action]?.(given) ?? { status: 404, code: 'NoSuchEntity', message: 'It does not exist.' };
});

beforeAll(async () => server.start());
afterAll(async () => server.stop());

const identity = (arn: string) => () => `<Arn>${arn}</Arn><UserId>A</UserId><Account>111122223333</Account>`;

test.each([
  ['arn:aws:sts::111122223333:assumed-role/engineer/session', 'arn:aws:iam::111122223333:role/team/engineer'],
  ['arn:aws:iam::111122223333:user/team/ada', 'arn:aws:iam::111122223333:user/team/ada'],
  ['arn:aws:iam::111122223333:root', undefined],
  ['arn:aws:sts::111122223333:federated-user/ada', undefined],
])('the caller %s is simulated as %s', async (arn, principalArn) => {
  answers = { GetCallerIdentity: identity(arn), GetRole: () => ROLE };
  expect(await caller()).toEqual({ account: '111122223333', arn, ...(principalArn && { principalArn }) });
});

test('a role that does not exist is no error', async () => {
  answers = { GetRole: (given) => (given.get('RoleName') === 'engineer' ? ROLE : undefined) };
  expect(await roleExists('engineer')).toBe(true);
  expect(await roleExists('nobody')).toBe(false);
});

test('all pages of a simulation are read, for the resource that is named', async () => {
  const resources: (string | null)[] = [];
  answers = {
    SimulatePrincipalPolicy: (given) => {
      resources.push(given.get('ResourceArns.member.1'));
      return given.get('Marker') === '2'
        ? `<EvaluationResults>${evaluated('iam:CreateUser', 'implicitDeny')}${evaluated('iam:PassRole', 'explicitDeny')}</EvaluationResults><IsTruncated>false</IsTruncated>`
        : `<EvaluationResults>${evaluated('iam:CreateRole', 'allowed')}</EvaluationResults><IsTruncated>true</IsTruncated><Marker>2</Marker>`;
    },
  };
  expect(await simulate('arn:aws:iam::1:role/r', ['iam:CreateRole', 'iam:CreateUser'], 'arn:x')).toEqual([
    { action: 'iam:CreateRole', isAllowed: true, isDenied: false },
    { action: 'iam:CreateUser', isAllowed: false, isDenied: false },
    { action: 'iam:PassRole', isAllowed: false, isDenied: true },
  ]);
  expect(resources).toEqual(['arn:x', 'arn:x']);
});

test('an IAM group is read with its users and policies', async () => {
  answers = {
    GetGroup: (given) =>
      given.get('GroupName') === 'Readers'
        ? '<Group><Path>/datafold/</Path><GroupName>Readers</GroupName><GroupId>A</GroupId><Arn>a</Arn><CreateDate>2026-11-29T00:00:00Z</CreateDate></Group><Users><member><Path>/</Path><UserName>ada</UserName><UserId>A</UserId><Arn>a</Arn><CreateDate>2026-11-29T00:00:00Z</CreateDate></member></Users><IsTruncated>false</IsTruncated>'
        : undefined,
    ListAttachedGroupPolicies: () =>
      '<AttachedPolicies><member><PolicyName>P</PolicyName><PolicyArn>arn:p</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>',
  };
  expect(await iamGroups.findGroup('Readers')).toEqual({
    path: '/datafold/',
    userNames: ['ada'],
    hasMore: false,
  });
  expect(await iamGroups.findGroup('nobody')).toBeUndefined();
  expect(await iamGroups.listAttachedGroupPolicies('Readers')).toEqual(['arn:p']);
});

test('all pages of the PostgreSQL log files are read', async () => {
  const names: (string | null)[] = [];
  const file = (bytes: number) =>
    `<DescribeDBLogFiles><DescribeDBLogFilesDetails><LogFileName>error/postgresql.log</LogFileName><LastWritten>1764000000000</LastWritten><Size>${bytes}</Size></DescribeDBLogFilesDetails></DescribeDBLogFiles>`;
  answers = {
    DescribeDBLogFiles: (given) => {
      names.push(given.get('FilenameContains'));
      return given.get('Marker') === '2' ? file(7) : `${file(5)}<Marker>2</Marker>`;
    },
  };
  expect(await logFiles('shop-1')).toEqual([
    { bytes: 5, writtenAt: 1764000000000 },
    { bytes: 7, writtenAt: 1764000000000 },
  ]);
  expect(names).toEqual(['postgresql.log', 'postgresql.log']);
});

test.each([
  ['true', 'arn:c'],
  ['false', undefined],
])('the Data API of a cluster with HttpEndpointEnabled=%s: %s', async (isOn, arn) => {
  answers = {
    DescribeDBClusters: () =>
      `<DBClusters><DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><DBClusterArn>arn:c</DBClusterArn><HttpEndpointEnabled>${isOn}</HttpEndpointEnabled></DBCluster></DBClusters>`,
  };
  expect(await dataApiOf('shop')).toBe(arn);
});

test('nothing but reading was asked', () => {
  expect(asked.filter((action) => !/^(Get|List|Describe|Simulate)/.test(action))).toEqual([]);
});
