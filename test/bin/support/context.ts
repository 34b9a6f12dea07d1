import { App } from 'aws-cdk-lib';
import { readContext } from '../../../bin/context/read-context';
import { serverStack } from '../../../bin/context/server-stack';

export const ADMIN = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf';
/** The context of one server. */
export const GOOD = {
  cluster: 'orders',
  databases: 'app,dwh',
  schemas: 'public,sales',
  vpc: 'vpc-0123456789abcdef0',
  subnets: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  securityGroup: 'sg-0123456789abcdef0',
  adminSecret: ADMIN,
};
/** The end of each message. */
export const EXAMPLE = `For example:
  npx cdk deploy --app "npx cdk-datafold-postgres app" -c cluster=orders -c databases=app,dwh \\
    -c schemas=public,sales -c securityGroup=sg-0123456789abcdef0 -c vpc=vpc-0123456789abcdef0 \\
    -c subnets=subnet-0123456789abcdef0,subnet-0123456789abcdef1 \\
    -c adminSecret=arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf
or, for many servers: npx cdk deploy --all --app "npx cdk-datafold-postgres fleet fleet.json"
In a clone of the repository, leave --app out, and name a fleet file by -c fleet=fleet.json.
To bootstrap first: npx cdk bootstrap aws://ACCOUNT/REGION --app ''`;

/** The stack of a context. */
export function stackOf(context: Record<string, unknown>) {
  const { settings, target } = readContext(context);
  return serverStack(new App(), settings, target);
}

/** The message about a context that is refused. */
export function messageOf(context: Record<string, unknown>): string {
  try {
    readContext(context);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}
