import type { DatafoldPostgresProps } from '../datafold-postgres';

type Prop = keyof DatafoldPostgresProps;

/** What is about the statement log of the server. */
const LOGGING: readonly Prop[] = [
  'sharedParameterGroup',
  'rebootPolicy',
  'parameterGroupName',
  'logBindValues',
  'excludedRoles',
  'excludedDatabases',
  'logRetention',
  'shortenLogRetention',
  'logEncryptionKey',
  'maskedData',
];

/** Props that would have no effect: whoever gives them believes otherwise. */
export function idleProps(props: DatafoldPostgresProps): string[] {
  const given = (names: readonly Prop[]) => names.filter((name) => props[name] !== undefined);
  const say = (names: readonly Prop[], why: string) => given(names).map((name) => `\`${name}\` ${why}`);
  if (!props.server.logGroupName)
    return [
      ...(props.statementLogging
        ? ['`statementLogging` has no effect on an endpoint, whose log is not in CloudWatch: leave it out']
        : []),
      ...say(LOGGING, 'has no effect on an endpoint, whose log is not in CloudWatch: leave it out'),
      ...say(
        ['logsUser', 'logAccess', 'rotateAccessKey', 'sourceIps'],
        'has no effect on an endpoint, which has no access key: leave it out',
      ),
    ];
  return [
    ...(props.statementLogging === false
      ? say(LOGGING, 'has no effect with `statementLogging: false`: leave out one of the two')
      : []),
    ...(props.logsUser
      ? say(
          ['logAccess', 'rotateAccessKey', 'sourceIps'],
          'belongs to the `logsUser` that is given: move it there',
        )
      : []),
  ];
}
