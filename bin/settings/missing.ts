import { networkProblems } from './network';
import type { Settings } from './settings';

/** Returns a sentence for each required setting that is missing and for each setting that has no effect. */
export function missing(settings: Settings): string[] {
  const problems: string[] = [];
  const { cluster, instance, securityGroup, functionSecurityGroup } = settings;
  if (cluster === undefined && instance === undefined)
    problems.push(
      '`cluster` or `instance` is missing: the identifier of an Aurora cluster, or of an RDS instance',
    );
  if (cluster !== undefined && instance !== undefined)
    problems.push(`\`cluster\` and \`instance\` exclude each other, got: ${cluster} and ${instance}`);
  for (const [key, what] of REQUIRED)
    if (settings[key] === undefined) problems.push(`\`${key}\` is missing: ${what}`);
  if (securityGroup === undefined && functionSecurityGroup === undefined)
    problems.push('`securityGroup` is missing: a security group of the server, which lets the function in');
  return [...problems, ...networkProblems(settings), ...ignored(settings)];
}

/** Returns the settings that have no effect, so that nobody relies on them. */
function ignored({ statementLog, ...settings }: Settings): string[] {
  const given = OF_MANAGED_LOG.filter((key) => settings[key] !== undefined);
  return [
    ...(statementLog === 'managed-elsewhere'
      ? given.map((key) => `\`${key}\` has no effect with a \`statementLog\` that is managed elsewhere`)
      : []),
    ...(settings.shortenLogRetention && settings.logRetention === undefined
      ? ['`shortenLogRetention` has no effect without `logRetention`: leave it out']
      : []),
  ];
}

const OF_MANAGED_LOG = ['sharedParameterGroup', 'rebootPolicy', 'logBindValues', 'logRetention'] as const;

const REQUIRED: readonly [keyof Settings, string][] = [
  ['databases', 'the databases that Datafold may read'],
  ['vpc', 'the VPC of the server'],
  ['subnets', 'subnets of that VPC with a route to the server'],
  ['adminSecret', "the ARN of the secret with the administrator's login"],
];
