import type { Endpoint, Rds, ServerName } from '../../../../lib/handler/provisioner/aws/rds-ports';
import type { Faults } from './faults';

/** RDS as far as it is asked where a server listens. */
export class RdsStandIn implements Pick<Rds, 'findEndpoint'> {
  private readonly endpoints = new Map<string, Endpoint>();

  constructor(private readonly faults: Faults) {}

  addServer({ kind, identifier }: ServerName, endpoint: Endpoint): void {
    this.endpoints.set(`${kind} ${identifier}`, endpoint);
  }

  drop({ kind, identifier }: ServerName): void {
    this.endpoints.delete(`${kind} ${identifier}`);
  }

  async findEndpoint({ kind, identifier }: ServerName): Promise<Endpoint | undefined> {
    const action = kind === 'cluster' ? 'rds:DescribeDBClusters' : 'rds:DescribeDBInstances';
    this.faults.check(action, `${kind} ${identifier}`);
    return this.endpoints.get(`${kind} ${identifier}`);
  }
}
