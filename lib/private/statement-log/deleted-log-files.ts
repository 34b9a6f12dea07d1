import { aws_events as events, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { eventSources, knownInstances } from '../server/event-sources';
import type { ServerSpec } from '../server/server-spec';

/**
 * The events for log files that Aurora deletes because the retention has expired or storage is low.
 *
 * Aurora "might delete files that it hasn't published to CloudWatch Logs yet" (Aurora user guide, "Planning storage for Aurora database
 * log files").
 */
const EVENT_IDS = ['RDS-EVENT-0610', 'RDS-EVENT-0611'];

/** Creates a rule for log files that Aurora deletes on the instances of a server. */
export function deletedLogFilesRule(
  scope: Construct,
  id: string,
  server: ServerSpec,
  options: events.OnEventOptions = {},
): events.Rule {
  const rule = new events.Rule(scope, id, {
    description: `Aurora deletes log files of ${Token.isUnresolved(server.identifier) ? 'a cluster' : server.identifier}, maybe before they are published to CloudWatch`,
    ...options,
    targets: options.target ? [options.target] : undefined,
  });
  const sources = sourcesOf(server);
  rule.addEventPattern(options.eventPattern);
  rule.addEventPattern({
    source: ['aws.rds'],
    detail: { EventID: EVENT_IDS, ...(sources && { SourceIdentifier: sources }) },
  });
  return rule;
}

/** Returns the sources of the events; undefined if the instances are not known, so that the rule matches all instances. */
function sourcesOf(server: ServerSpec): string[] | undefined {
  const isKnown = server.kind !== 'cluster' || knownInstances(server).length > 0;
  return isKnown ? eventSources(server) : undefined;
}
