import { rdsError } from '../../../support/fake-rds/errors';
import { fc, rounds } from '../../../support/property';
import { Account } from './account';
import { arrange, CASES, FAMILY, type Kind, properties, type Properties } from './decision-table';

/** Events between a Create and a Delete. */
type Step =
  | { readonly does: 'update' | 'repeat'; readonly props: Partial<Properties> }
  | {
      readonly does: 'fail';
      readonly props: Partial<Properties>;
      readonly command: string;
      readonly after: number;
    }
  | { readonly does: 'wait' }
  | { readonly does: 'reboot' };

const requested = fc.record({
  sharedParameterGroup: fc.constantFrom('refuse', 'modify', 'copy'),
  rebootPolicy: fc.constantFrom('never', 'if-pending'),
  logBindValues: fc.constantFrom('true', 'false'),
  logRetention: fc.constantFrom(undefined, '7', '30'),
  shortenLogRetention: fc.constantFrom('true', 'false'),
}) as fc.Arbitrary<Partial<Properties>>;

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constantFrom('update' as const, 'repeat' as const), props: requested }),
  fc.record({
    does: fc.constant('fail' as const),
    props: requested,
    command: fc.constantFrom(
      'Modify',
      'ModifyGroup',
      'Create',
      'Copy',
      'Reset',
      'Delete',
      'AddTagsToResource',
      'RebootDBInstance',
    ),
    after: fc.nat(2),
  }),
  fc.constantFrom<Step>({ does: 'wait' }, { does: 'reboot' }),
);

/** The name of a command for clusters or instances. */
function commandFor(kind: Kind, command: string): string {
  const thing = kind === 'cluster' ? 'DBCluster' : 'DB';
  if (command === 'Modify') return kind === 'cluster' ? 'ModifyDBCluster' : 'ModifyDBInstance';
  if (command === 'ModifyGroup') return `Modify${thing}ParameterGroup`;
  return /^(Create|Copy|Reset|Delete)$/.test(command) ? `${command}${thing}ParameterGroup` : command;
}

async function take(account: Account, kind: Kind, taken: Step): Promise<void> {
  const { resource, rds, environment } = account;
  if (taken.does === 'wait') return environment.clock.sleep(300_000);
  if (taken.does === 'reboot') {
    await environment.clock.sleep(300_000);
    for (const instance of rds.instances.values()) instance.reboot(rds.durations);
    return environment.clock.sleep(300_000);
  }
  const props = properties(kind, taken.props);
  if (taken.does === 'fail')
    rds.failures.push({
      command: commandFor(kind, taken.command),
      error: rdsError('Strange', 'no'),
      after: taken.after,
    });
  if (taken.does === 'repeat' || resource.physicalId === undefined) await resource.create(props);
  else await resource.update(props);
  rds.failures.length = 0;
}

/** Repeats a Delete that an injected fault failed. */
async function removeAll(account: Account, kind: Kind): Promise<void> {
  account.rds.failures.length = 0;
  if (account.resource.physicalId) expect((await account.resource.remove()).Status).toBe('SUCCESS');
  else {
    const properties_ = properties(kind);
    const { Status } = await account.resource.delete('datafold-not-created/0123456789abcdef', properties_);
    expect(Status).toBe('SUCCESS');
  }
}

test('a Delete restores the server, whatever happened since the Create', async () => {
  const arrangement = fc.constantFrom(...CASES);
  await fc.assert(
    fc.asyncProperty(
      arrangement,
      requested,
      fc.array(step, { maxLength: 5 }),
      async ([, kind, row], first, steps) => {
        const account = await Account.open();
        try {
          arrange(account, kind, row);
          const before = await account.settled();
          await account.resource.create(properties(kind, first));
          for (const taken of steps) await take(account, kind, taken);
          await removeAll(account, kind);
          // Without reboots the owner must reboot; the comparison expects all parameters in effect.
          await account.environment.clock.sleep(600_000);
          for (const instance of account.rds.instances.values())
            if (instance.groupStatus === 'pending-reboot') instance.reboot(account.rds.durations);
          expect(await account.settled()).toEqual(before);
        } finally {
          await account.environment.stop();
        }
      },
    ),
    { numRuns: rounds(60) },
  );
});

test('a Delete keeps what others changed since the Create', async () => {
  const change = fc.constantFrom(
    'log_statement',
    'other parameter',
    'group',
    'export',
    'tag',
    'tags stripped',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CASES),
      fc.uniqueArray(change, { minLength: 1 }),
      async ([, kind, row], changes) => {
        const account = await Account.open();
        const { rds, resource } = account;
        try {
          arrange(account, kind, row);
          await resource.create(properties(kind, row.props));
          const theirs = rds.addGroup(kind, 'theirs', FAMILY[kind]);
          const { shop } = account;
          const ours = shop.group.name.startsWith('datafold-');
          if (changes.includes('group')) shop.group = theirs;
          if (changes.includes('log_statement') && !ours) shop.group.set.set('log_statement', 'ddl');
          if (changes.includes('other parameter')) shop.group.set.set('work_mem', '777');
          if (changes.includes('export')) shop.exports = ['upgrade'];
          if (changes.includes('tag')) shop.tags.push({ Key: 'team', Value: 'shop' });
          if (changes.includes('tags stripped'))
            shop.tags = shop.tags.filter(({ Key }) => !Key.startsWith('datafold:'));
          const { group } = shop;
          expect((await resource.remove()).Status).toBe('SUCCESS');
          await account.settled();
          if (!ours || changes.includes('group')) {
            expect(shop.group).toBe(group);
            if (changes.includes('other parameter')) expect(group.set.get('work_mem')).toBe('777');
            if (changes.includes('log_statement'))
              expect(group.set.get('log_statement')).toBe(ours ? undefined : 'ddl');
          } else expect(shop.group.name).not.toBe(group.name);
          if (changes.includes('export')) expect(shop.exports).toEqual(['upgrade']);
          expect(shop.tags.map(({ Key }) => Key)).toEqual(changes.includes('tag') ? ['team'] : []);
          expect(rds.groups.all.filter(({ name }) => name.startsWith('datafold-'))).toEqual([]);
        } finally {
          await account.environment.stop();
        }
      },
    ),
    { numRuns: rounds(60) },
  );
});
