import type { AwsPorts } from './ports';

/** `write`: changes something, also through another function. */
type Kind = 'read' | 'write';

/** The kind of every method of every port. */
const KINDS: { readonly [P in keyof AwsPorts]: { readonly [M in keyof AwsPorts[P]]: Kind } } = {
  iam: {
    listAttachedUserPolicies: 'read',
    listAccessKeys: 'read',
    createAccessKey: 'write',
    deactivateAccessKey: 'write',
    deleteAccessKey: 'write',
  },
  iamGroups: {
    findGroup: 'read',
    createGroup: 'write',
    deleteGroup: 'write',
    listAttachedGroupPolicies: 'read',
    attachGroupPolicy: 'write',
    detachGroupPolicy: 'write',
    addUserToGroup: 'write',
    removeUserFromGroup: 'write',
  },
  secrets: { read: 'read', write: 'write' },
  rotation: {
    versions: 'read',
    tags: 'read',
    readPending: 'read',
    writePending: 'write',
    makeCurrent: 'write',
  },
  parameters: { read: 'read' },
  notices: { publish: 'read' }, // reports what already happened
  logs: {
    find: 'read',
    create: 'write',
    setRetention: 'write',
    setKey: 'write',
    readTags: 'read',
    tag: 'write',
    untag: 'write',
    readProtection: 'read',
    setProtection: 'write',
  },
  statementLog: { page: 'read' },
  rds: {
    networkOf: 'read',
    find: 'read',
    usersOf: 'read',
    findGroup: 'read',
    readParameters: 'read',
    createGroup: 'write',
    copyGroup: 'write',
    setParameters: 'write',
    deleteGroup: 'write',
    modify: 'write',
    reboot: 'write',
    eventsOf: 'read',
    tagsOf: 'read',
    tag: 'write',
    untag: 'write',
  },
  targetGroups: { targetsOf: 'read', tagsOf: 'read', register: 'write', deregister: 'write' },
  endpointServices: { find: 'read', connectionsOf: 'read', reject: 'write', rangesOf: 'read' },
  networks: { routeTablesOf: 'read', ingressOf: 'read' },
  names: { addressesOf: 'read' },
  functions: { invoke: 'write', send: 'write' },
  stacks: { status: 'read', find: 'read', findResource: 'read', resourceStatus: 'read', tags: 'read' },
};

/** Wraps the ports: `check` runs before each change, and its error prevents the change. */
export function fenced(ports: AwsPorts, check: () => Promise<void>): AwsPorts {
  type Method = (...parameters: unknown[]) => Promise<unknown>;
  const wrapped = Object.entries(KINDS).map(([name, kinds]) => {
    const port = ports[name as keyof AwsPorts] as unknown as Record<string, Method>;
    const methods = Object.entries(kinds as Record<string, Kind>).map(([method, kind]): [string, Method] => [
      method,
      async (...parameters) => {
        if (kind === 'write') await check();
        return port[method](...parameters);
      },
    ]);
    return [name, Object.fromEntries(methods)];
  });
  return Object.fromEntries(wrapped) as unknown as AwsPorts;
}
