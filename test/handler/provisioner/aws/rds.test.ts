import { sdkRds } from '../../../../lib/handler/provisioner/aws/rds';
import { FakeRds } from '../../../support/fake-rds';
import { rdsError } from '../../../support/fake-rds/errors';
import { VirtualClock } from '../support/virtual-clock';

let fake: FakeRds;
const rds = () => sdkRds(() => fake);
const GROUP = { kind: 'cluster', name: 'custom' } as const;
beforeEach(() => {
  fake = new FakeRds(new VirtualClock());
  fake.addGroup('cluster', 'custom', 'aurora-postgresql16');
});

test('sets and resets 20 parameters a call', async () => {
  const names = Array.from({ length: 45 }, (_, i) => `some_parameter_${i}`);
  const all = (value?: string) => Object.fromEntries(names.map((name) => [name, { value }]));
  await rds().setParameters(GROUP, all('1'));
  expect(fake.groups.get('cluster', 'custom').set.size).toBe(45);
  await rds().setParameters(GROUP, all());
  expect(fake.groups.get('cluster', 'custom').set.size).toBe(0);
  expect(fake.calls).toEqual([
    ...Array.from({ length: 3 }, () => 'ModifyDBClusterParameterGroup'),
    ...Array.from({ length: 3 }, () => 'ResetDBClusterParameterGroup'),
  ]);
});

test.each(['Modify', 'Reset'])('fails where RDS does: %s', async (verb) => {
  const command = `${verb}DBClusterParameterGroup`;
  fake.failures.push({ command, error: rdsError('InvalidDBParameterGroupStateFault', 'busy'), after: 0 });
  const value = verb === 'Modify' ? '1' : undefined;
  await expect(rds().setParameters(GROUP, { work_mem: { value } })).rejects.toThrow(
    `rds:${command} on cluster parameter group custom failed with InvalidDBParameterGroupState: busy.`,
  );
});

test('reads all pages of servers and of parameters', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e']) fake.addCluster(name, 'custom');
  expect(await rds().usersOf(GROUP)).toEqual(['a', 'b', 'c', 'd', 'e']);
  fake.groups.get('cluster', 'custom').set.set('work_mem', '4096');
  expect(await rds().readParameters(GROUP, ['log_statement', 'work_mem', 'unknown'])).toEqual({
    log_statement: {},
    work_mem: { value: '4096' },
  });
  expect(fake.calls).toEqual([
    ...Array.from({ length: 3 }, () => 'DescribeDBClusters'),
    ...Array.from({ length: 3 }, () => 'DescribeDBClusterParameters'),
  ]);
});

test('what does not exist is undefined, and other errors are thrown', async () => {
  expect(await rds().find({ kind: 'cluster', identifier: 'none' })).toBeUndefined();
  expect(await rds().find({ kind: 'instance', identifier: 'none' })).toBeUndefined();
  expect(await rds().findGroup({ kind: 'instance', name: 'none' })).toBeUndefined();
  await rds().deleteGroup({ kind: 'instance', name: 'none' });
  const copy = rds().copyGroup({ kind: 'cluster', name: 'copy' }, 'default.aurora-postgresql16', 'text', {});
  await expect(copy).rejects.toThrow(
    'rds:CopyDBClusterParameterGroup on cluster parameter group default.aurora-postgresql16 failed with InvalidParameterValue: Cannot copy a default parameter group: default.aurora-postgresql16. Deploy again; if the failure persists, find the code in the AWS documentation.',
  );
});
