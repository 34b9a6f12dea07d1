// `npm run deployer-policy -- cdk.out/Shop.template.json`: prints the policy for the CloudFormation execution role.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deployerPolicy } from './policy';

const [file, stackName = basename(file ?? '').replace(/(\.template)?\.json$/, '')] = process.argv.slice(2);
if (file === undefined) {
  console.error('npm run deployer-policy -- TEMPLATE.json [STACK-NAME]');
  process.exitCode = 2;
} else {
  const template = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof deployerPolicy>[0];
  const { document, otherTypes } = deployerPolicy(template, stackName);
  console.log(JSON.stringify(document, undefined, 2));
  if (otherTypes.length > 0)
    console.error(`Not of this library, so not in the policy: ${otherTypes.join(', ')}`);
}
