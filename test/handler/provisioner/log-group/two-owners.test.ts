import type { LogGroupProperties } from '../../../../lib/private/wire/resources';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const NAME = '/aws/rds/cluster/shop/postgresql';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';

let environment: TestEnvironment;
beforeEach(async () => (environment = await TestEnvironment.start()));
afterEach(async () => environment.stop());
const group = () => environment.logs.groupOf(NAME);

/** As if the construct were renamed: CloudFormation creates the new resource, then deletes the previous one. */
describe('two resources for one log group', () => {
  const OPTIONS: readonly Partial<LogGroupProperties>[] = [
    { logRetention: '30' },
    { logRetention: '60', logEncryptionKey: KEY },
    { logEncryptionKey: KEY, maskedData: ['Name'] },
    { maskedData: ['Name'] },
  ];
  const pairs = OPTIONS.flatMap((one) => OPTIONS.map((other) => [one, other] as const));

  test.each(pairs)('%j and %j: the last one restores the original settings', async (one, other) => {
    for (const order of [0, 1]) {
      environment.logs.add(NAME);
      const resources = [one, other].map((props, index) => ({
        resource: new StackResource<LogGroupProperties>(
          environment,
          'Custom::DatafoldLogGroup',
          `Log${index}`,
        ),
        props: { logGroupName: NAME, ...props },
      }));
      for (const { resource: each, props } of resources)
        expect((await each.create(props)).Status).toBe('SUCCESS');
      const [first, last] = order === 0 ? resources : [...resources].reverse();
      expect((await first.resource.remove()).Status).toBe('SUCCESS');
      expect({
        isMasked: group()?.policy !== undefined,
        key: group()?.kmsKeyArn,
        days: group()?.retentionInDays ?? Infinity,
      }).toMatchObject({
        isMasked: 'maskedData' in last.props,
        key: last.props.logEncryptionKey,
        ...(last.props.logRetention === first.props.logRetention && {
          days: Number(last.props.logRetention ?? Infinity),
        }),
      });
      expect((await last.resource.remove()).Status).toBe('SUCCESS');
      expect([group(), environment.logs.tagsOf(NAME)]).toEqual([{}, {}]);
      environment.logs.drop(NAME);
    }
  });
});
