import { appFacts } from './app';
import { fleetFile } from './fleet';
import { parametersFile } from './parameters';
import { pythonApp } from './python';
import type { FoundServer } from './server';
import { typescriptApp } from './typescript';

/** A kind of file that `init` writes. */
export interface Format {
  readonly option: 'typescript' | 'python' | 'fleet' | 'parameters';
  /** Whether one file holds several servers. */
  readonly isForMany: boolean;
  file(servers: readonly FoundServer[]): string;
  write(servers: readonly FoundServer[], databases: readonly string[]): string;
  /** The commands that deploy what was written. */
  next(path: string, servers: readonly FoundServer[]): string;
}

/** All formats, in the order of the help. */
export const FORMATS: readonly Format[] = [
  {
    option: 'typescript',
    isForMany: false,
    file: ([server]) => `datafold-${server.identifier}.ts`,
    write: ([server], databases) => typescriptApp(appFacts(server, databases)),
    next: (path) => `Then deploy:
  npm install --save-dev aws-cdk tsx
  npm install aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk deploy --app "npx tsx ${path}"`,
  },
  {
    option: 'python',
    isForMany: false,
    file: ([server]) => `datafold_${server.identifier.replaceAll('-', '_')}.py`,
    write: ([server], databases) => pythonApp(appFacts(server, databases)),
    next: (path) => `Then deploy:
  pip install cdk-datafold-postgres
  npx cdk deploy --app "python3 ${path}"`,
  },
  {
    option: 'fleet',
    isForMany: true,
    file: () => 'datafold-fleet.json',
    write: fleetFile,
    next: (path) => `Then deploy:
  npm install aws-cdk aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk deploy --all --app "npx cdk-datafold-postgres fleet ${path}"`,
  },
  {
    option: 'parameters',
    isForMany: false,
    file: ([server]) => `datafold-${server.identifier}.parameters.json`,
    write: ([server], databases) => parametersFile(server, databases),
    next: (path, [{ kind, identifier }]) => `Then deploy:
  npx cdk-datafold-postgres template --server ${kind === 'cluster' ? 'aurora' : 'instance'} > datafold.template.json
  aws cloudformation deploy --stack-name datafold-${kind}-${identifier} --template-file datafold.template.json \\
    --s3-bucket YOUR-BUCKET --capabilities CAPABILITY_IAM --parameter-overrides file://${path}
This needs version 2 of the AWS CLI: version 1 takes no such file here.`,
  },
];
