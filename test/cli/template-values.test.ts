import type { StackFacts } from '../../lib/cli/doctor/ports';
import { valueOf } from '../../lib/cli/doctor/template-values';

const stack: StackFacts = {
  name: 'Shop',
  status: 'CREATE_COMPLETE',
  parameters: { Name: 'shop', Empty: '', List: 'a, b', Zones: 'x,y', Password: '****' },
  resources: [{ logicalId: 'Group', physicalId: 'group-1', type: 'AWS::EC2::SecurityGroup' }],
  template: {
    Parameters: {
      Name: { Type: 'String' },
      List: { Type: 'CommaDelimitedList' },
      Zones: { Type: 'AWS::SSM::Parameter::Value<List<String>>' },
      Password: { Type: 'String', NoEcho: true },
    },
    Conditions: {
      Yes: { 'Fn::Equals': [{ Ref: 'Name' }, 'shop'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Unknown: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'Unknown' }] },
      Neither: { 'Fn::And': [{ Condition: 'No' }, { Condition: 'Unknown' }] },
      Either: { 'Fn::Or': [{ Condition: 'Unknown' }, { Condition: 'Yes' }] },
      NotUnknown: { 'Fn::Not': [{ Condition: 'Unknown' }] },
    },
  },
};
const choose = (condition: string) => ({ 'Fn::If': [condition, 'yes', 'no'] });

test.each([
  ['a text', 'text', 'text'],
  ['a parameter', { Ref: 'Name' }, 'shop'],
  ['a parameter with a list', { Ref: 'List' }, ['a', 'b']],
  ['a parameter with a list in Systems Manager', { Ref: 'Zones' }, ['x', 'y']],
  ['a resource', { Ref: 'Group' }, 'group-1'],
  ['a condition that holds', choose('Yes'), 'yes'],
  ['a condition that does not hold', choose('No'), 'no'],
  ['a condition of which one part is enough', choose('Neither'), 'no'],
  ['an alternative of which one part is enough', choose('Either'), 'yes'],
  ['an item of a list', { 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b'] }] }, 'b'],
  ['a joined text', { 'Fn::Join': ['-', ['a', { Ref: 'Name' }]] }, 'a-shop'],
  ['a value that is left out', ['a', { 'Fn::If': ['No', 'b', { Ref: 'AWS::NoValue' }] }], ['a']],
  ['a property that is left out', { a: { Ref: 'AWS::NoValue' }, b: { Ref: 'Name' } }, { b: 'shop' }],
])('an expression stands for %s', (_, expression, value) => {
  expect(valueOf(stack, expression)).toEqual(value);
});

test.each([
  ['a parameter that is not shown', { Ref: 'Password' }],
  ['a parameter that does not exist', { Ref: 'Other' }],
  ['a value of the region', { Ref: 'AWS::Region' }],
  ['a condition on an unknown value', choose('Unknown')],
  ['the opposite of such a condition', choose('NotUnknown')],
  ['a condition of which an unknown part decides', choose('Both')],
  ['a condition that does not exist', choose('Other')],
  ['an attribute', { 'Fn::GetAtt': ['Group', 'VpcId'] }],
  ['a joined text with an unknown part', { 'Fn::Join': ['', ['a', { Ref: 'Other' }]] }],
  ['a part of an unknown text', { 'Fn::Split': [',', { Ref: 'Other' }] }],
  ['an item that the list does not have', { 'Fn::Select': [2, ['a']] }],
  ['a function that the doctor does not know', { 'Fn::ImportValue': 'x' }],
])('it is not known what %s stands for', (_, expression) => {
  expect(valueOf(stack, expression)).toBeUndefined();
});

test('an unknown item of a list is not left out', () => {
  expect(valueOf(stack, ['a', { Ref: 'Other' }])).toEqual(['a', undefined]);
});
