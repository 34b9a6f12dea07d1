import { sdkStacks } from '../../../../lib/handler/provisioner/aws/stacks';
import { AwsEndpoint } from '../support/aws-endpoint';

const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

const xml = (content: string) => ({
  body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${content}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
});

test('reads the status of a stack', async () => {
  aws.answer(
    xml(
      '<member><StackName>shop</StackName><CreationTime>2026-01-02T03:04:05Z</CreationTime><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus></member>',
    ),
  );
  expect(await sdkStacks().status(STACK)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
  const asked = Object.fromEntries(new URLSearchParams(aws.requests[0]?.body));
  expect(asked).toEqual({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: STACK });
});

test('reads the time of the last change of a stack, of any kind', async () => {
  aws.answer(
    xml(
      '<member><CreationTime>2026-01-02T03:04:05Z</CreationTime><LastUpdatedTime>2026-02-02T03:04:05Z</LastUpdatedTime><StackStatus>UPDATE_COMPLETE</StackStatus></member>',
    ),
  );
  expect(await sdkStacks().find(STACK)).toEqual({
    status: 'UPDATE_COMPLETE',
    changedAt: Date.UTC(2026, 1, 2, 3, 4, 5),
  });
});

test('describes one resource of a stack', async () => {
  aws.answer({
    body: '<DescribeStackResourceResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStackResourceResult><StackResourceDetail><LogicalResourceId>Access</LogicalResourceId><PhysicalResourceId>datafold-access/shop:5432/datafold</PhysicalResourceId><LastUpdatedTimestamp>2026-01-02T03:04:05Z</LastUpdatedTimestamp><ResourceStatus>UPDATE_IN_PROGRESS</ResourceStatus></StackResourceDetail></DescribeStackResourceResult></DescribeStackResourceResponse>',
  });
  expect(await sdkStacks().findResource(STACK, 'Access')).toEqual({
    physicalId: 'datafold-access/shop:5432/datafold',
    status: 'UPDATE_IN_PROGRESS',
    changedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  });
  const asked = Object.fromEntries(new URLSearchParams(aws.requests[0]?.body));
  expect(asked).toEqual({
    Action: 'DescribeStackResource',
    Version: '2010-05-15',
    StackName: STACK,
    LogicalResourceId: 'Access',
  });
});

test('a missing stack or resource is no failure', async () => {
  const refusal = (message: string) => ({
    status: 400,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
  });
  aws.answer(
    refusal('Stack with id shop does not exist'),
    refusal('Resource Access does not exist for stack shop'),
  );
  expect(await sdkStacks().find(STACK)).toBeUndefined();
  expect(await sdkStacks().findResource(STACK, 'Access')).toBeUndefined();
});

test('a refusal names the action and the stack', async () => {
  aws.answer({
    status: 403,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Because.</Message></Error></ErrorResponse>',
  });
  await expect(sdkStacks().status(STACK)).rejects.toMatchObject({
    action: 'cloudformation:DescribeStacks',
    resource: STACK,
    code: 'AccessDenied',
  });
});
