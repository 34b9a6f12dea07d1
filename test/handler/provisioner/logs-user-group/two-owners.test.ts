import type { AccessKeyProperties, LogsUserGroupProperties } from '../../../../lib/private/wire/resources';
import { STACK_ID, StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

/** Every pair of changes of two stacks that share an IAM group; afterwards IAM is as it was before. */

const GROUP = 'CloudWatchLogsReadOnly';
const POLICY = 'arn:aws:iam::aws:policy/CloudWatchLogsReadOnlyAccess';
const USER_POLICY = 'arn:aws:iam::111122223333:policy/shop-UserPolicy-5E6F';
const SALES =
  'arn:aws:cloudformation:eu-west-1:111122223333:stack/sales/0f3c9a10-aaaa-bbbb-cccc-343434343434';

/** Where the user of a stack is and where its key is stored. */
interface Place {
  readonly groupName: string;
  readonly user: string;
  readonly secret: string;
}

const FIRST: Place = { groupName: GROUP, user: 'user', secret: 'key' };
const CHANGES: Readonly<Record<string, Partial<Place>>> = {
  nothing: {},
  'the group': { groupName: 'Auditors' },
  'the user': { user: 'user-2' },
  'the secret': { secret: 'key-2' },
  everything: { groupName: 'Auditors', user: 'user-2', secret: 'key-2' },
};

/** What there is before the first stack. */
const BEFORE: Readonly<Record<string, (environment: TestEnvironment) => void>> = {
  'no group': () => undefined,
  'a group by hand': ({ iam }) => {
    iam.addGroup(GROUP, '/', [POLICY]);
    iam.groups.get(GROUP)!.users.add('colleague');
  },
  'a group of a third stack': ({ iam }) => {
    iam.addGroup(GROUP, '/datafold/', [POLICY]);
    iam.groups.get(GROUP)!.users.add('third');
  },
};

/** A stack with a logs user, as CloudFormation leads it: new resources first, previous ones last. */
class LogsUserStack {
  private now?: Place;
  private readonly membership: StackResource<LogsUserGroupProperties>;
  private readonly key: StackResource<AccessKeyProperties>;

  constructor(
    private readonly environment: TestEnvironment,
    private readonly name: string,
    stackId: string,
  ) {
    this.membership = new StackResource(environment, 'Custom::DatafoldLogsUserGroup', 'Group', stackId);
    this.key = new StackResource(environment, 'Custom::DatafoldAccessKey', 'Key', stackId);
  }

  async deploy(next: Place): Promise<void> {
    const { iam, secrets } = this.environment;
    const { now } = this;
    const userName = `${this.name}-${next.user}`;
    const secretArn = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${this.name}-${next.secret}`;
    const user = { userName, userPolicyArn: USER_POLICY };
    const membership = { ...user, groupName: next.groupName, policyArn: POLICY };
    if (now?.user !== next.user) iam.addUser(userName, USER_POLICY);
    if (now?.secret !== next.secret) secrets.add(secretArn, 'random text that CDK made');
    for (const answer of now
      ? [await this.membership.update(membership), await this.key.update({ ...user, secretArn })]
      : [await this.membership.create(membership), await this.key.create({ ...user, secretArn })])
      expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(iam.groupAsSeen(next.groupName)).toMatchObject({
      users: expect.arrayContaining([userName]) as string[],
      policies: [POLICY],
    });
    const { accessKeyId } = secrets.jsonOf(secretArn) as { accessKeyId: string };
    expect(iam.keysOf(userName)).toEqual([accessKeyId]);
    if (now && now.user !== next.user) expect(iam.removeUser(`${this.name}-${now.user}`)).toBe(true);
    this.now = next;
  }

  async remove(): Promise<void> {
    const { user } = this.now!;
    expect((await this.key.remove()).Status).toBe('SUCCESS');
    expect((await this.membership.remove()).Status).toBe('SUCCESS');
    expect(this.environment.iam.removeUser(`${this.name}-${user}`)).toBe(true);
  }
}

const pairs = Object.keys(CHANGES).flatMap((one) =>
  Object.keys(CHANGES).map((other) => [one, other] as const),
);

describe.each(Object.keys(BEFORE))('%s', (before) => {
  test.each(pairs)('one stack changes %s, the other %s: IAM is as it was before both', async (one, other) => {
    const environment = await TestEnvironment.start();
    try {
      const { iam } = environment;
      BEFORE[before](environment);
      const state = () => [...iam.groups.keys()].map((name) => [name, iam.groupAsSeen(name)]);
      const untouched = state();
      for (const isFirstRemovedFirst of [true, false]) {
        const shop = new LogsUserStack(environment, 'shop', STACK_ID);
        const sales = new LogsUserStack(environment, 'sales', SALES);
        await shop.deploy(FIRST);
        const alone = state();
        await sales.deploy(FIRST);
        await shop.deploy({ ...FIRST, ...CHANGES[one] });
        await sales.deploy({ ...FIRST, ...CHANGES[other] });
        if (isFirstRemovedFirst) await shop.remove();
        await sales.remove();
        if (!isFirstRemovedFirst) {
          if (one === 'nothing') expect(state()).toEqual(alone);
          await shop.remove();
        }
        expect(state()).toEqual(untouched);
      }
    } finally {
      await environment.stop();
    }
  });
});
