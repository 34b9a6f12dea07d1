import type { Construct } from 'constructs';
import type { StatementLoggingProps } from '../../statement-logging-props';
import { databaseResource } from '../server/database-resource';
import { placeProblems } from '../server/server-spec';
import { exclusionProblems } from './log-exclusions';
import { maskingProblems } from './log-group';
import { atSynthProblems } from './logging-at-synth';

/** Returns all problems with the props of a `StatementLogging`. */
export function loggingProblems(scope: Construct, props: StatementLoggingProps): string[] {
  const { _spec: server } = props.server;
  if (!server.logGroupName)
    return ['`server` must be an Aurora cluster or an RDS instance: only those export their log'];
  const resource = databaseResource(server);
  return [
    ...server.logProblems,
    ...placeProblems(scope, server),
    ...maskingProblems(props),
    ...exclusionProblems(props),
    ...(resource ? atSynthProblems(resource, props) : []),
  ];
}
