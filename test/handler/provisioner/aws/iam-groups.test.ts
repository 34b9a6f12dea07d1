import { sdkIamGroups } from '../../../../lib/handler/provisioner/aws/iam-groups';
import { AwsEndpoint, type WireAnswer } from '../support/aws-endpoint';

const GROUP = 'CloudWatchLogsReadOnly';
const USER = 'shop-User-1A2B';
const POLICY = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

const xml = (action: string, content: string): WireAnswer => ({
  body: `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${content}</${action}Result></${action}Response>`,
});
const groupXml = (path: string, users: readonly string[], isTruncated = false) =>
  xml(
    'GetGroup',
    `<Group><Path>${path}</Path><GroupName>${GROUP}</GroupName></Group><Users>${users
      .map((name) => `<member><UserName>${name}</UserName></member>`)
      .join('')}</Users><IsTruncated>${isTruncated}</IsTruncated>`,
  );
const refusal = (status: number, code: string): WireAnswer => ({
  status,
  body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>Because.</Message></Error></ErrorResponse>`,
});
const asked = () =>
  aws.requests.map(({ body }) => {
    const { Version, ...parameters } = Object.fromEntries(new URLSearchParams(body));
    expect(Version).toBe('2010-05-08');
    return parameters;
  });

test('a group has its path and its users', async () => {
  aws.answer(groupXml('/datafold/', [USER, 'sales-User-3C4D']));
  expect(await sdkIamGroups().findGroup(GROUP)).toEqual({
    path: '/datafold/',
    userNames: [USER, 'sales-User-3C4D'],
    hasMore: false,
  });
  expect(asked()).toEqual([{ Action: 'GetGroup', GroupName: GROUP }]);
});

test('reports that a group has more users than one page', async () => {
  aws.answer(groupXml('/team/', [USER], true));
  expect(await sdkIamGroups().findGroup(GROUP)).toEqual({ path: '/team/', userNames: [USER], hasMore: true });
});

test('finds a group without users', async () => {
  aws.answer(groupXml('/', []));
  expect(await sdkIamGroups().findGroup(GROUP)).toEqual({ path: '/', userNames: [], hasMore: false });
});

test('a group that does not exist is no failure, a refusal is one', async () => {
  aws.answer(refusal(404, 'NoSuchEntity'), refusal(403, 'AccessDenied'));
  const groups = sdkIamGroups();
  expect(await groups.findGroup(GROUP)).toBeUndefined();
  await expect(groups.findGroup(GROUP)).rejects.toMatchObject({
    action: 'iam:GetGroup',
    resource: `group ${GROUP}`,
    code: 'AccessDenied',
  });
});

test('creates a group with its path, adds users and reverts both', async () => {
  const done = [
    'AddUserToGroup',
    'AttachGroupPolicy',
    'RemoveUserFromGroup',
    'DetachGroupPolicy',
    'DeleteGroup',
  ];
  aws.answer(...['CreateGroup', ...done].map((action) => xml(action, '')));
  const groups = sdkIamGroups();
  await groups.createGroup(GROUP, '/datafold/');
  await groups.addUserToGroup(GROUP, USER);
  await groups.attachGroupPolicy(GROUP, POLICY);
  await groups.removeUserFromGroup(GROUP, USER);
  await groups.detachGroupPolicy(GROUP, POLICY);
  await groups.deleteGroup(GROUP);
  expect(asked()).toEqual([
    { Action: 'CreateGroup', GroupName: GROUP, Path: '/datafold/' },
    { Action: 'AddUserToGroup', GroupName: GROUP, UserName: USER },
    { Action: 'AttachGroupPolicy', GroupName: GROUP, PolicyArn: POLICY },
    { Action: 'RemoveUserFromGroup', GroupName: GROUP, UserName: USER },
    { Action: 'DetachGroupPolicy', GroupName: GROUP, PolicyArn: POLICY },
    { Action: 'DeleteGroup', GroupName: GROUP },
  ]);
});

test('lists the managed policies of a group by their ARNs; none where it has none', async () => {
  const attached = `<member><PolicyName>CloudWatchLogsReadOnlyAccess</PolicyName><PolicyArn>${POLICY}</PolicyArn></member>`;
  const list = (members: string) =>
    xml(
      'ListAttachedGroupPolicies',
      `<AttachedPolicies>${members}</AttachedPolicies><IsTruncated>false</IsTruncated>`,
    );
  aws.answer(list(attached), list(''));
  expect(await sdkIamGroups().listAttachedGroupPolicies(GROUP)).toEqual([POLICY]);
  expect(await sdkIamGroups().listAttachedGroupPolicies(GROUP)).toEqual([]);
});

// Error codes of IAM's API reference: CreateGroup, AddUserToGroup, DeleteGroup.
test.each([
  [
    409,
    'EntityAlreadyExists',
    'iam:CreateGroup',
    (groups: Groups) => groups.createGroup(GROUP, '/datafold/'),
  ],
  [404, 'NoSuchEntity', 'iam:AddUserToGroup', (groups: Groups) => groups.addUserToGroup(GROUP, USER)],
  [409, 'DeleteConflict', 'iam:DeleteGroup', (groups: Groups) => groups.deleteGroup(GROUP)],
])('answer %i %s is known by its code', async (status, code, action, work) => {
  aws.answer(refusal(status, code));
  await expect(work(sdkIamGroups())).rejects.toMatchObject({ action, resource: `group ${GROUP}`, code });
});

type Groups = ReturnType<typeof sdkIamGroups>;
