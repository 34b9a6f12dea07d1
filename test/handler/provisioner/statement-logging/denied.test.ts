import { Account } from './account';
import { FAMILY, KINDS, properties } from './decision-table';

let account: Account;
beforeEach(async () => (account = await Account.open()));
afterEach(async () => account.environment.stop());

describe.each(KINDS)('%s', (kind) => {
  const [describeServer, modifyServer, thing] =
    kind === 'cluster'
      ? ['DescribeDBClusters', 'ModifyDBCluster', 'DBCluster']
      : ['DescribeDBInstances', 'ModifyDBInstance', 'DB'];
  const groups = (verb: string) => `${verb}${thing}ParameterGroup`;

  test.each([
    [[describeServer]],
    [[`${groups('Describe')}s`]],
    [[`Describe${thing}Parameters`]],
    [[groups('Create')]],
    [[groups('Create'), groups('Delete')]],
    [['AddTagsToResource']],
    [['AddTagsToResource', 'RemoveTagsFromResource', groups('Create'), groups('Delete')]],
    [[modifyServer]],
  ])('the rollback of a Create without the permission for %j restores everything', async (commands) => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    const before = await account.settled();
    for (const command of commands) account.rds.forbidden.add(command);

    await account.resource.create(properties(kind));

    expect(account.resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'SUCCESS']);
    expect(await account.settled()).toEqual(before);
  });

  test.each([[describeServer], [`${groups('Describe')}s`], [`Describe${thing}Parameters`]])(
    'a right to %s that went ends an update, but not its rollback; when it is back the next update is as any other',
    async (command) => {
      account.rds.addGroup(kind, 'custom', FAMILY[kind]);
      account.addShop(kind, 'custom');
      await account.resource.create(properties(kind));
      const after = await account.settled();
      account.rds.forbidden.add(command);

      const answer = await account.resource.update(properties(kind, { shortenLogRetention: 'true' }));

      expect(answer.Reason).toMatch(new RegExp(`^rds:${command} on .* failed with AccessDenied`));
      const back = account.resource.answers.at(-1)!;
      expect(back).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: account.resource.physicalId });
      expect(Object.keys(back.Data!).sort()).toEqual([
        'LogGroupName',
        'Notices',
        'ParameterGroupName',
        'PendingReboot',
      ]);
      expect(back.Data!.Notices).toMatch(/^The rollback could not restore this resource: rds:/);
      expect(await account.settled()).toEqual(after);
      account.rds.forbidden.delete(command);
      expect((await account.resource.update(properties(kind))).Status).toBe('SUCCESS');
      expect((await account.resource.remove()).Status).toBe('SUCCESS');
    },
  );

  test('logs that the state could not be read', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.rds.forbidden.add(describeServer);
    await account.resource.create(properties(kind));
    expect(account.environment.log).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        message: 'nothing restored: the role lacks the permission',
        error: `rds:${describeServer} on ${kind} shop failed with AccessDenied: rds:${describeServer} is denied by a service control policy. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.`,
      }),
    );
  });

  test('a Delete after a successful Create fails without read permissions', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    await account.resource.create(properties(kind));
    account.rds.forbidden.add(describeServer);
    expect((await account.resource.remove()).Status).toBe('FAILED');
  });

  test('the rollback of a Create fails without the permission to revert the change', async () => {
    account.addShop(kind, `default.${FAMILY[kind]}`);
    account.rds.forbidden.add(modifyServer).add(groups('Delete'));
    await account.resource.create(properties(kind));
    expect(account.resource.answers.map(({ Status }) => Status)).toEqual(['FAILED', 'FAILED']);
  });
});
