import { Checks } from '../../../lib/cli/doctor/check';
import { checkNetwork } from '../../../lib/cli/doctor/network';
import type { DoctorPorts, StackFacts } from '../../../lib/cli/doctor/ports';

/** The resources of a stack by their logical ids. */
export type Resources = Readonly<
  Record<string, readonly [type: string, physicalId: string, definition?: object]>
>;

function stackOf(resources: Resources): StackFacts {
  const entries = Object.entries(resources);
  return {
    name: 'Shop',
    status: 'UPDATE_COMPLETE',
    parameters: {},
    resources: entries.map(([logicalId, [type, physicalId]]) => ({ logicalId, physicalId, type })),
    template: { Resources: Object.fromEntries(entries.map(([id, [, , definition]]) => [id, definition])) },
  };
}

/** The checks of the network of a stack with these resources. */
export async function networkOf(resources: Resources, ports: Partial<DoctorPorts> = {}) {
  const checks = new Checks('Shop', () => undefined);
  await checkNetwork(checks, ports as DoctorPorts, stackOf(resources));
  return checks.all.map(({ status, message, next }) => ({ status, message, next }));
}
