import { Lazy, type aws_secretsmanager as secretsmanager, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ProvisionedResource } from '../functions/provisioned-resource';
import { TaskRule } from '../functions/task-rule';
import { topicRights } from '../functions/secret-and-topic-rights';
import { identityOf, shortHash } from '../identity';
import type { RenewDataSourcesTask } from '../wire/tasks';

/** EventBridge limits the input of a rule to 8,192 characters; the ARN of a secret has at most 320. */
const MAX_DATA_SOURCES = 20;

/** What is brought into the secrets of data sources. */
interface Renewed {
  readonly id: string;
  readonly name: string;
  readonly of: RenewDataSourcesTask['properties'];
  readonly topic: sns.ITopic | undefined;
}

/** Updates the secret of a data source within the hour after another stack has rotated a password or an access key. */
export function renewHourly(
  dataSource: ProvisionedResource,
  secret: secretsmanager.ISecret,
  renewed: Renewed,
): void {
  dataSource.allowButToDelete(...topicRights(renewed.topic));
  openRule(dataSource, renewed).add(dataSource, secret);
}

/** Returns the rule of all data sources with the same key or password and topic, or a further rule if it is full. */
function openRule(dataSource: ProvisionedResource, renewed: Renewed): RenewalRule {
  const { id, of, topic } = renewed;
  const scope = dataSource.provisioner;
  const shared = [...Object.values(of), topic?.topicArn ?? ''].map((one) => identityOf(scope, one));
  for (let count = 1; ; count++) {
    const name = `${id}${shortHash([...shared, String(count)])}`;
    const known = scope.node.tryFindChild(name) as RenewalRule | undefined;
    if (!known?.isFull) return known ?? new RenewalRule(scope, name, dataSource, renewed);
  }
}

/**
 * A rule for several data sources.
 *
 * Each rule takes a statement in the policy of the function, which Lambda limits: forty rules fill it.
 */
class RenewalRule extends Construct {
  private readonly secrets: secretsmanager.ISecret[] = [];
  private readonly rule: TaskRule<RenewDataSourcesTask>;

  public constructor(scope: Construct, id: string, first: ProvisionedResource, { name, of, topic }: Renewed) {
    super(scope, id);
    this.rule = new TaskRule<RenewDataSourcesTask>(this, 'Rule', {
      of: first,
      description: `Brings a new ${name} into the secrets of data sources`,
      schedule: 'rate(1 hour)',
      task: {
        datafoldTask: 'renew-data-sources',
        properties: of,
        dataSourceSecretArns: Lazy.list({ produce: () => this.secrets.map((one) => one.secretArn) }),
        topicArn: topic?.topicArn,
      },
      shorten: 'give stack and constructs shorter names',
    });
  }

  public get isFull(): boolean {
    return this.secrets.length >= MAX_DATA_SOURCES;
  }

  public add({ resource }: ProvisionedResource, secret: secretsmanager.ISecret): void {
    this.secrets.push(secret);
    this.rule.node.addDependency(resource);
  }
}
