import { sdkStacks } from '../../../../lib/handler/provisioner/aws/stacks';
import { AwsEndpoint } from '../support/aws-endpoint';

const STACK = 'arn:aws:cloudformation:us-east-1:111122223333:stack/shop/0f3c9a10';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

const xml = (content: string) => ({
  body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${content}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
});

test('tells the status of a stack', async () => {
  aws.answer(
    xml(
      '<member><StackName>shop</StackName><CreationTime>2026-01-02T03:04:05Z</CreationTime><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus></member>',
    ),
  );
  expect(await sdkStacks().status(STACK)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
  const asked = Object.fromEntries(new URLSearchParams(aws.requests[0]?.body));
  expect(asked).toEqual({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: STACK });
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
