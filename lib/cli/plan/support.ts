import type { FoundServer } from '../init/server';
import type { Findings } from './finding';
import { documentation } from '../../private/references';

/** The first minor version of Aurora PostgreSQL that exports its log to CloudWatch (Aurora user guide, "Publishing … logs"). */
const AURORA_EXPORT_SINCE: Readonly<Record<number, number>> = { 11: 12, 12: 8, 13: 3, 14: 3 };

/** Reports whether the kind of server and its version are supported. */
export function reportSupport(findings: Findings, { engine, unsupported }: FoundServer): void {
  if (unsupported !== undefined) {
    const [what, ...advice] = unsupported.split('. ');
    return findings.prevent(
      'server',
      `${what}.`,
      advice.length > 0
        ? `${advice.join('. ')}.`
        : `${documentation('supported-servers')} lists what is supported.`,
    );
  }
  const [, major, minor] = /^Aurora PostgreSQL (\d+)\.(\d+)/.exec(engine) ?? [];
  const since = AURORA_EXPORT_SINCE[Number(major)];
  if ((since !== undefined && Number(minor) < since) || Number(major) < 11)
    return findings.prevent(
      'log_export',
      `${engine} does not export its log to CloudWatch, so Datafold derives no lineage.`,
      `Upgrade the cluster, at least to ${since === undefined ? '11.12' : `${major}.${since}`}.`,
    );
  findings.ready('server', `${engine} is supported.`);
}
