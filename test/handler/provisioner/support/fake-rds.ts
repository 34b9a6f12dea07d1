import type { InstanceNetwork } from '../../../../lib/handler/provisioner/aws/network-ports';
import type {
  Rds,
  ServerEvent,
  ServerName,
  ServerState,
} from '../../../../lib/handler/provisioner/aws/rds-ports';
import type { Faults } from './faults';

/** RDS as far as it is asked where a server listens and what it exports. */
export class FakeRds implements Pick<Rds, 'networkOf' | 'find' | 'eventsOf'> {
  private readonly endpoints = new Map<string, Pick<ServerState, 'host' | 'port'>>();
  private readonly states = new Map<string, ServerState>();

  readonly networks = new Map<string, InstanceNetwork>();

  /** What RDS says happened, by instance. */
  readonly events = new Map<string, readonly ServerEvent[]>();

  constructor(private readonly faults: Faults) {}

  addServer(server: ServerName, endpoint: Pick<ServerState, 'host' | 'port'>): void {
    const name = `${server.kind} ${server.identifier}`;
    this.endpoints.set(name, endpoint);
    if (!this.states.has(name)) this.describe(server);
  }

  /** A server with its statement log switched on, but for what is said. */
  describe({ kind, identifier }: ServerName, state: Partial<ServerState> = {}): void {
    this.states.set(`${kind} ${identifier}`, {
      identifier,
      arn: `arn:aws:rds:us-east-1:111122223333:${kind}:${identifier}`,
      status: 'available',
      engine: 'aurora-postgresql',
      groupName: 'shop-group',
      exports: ['postgresql'],
      exportsPending: false,
      members: [{ identifier: `${identifier}-1`, isWriter: true, groupStatus: 'in-sync' }],
      tags: {},
      ...state,
    });
  }

  async find({ kind, identifier }: ServerName): Promise<ServerState | undefined> {
    this.faults.check(
      kind === 'cluster' ? 'rds:DescribeDBClusters' : 'rds:DescribeDBInstances',
      `${kind} ${identifier}`,
    );
    const state = this.states.get(`${kind} ${identifier}`);
    return state && { ...state, ...this.endpoints.get(`${kind} ${identifier}`) };
  }

  async networkOf(instance: string): Promise<InstanceNetwork | undefined> {
    this.faults.check('rds:DescribeDBInstances', `instance ${instance}`);
    return this.networks.get(instance);
  }

  async eventsOf(instance: string): Promise<readonly ServerEvent[]> {
    this.faults.check('rds:DescribeEvents', `instance ${instance}`);
    return this.events.get(instance) ?? [];
  }

  drop({ kind, identifier }: ServerName): void {
    this.endpoints.delete(`${kind} ${identifier}`);
    this.states.delete(`${kind} ${identifier}`);
  }
}
