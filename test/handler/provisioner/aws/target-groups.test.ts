import { sdkTargetGroups } from '../../../../lib/handler/provisioner/aws/target-groups';
import { AwsEndpoint } from '../support/aws-endpoint';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/datafold/1234567890abcdef';

let aws: AwsEndpoint;
beforeEach(async () => (aws = await new AwsEndpoint().start()));
afterEach(async () => aws.stop());

const answer = (operation: string, content: string) =>
  aws.answer({
    body: `<${operation}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${operation}Result>${content}</${operation}Result></${operation}Response>`,
  });
const asked = () =>
  aws.requests.map(({ body }) => {
    const { Version: _, ...rest } = Object.fromEntries(new URLSearchParams(body));
    return rest;
  });

test('reads the tags of a target group', async () => {
  answer(
    'DescribeTags',
    `<TagDescriptions><member><ResourceArn>${ARN}</ResourceArn><Tags><member><Key>cdk-datafold-postgres:server</Key><Value>vpc-1 cluster/shop:5432</Value></member></Tags></member></TagDescriptions>`,
  );
  expect(await sdkTargetGroups().tagsOf(ARN)).toEqual({
    'cdk-datafold-postgres:server': 'vpc-1 cluster/shop:5432',
  });
  expect(asked()).toEqual([{ Action: 'DescribeTags', 'ResourceArns.member.1': ARN }]);
});

test('a target group without tags has none', async () => {
  answer(
    'DescribeTags',
    `<TagDescriptions><member><ResourceArn>${ARN}</ResourceArn></member></TagDescriptions>`,
  );
  expect(await sdkTargetGroups().tagsOf(ARN)).toEqual({});
});

test('reads the targets with their health', async () => {
  answer(
    'DescribeTargetHealth',
    '<TargetHealthDescriptions><member><Target><Id>10.0.0.5</Id><Port>5432</Port></Target><TargetHealth><State>unhealthy</State><Reason>Target.FailedHealthChecks</Reason></TargetHealth></member></TargetHealthDescriptions>',
  );
  expect(await sdkTargetGroups().targetsOf(ARN)).toEqual([
    { address: '10.0.0.5', port: 5432, state: 'unhealthy', reason: 'Target.FailedHealthChecks' },
  ]);
});
