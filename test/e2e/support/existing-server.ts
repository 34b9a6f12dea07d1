import {
  CreateDBClusterCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  DeleteDBClusterCommand,
  DeleteDBClusterParameterGroupCommand,
  DeleteDBInstanceCommand,
  DeleteDBParameterGroupCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  ModifyDBClusterParameterGroupCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { FAMILY, type Kind } from '../../handler/provisioner/statement-logging/decision-table';
import type { Aws } from './aws';
import { session } from './database';
import { eventually } from './eventually';
import type { Lab } from './lab';
import type { World } from './world';

const PASSWORD = 'correct-horse-battery';

/** A server that somebody made by hand: two instances, if it is a cluster. */
export class ExistingServer {
  private readonly aws: Aws;
  private readonly lab: Lab;

  public constructor(
    world: World,
    public readonly kind: Kind,
    public readonly identifier: string,
  ) {
    [this.aws, this.lab] = [world.aws, world.lab];
    world.secrets.add(PASSWORD);
  }

  public async create(): Promise<this> {
    const { rds } = this.aws;
    const login = { MasterUsername: 'master', MasterUserPassword: PASSWORD, EngineVersion: '16.6' };
    const DBInstanceClass = 'db.t4g.medium';
    if (this.kind === 'instance') {
      const size = { DBInstanceClass, AllocatedStorage: 20, Engine: 'postgres' };
      await rds.send(
        new CreateDBInstanceCommand({ DBInstanceIdentifier: this.identifier, ...size, ...login }),
      );
      return this;
    }
    const cluster = { DBClusterIdentifier: this.identifier, Engine: 'aurora-postgresql' };
    await rds.send(new CreateDBClusterCommand({ ...cluster, ...login }));
    for (const DBInstanceIdentifier of this.instances)
      await rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, DBInstanceClass, ...cluster }));
    return this;
  }

  public async drop(): Promise<void> {
    const { rds } = this.aws;
    for (const DBInstanceIdentifier of this.instances)
      await rds
        .send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }))
        .catch(unlessGone);
    const cluster = { DBClusterIdentifier: this.identifier, SkipFinalSnapshot: true };
    if (this.kind === 'cluster') await rds.send(new DeleteDBClusterCommand(cluster)).catch(unlessGone);
  }

  /** The group with all in effect. */
  public async use(group: string): Promise<void> {
    await this.associate(group);
    for (const DBInstanceIdentifier of this.instances) {
      await this.available();
      await this.aws.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier }));
    }
    await this.available();
  }

  /** The group, with what is in effect left as it is: that takes no reboot. */
  public async associate(group: string): Promise<void> {
    const { rds } = this.aws;
    await this.available();
    if (this.kind === 'cluster')
      await rds.send(
        new ModifyDBClusterCommand({
          DBClusterIdentifier: this.identifier,
          DBClusterParameterGroupName: group,
        }),
      );
    else
      await rds.send(
        new ModifyDBInstanceCommand({ DBInstanceIdentifier: this.identifier, DBParameterGroupName: group }),
      );
  }

  public async show(parameter: string): Promise<string> {
    const { host } = await this.describe();
    return session(
      this.lab,
      { host, user: 'master', password: PASSWORD, database: 'postgres' },
      async (client) => {
        const { rows } = await client.query<Record<string, string>>(`SHOW ${parameter}`);
        return rows[0]![parameter]!;
      },
    );
  }

  public async describe(): Promise<{ host: string; group: string; tags: string[]; available: boolean }> {
    const { rds } = this.aws;
    const all = (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances ?? [];
    const mine = all.filter((one) => this.instances.includes(one.DBInstanceIdentifier ?? ''));
    const up = mine.every(({ DBInstanceStatus }) => DBInstanceStatus === 'available');
    const text = (tags: { Key?: string; Value?: string }[] = []) =>
      tags.map((t) => `${t.Key}=${t.Value}`).sort();
    if (this.kind === 'instance') {
      const [one] = mine;
      const group = one!.DBParameterGroups![0]!.DBParameterGroupName!;
      return { host: one!.Endpoint!.Address!, group, tags: text(one!.TagList), available: up };
    }
    const found = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: this.identifier }));
    const cluster = found.DBClusters![0]!;
    const available = up && cluster.Status === 'available';
    return {
      host: cluster.Endpoint!,
      group: cluster.DBClusterParameterGroup!,
      tags: text(cluster.TagList),
      available,
    };
  }

  private get instances(): string[] {
    return this.kind === 'instance' ? [this.identifier] : [`${this.identifier}-1`, `${this.identifier}-2`];
  }

  private async available(): Promise<void> {
    await eventually(async () => (await this.describe()).available || undefined);
  }
}

/** A parameter group of somebody's. */
export async function makeGroup(
  aws: Aws,
  kind: Kind,
  name: string,
  set: Record<string, string>,
): Promise<void> {
  const group = { DBParameterGroupFamily: FAMILY[kind], Description: 'by hand' };
  const Parameters = Object.entries(set).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
    ApplyMethod: 'immediate' as const,
  }));
  if (kind === 'cluster') {
    await aws.rds.send(
      new CreateDBClusterParameterGroupCommand({ DBClusterParameterGroupName: name, ...group }),
    );
    if (Parameters.length > 0)
      await aws.rds.send(
        new ModifyDBClusterParameterGroupCommand({ DBClusterParameterGroupName: name, Parameters }),
      );
    return;
  }
  await aws.rds.send(new CreateDBParameterGroupCommand({ DBParameterGroupName: name, ...group }));
  if (Parameters.length > 0)
    await aws.rds.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName: name, Parameters }));
}

export async function dropGroup(aws: Aws, kind: Kind, name: string): Promise<void> {
  if (kind === 'cluster')
    await aws.rds.send(new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: name }));
  else await aws.rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: name }));
}

/** The emulator may fail half-way when others ask it at the same time; the SDK then asks again for what is done. */
function unlessGone(error: Error): void {
  if (!/^DB(Instance|Cluster)NotFoundFault$/.test(error.name)) throw error;
}
