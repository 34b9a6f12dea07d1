import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { STACK_ID } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;
const [PASSWORD, BROKEN, OTHER] = [arn('password'), arn('broken'), arn('other')];

test('a data source that cannot be read does not hold up the others', async () => {
  const environment = new TestEnvironment();
  environment.secrets.add(PASSWORD, 'new');
  for (const secret of [BROKEN, OTHER])
    environment.secrets.add(
      secret,
      JSON.stringify({ name: secret, options: { user: 'datafold', password: 'old' } }),
    );
  const read = environment.secrets.read.bind(environment.secrets);
  environment.secrets.read = async (secret, stage) => {
    if (secret !== BROKEN) return read(secret, stage);
    throw new AwsFailure('secretsmanager:GetSecretValue', secret, 'InvalidRequest', 'marked for deletion');
  };
  await environment.task({
    datafoldTask: 'renew-data-sources',
    stackId: STACK_ID,
    logicalResourceId: 'Renewal',
    properties: { passwordSecretArn: PASSWORD },
    dataSourceSecretArns: [BROKEN, OTHER],
    topicArn: 'people',
  });
  expect(environment.secrets.jsonOf(OTHER)).toMatchObject({ options: { password: 'new' } });
  expect(environment.notices.published.at(-1)!.text).toBe(
    `Writing the new key or password into ${BROKEN}, ${OTHER} failed. secretsmanager:GetSecretValue on ${BROKEN} failed with InvalidRequest: marked for deletion. Restore it (aws secretsmanager restore-secret --secret-id ${BROKEN}) or name another one, then deploy again.`,
  );
});
