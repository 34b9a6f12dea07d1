import { Groups, type Group, type Kind, type Tag } from './group';
import { Cluster, Instance } from './server';
import { LIKE_RDS, type Durations, type Now } from './timed';

const FAMILIES = {
  cluster: ['aurora-postgresql12', 'aurora-postgresql15', 'aurora-postgresql16'],
  instance: ['aurora-postgresql12', 'aurora-postgresql15', 'aurora-postgresql16', 'postgres15', 'postgres16'],
};

/** What there is in an account of RDS, and how calls of it are disturbed. */
export class RdsState {
  readonly groups = new Groups(FAMILIES);
  readonly clusters = new Map<string, Cluster>();
  readonly instances = new Map<string, Instance>();
  /** Names of commands, in order. */
  readonly calls: string[] = [];
  durations: Durations = LIKE_RDS;
  /** Every so many calls one is turned away. */
  throttleEvery = Infinity;
  /** The next call of this command fails so. */
  readonly failures: { command: string; error: Error; after: number }[] = [];
  /** Nobody may change what has this in its name. */
  denied?: string;

  /** The states in which an instance can be rebooted. */
  rebootableIn = ['available'];
  /** Commands that nobody may send. */
  readonly forbidden = new Set<string>();

  constructor(readonly clock: Now) {}

  addCluster(identifier: string, group: string, members = ['writer'], engine = 'aurora-postgresql'): Cluster {
    const cluster = new Cluster(this.clock, identifier, engine, this.groups.get('cluster', group));
    this.clusters.set(identifier, cluster);
    for (const name of members) {
      const own = this.groups.get('instance', `default.${cluster.group.family}`);
      const member = new Instance(this.clock, `${identifier}-${name}`, engine, own, cluster);
      cluster.members.push(member);
      this.instances.set(member.identifier, member);
    }
    return cluster;
  }

  addInstance(identifier: string, group: string, engine = 'postgres'): Instance {
    const instance = new Instance(this.clock, identifier, engine, this.groups.get('instance', group));
    this.instances.set(identifier, instance);
    return instance;
  }

  addGroup(kind: Kind, name: string, family: string, set: Record<string, string> = {}): Group {
    const group = this.groups.create(kind, name, family);
    Object.entries(set).forEach(([parameter, value]) => group.set.set(parameter, value));
    return group;
  }

  drop(identifier: string): void {
    for (const { identifier: member } of this.clusters.get(identifier)?.members ?? [])
      this.instances.delete(member);
    this.clusters.delete(identifier);
    this.instances.delete(identifier);
  }

  /** All that there is, apart from what only time and identity change. */
  snapshot(): unknown {
    const tags = (list: Tag[]) => [...list].map(({ Key, Value }) => `${Key}=${Value}`).sort();
    const clusters = [...this.clusters.values()].map(
      (c) => (
        c.pendingExports.describe(),
        {
          identifier: c.identifier,
          status: c.status.value,
          group: c.group.name,
          exports: [...c.exports].sort(),
          tags: tags(c.tags),
        }
      ),
    );
    const instances = [...this.instances.values()].map(
      (i) => (
        i.pendingExports.describe(),
        {
          identifier: i.identifier,
          status: i.status.value,
          group: i.group.name,
          groupStatus: i.groupStatus,
          logStatement: i.logStatement,
          exports: [...i.exports].sort(),
          tags: tags(i.tags),
        }
      ),
    );
    const groups = this.groups.all
      .map(({ kind, name, family, set, tags: t }) => ({
        kind,
        name,
        family,
        set: Object.fromEntries([...set].sort()),
        tags: tags(t),
      }))
      .sort((a, b) => `${a.kind}${a.name}`.localeCompare(`${b.kind}${b.name}`));
    return { clusters, instances, groups };
  }
}
