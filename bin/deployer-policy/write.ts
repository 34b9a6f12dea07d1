// `npm run deployer-policy -- cdk.out/Shop.template.json`: prints the policy for the CloudFormation execution role.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deployerPolicy } from './policy';

type Template = Parameters<typeof deployerPolicy>[0];

const [file, stackName = basename(file ?? '').replace(/(\.template)?\.json$/, '')] = process.argv.slice(2);
if (file === undefined || file.startsWith('-')) {
  console.error('npm run deployer-policy -- TEMPLATE.json [STACK-NAME]');
  process.exitCode = 2;
} else {
  try {
    print(readTemplate(file));
  } catch (error) {
    console.error(`${file} cannot be used: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

function readTemplate(path: string): Template {
  const template = JSON.parse(readFileSync(path, 'utf8')) as Partial<Template> | null;
  if (template?.Resources === undefined)
    throw new Error(
      'it is no CloudFormation template, which has Resources. cdk synth writes templates as cdk.out/STACK.template.json.',
    );
  return template as Template;
}

function print(template: Template): void {
  const { document, otherTypes } = deployerPolicy(template, stackName);
  console.log(JSON.stringify(document, undefined, 2));
  if (otherTypes.length > 0)
    console.error(`Not of this library, so not in the policy: ${otherTypes.join(', ')}`);
}
