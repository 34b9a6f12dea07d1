import { Template } from 'aws-cdk-lib/assertions';
import { CloudWatchLogsUser, LogAccess } from '../lib';
import { newStack } from './support/stacks';

describe('source addresses', () => {
  const of = (sourceIps: string[], logAccess?: LogAccess) => {
    const stack = newStack();
    new CloudWatchLogsUser(stack, 'Reader', { sourceIps, logAccess });
    const [{ Properties }] = Object.values(
      Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy'),
    );
    return Properties.PolicyDocument.Statement as object[];
  };
  const denial = (...sourceIps: string[]) => ({
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { NotIpAddress: { 'aws:SourceIp': sourceIps }, Bool: { 'aws:ViaAWSService': 'false' } },
  });

  test('are the only ones from which the key works', () => {
    expect(of(['23.23.71.47', '2001:db8::/32']).slice(4)).toEqual([denial('23.23.71.47', '2001:db8::/32')]);
    expect(of(['23.23.71.47/32'], LogAccess.allLogGroups()).slice(1)).toEqual([denial('23.23.71.47/32')]);
  });

  test.each([
    ['23.23.71', 'must be addresses or CIDR ranges of IPv4 or IPv6, such as 203.0.113.10 or 2001:db8::/32'],
    [
      '23.23.71.47/33',
      'must be addresses or CIDR ranges of IPv4 or IPv6, such as 203.0.113.10 or 2001:db8::/32',
    ],
    [
      '2001:db8::/129',
      'must be addresses or CIDR ranges of IPv4 or IPv6, such as 203.0.113.10 or 2001:db8::/32',
    ],
    [
      'app.datafold.com',
      'must be addresses or CIDR ranges of IPv4 or IPv6, such as 203.0.113.10 or 2001:db8::/32',
    ],
    ['0.0.0.0/0', 'must not be every address: leave `sourceIps` out instead'],
    ['::/0', 'must not be every address: leave `sourceIps` out instead'],
    ['10.1.0.0/16', 'must be public addresses: AWS never sees the private address of a caller outside'],
    ['fd00::1', 'must be public addresses: AWS never sees the private address of a caller outside'],
  ])('%s is refused at synth', (sourceIp, problem) => {
    expect(() => of([sourceIp])).toThrow(
      `Test/Reader can't be set up:\n  - \`sourceIps\` ${problem}, got: ${sourceIp}`,
    );
  });

  test('must be given where the prop is', () => {
    expect(() => of([])).toThrow(
      "Test/Reader can't be set up:\n  - `sourceIps` must have an address, got: []; leave it out for a key that works from anywhere",
    );
  });
});
