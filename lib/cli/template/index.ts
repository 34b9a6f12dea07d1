import { type FunctionName, inlineCode } from '../../private/functions/function-code';
import { defineCommand, UsageError } from '../command';
import { readPackageBytes, readPackageFile } from '../files';

/** The kinds of server, each with its template, which `npm run template` writes without the code of the functions. */
const TEMPLATES = { aurora: 'dist/cli/templates/aurora.json', instance: 'dist/cli/templates/instance.json' };
type Kind = keyof typeof TEMPLATES;

interface Template {
  readonly Resources: Record<string, { Properties?: { Code?: { ZipFile?: string } } }>;
}

/** `template`: prints the CloudFormation template. */
export const templateCommand = defineCommand({
  name: 'template',
  summary: 'print the CloudFormation template for one server, to be launched without the CDK',
  description:
    'Prints a CloudFormation template that sets up Datafold for one existing server. The template contains everything, including the code of both functions: it needs no CDK, no bootstrap and no bucket for assets.',
  usage: '--server (aurora | instance)',
  options: {
    server: {
      value: 'KIND',
      choices: Object.keys(TEMPLATES),
      help: 'aurora for a cluster of Amazon Aurora PostgreSQL, instance for an instance of RDS for PostgreSQL',
    },
  },
  notes: `Example:

  npx cdk-datafold-postgres template --server aurora > datafold.template.json
  npx cdk-datafold-postgres init --server orders --parameters

The template is larger than what CloudFormation accepts in a request: the AWS CLI and the console need it in a bucket.
Exit status: 0 if the template is printed, 2 for invalid options.`,
  async run({ server }, { out }) {
    if (server === undefined)
      throw new UsageError('Name the kind of server by --server aurora or --server instance');
    out(templateFor(server as Kind));
    return 0;
  },
});

/** The template of the package, with the code of the functions in place of their names. */
function templateFor(kind: Kind): string {
  const template = JSON.parse(readPackageFile(TEMPLATES[kind])) as Template;
  const readAsset = (file: string) => readPackageBytes(`assets/${file}`);
  for (const { Properties } of Object.values(template.Resources)) {
    const code = Properties?.Code;
    if (code?.ZipFile !== undefined) code.ZipFile = inlineCode(code.ZipFile as FunctionName, readAsset);
  }
  return templateText(template);
}

/** A template as text: a line for each parameter, resource and so on, which takes a tenth less than one for each property. */
export function templateText(template: object): string {
  const sections = Object.entries(template).map(([name, section]: [string, unknown]) => {
    if (typeof section !== 'object' || section === null)
      return `${JSON.stringify(name)}: ${JSON.stringify(section)}`;
    const entries = Object.entries(section).map(
      ([id, entry]) => ` ${JSON.stringify(id)}: ${JSON.stringify(entry)}`,
    );
    return `${JSON.stringify(name)}: {\n${entries.join(',\n')}\n}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}
