import type { Difference } from '../datafold/differences';
import type { DataSource } from '../data-source/properties';

/** Fields that Datafold takes but never shows, and that must have changed. */
export function hiddenChanges(
  before: DataSource,
  now: DataSource,
  seen: readonly Pick<Difference, 'field'>[],
): string[] {
  const otherKey =
    before.statementLog?.accessKeySecret !== now.statementLog?.accessKeySecret ||
    seen.some(({ field }) => field === 'AWS Access Key');
  return [
    ...(before.passwordSecret === now.passwordSecret ? [] : ['Password']),
    ...(now.statementLog && otherKey ? ['AWS Secret'] : []),
    ...(before.rootCertificate === now.rootCertificate && before.authorities === now.authorities
      ? []
      : ['Root certificate']),
  ];
}
