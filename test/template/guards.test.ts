import { dropImpliedDependencies } from '../../bin/template/drop-implied-dependencies';
import { guardReferences } from '../../bin/template/guard-references';
import { dropOptionalDependencies } from '../../bin/template/drop-optional-dependencies';
import { guardStatements, makeOptional } from '../../bin/template/guard-statements';

const NO_VALUE = { Ref: 'AWS::NoValue' };
const SOMETIMES = { Type: 'X', Condition: 'Sometimes' };
const guardedProperties = (properties: object, condition?: string) => {
  const user = { Type: 'X', Properties: properties, ...(condition && { Condition: condition }) };
  const guarded = guardReferences({ Resources: { Sometimes1: SOMETIMES, User: user } } as never);
  return (guarded.Resources as never as { User: { Properties: object } }).User.Properties;
};

test('a reference to what may not be there becomes optional', () => {
  const attribute = { 'Fn::GetAtt': ['Sometimes1', 'Arn'] };
  expect(guardedProperties({ list: ['a', { Ref: 'Sometimes1' }], one: attribute })).toEqual({
    list: ['a', { 'Fn::If': ['Sometimes', { Ref: 'Sometimes1' }, NO_VALUE] }],
    one: { 'Fn::If': ['Sometimes', attribute, NO_VALUE] },
  });
});

test('nothing changes where the condition holds anyway', () => {
  const properties = { one: { Ref: 'Sometimes1' }, other: { Ref: 'User' } };
  expect(guardedProperties(properties, 'Sometimes')).toEqual(properties);
  const choice = { one: { 'Fn::If': ['Sometimes', { Ref: 'Sometimes1' }, 'else'] } };
  expect(guardedProperties(choice)).toEqual(choice);
});

test('the other branch of a choice is no place for it', () => {
  const choice = { one: { 'Fn::If': ['Sometimes', 'a', { Ref: 'Sometimes1' }] } };
  expect(guardedProperties(choice)).toEqual({
    one: { 'Fn::If': ['Sometimes', 'a', { 'Fn::If': ['Sometimes', { Ref: 'Sometimes1' }, NO_VALUE] }] },
  });
});

const policy = (...Statement: object[]) => ({
  Resources: { P: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: { Statement } } } },
});
const If = (condition: string, value: unknown) => ({ 'Fn::If': [condition, value, NO_VALUE] });

test('a statement whose resources are all optional is optional itself, one for each condition', () => {
  const statement = { Action: 'a', Resource: [If('A', '1'), If('B', '2'), If('A', '3')] };
  expect(guardStatements(policy(statement, { Action: 'b', Resource: If('A', '1') }) as never)).toEqual(
    policy(
      If('A', { Action: 'a', Resource: ['1', '3'] }),
      If('B', { Action: 'a', Resource: '2' }),
      If('A', { Action: 'b', Resource: '1' }),
    ),
  );
});

test('a statement with a resource that is always there stays', () => {
  const stays = policy({ Action: 'a', Resource: ['1', If('A', '2')] }, { Action: 'b', Resource: '*' });
  expect(guardStatements(structuredClone(stays) as never)).toEqual(stays);
});

test('some actions can be made optional, and what is allowed with them stays', () => {
  const statement = { Action: 'rds:Reboot', Resource: '*' };
  const optional = (...statements: object[]) =>
    makeOptional(policy(...statements) as never, ['rds:Reboot'], 'Reboots');
  expect(optional(statement)).toEqual(policy(If('Reboots', statement)));
  expect(optional({ ...statement, Action: ['rds:Describe', 'rds:Reboot'] })).toEqual(
    policy({ ...statement, Action: 'rds:Describe' }, If('Reboots', statement)),
  );
  const both = { Action: ['a', 'b', 'c'], Resource: '*' };
  expect(makeOptional(policy(both) as never, ['c', 'a'], 'If')).toEqual(
    policy({ ...both, Action: 'b' }, If('If', { ...both, Action: ['c', 'a'] })),
  );
  expect(() => optional()).toThrow(new Error('0 policies have a statement for rds:Reboot'));
});

test('a dependency that a reference implies is left out, one that an optional reference implies is not', () => {
  const resource = (DependsOn: string | string[] | undefined) => ({
    Type: 'X',
    Properties: { a: { Ref: 'A' }, b: [{ 'Fn::GetAtt': ['B', 'Arn'] }], c: If('C', { Ref: 'D' }) },
    ...(DependsOn && { DependsOn }),
  });
  const dropped = dropImpliedDependencies({
    Resources: { R: resource(['A', 'B', 'D', 'E']), S: resource('A') },
  });
  expect(dropped).toEqual({ Resources: { R: resource(['D', 'E']), S: resource(undefined) } });
});

test('a condition that implies another one holds its resources too', () => {
  const both = { 'Fn::And': [{ Condition: 'Sometimes' }, { 'Fn::Equals': ['a', 'b'] }] };
  const either = { 'Fn::Or': [{ Condition: 'Sometimes' }, { 'Fn::Equals': ['a', 'b'] }] };
  const propertiesUnder = (condition: object) => {
    const user = { Type: 'X', Condition: 'Other', Properties: { one: { Ref: 'Sometimes1' } } };
    const guarded = guardReferences({
      Conditions: { Other: condition },
      Resources: { Sometimes1: SOMETIMES, User: user },
    } as never);
    return (guarded.Resources as never as { User: { Properties: object } }).User.Properties;
  };
  expect(propertiesUnder(both)).toEqual({ one: { Ref: 'Sometimes1' } });
  expect(propertiesUnder(either)).toEqual({ one: If('Sometimes', { Ref: 'Sometimes1' }) });
});

test('a dependency on what may not be there is left out, unless the dependent is not there either', () => {
  const resource = (Condition: string | undefined, ...DependsOn: string[]) => ({
    Type: 'X',
    ...(Condition && { Condition }),
    ...(DependsOn.length > 0 && { DependsOn }),
  });
  const Conditions = { Inner: { 'Fn::And': [{ Condition: 'Outer' }, {}] } };
  expect(
    dropOptionalDependencies({
      Conditions,
      Resources: {
        Always: resource(undefined, 'One', 'Two'),
        One: resource('Outer', 'Always', 'Two'),
        Two: resource('Inner', 'Always', 'One'),
      },
    }).Resources,
  ).toEqual({
    Always: resource(undefined),
    One: resource('Outer', 'Always'),
    Two: resource('Inner', 'Always', 'One'),
  });
});
