import { COMMANDS } from '../../lib/cli/commands';
import { run } from './support/run';

/** The help that users read, whole: a change of an option or of its words shows here. */
const HELP: Readonly<Record<string, string>> = {
  init: `Usage: cdk-datafold-postgres init [--typescript | --python | --fleet | --parameters] [--server ID] [options]

Asks AWS for the PostgreSQL servers of a region (Amazon Aurora and Amazon RDS) and lists them. With
--typescript, --python, --fleet or --parameters it writes a file that sets up Datafold. Changes
nothing in AWS. What cannot be determined is marked with TODO in the file.

Options:
  --server <ID>      the server; may be given several times with --fleet [the only one that is
                     supported; with --fleet all]
  --typescript       write an app for the AWS CDK in TypeScript
  --python           write an app for the AWS CDK in Python
  --fleet            write a fleet file, for many servers without code
  --parameters       write the parameters of the CloudFormation template
  --database <NAME>  a database that Datafold is to read; may be given several times
  --out <FOLDER>     the folder to write to [.]
  --force            overwrite existing files
  --json             print the servers as JSON
  --region <REGION>  the region [that of your environment or profile]
  --profile <NAME>   the profile of your AWS credentials
  -h, --help         show this text

Example:

  npx cdk-datafold-postgres init
  npx cdk-datafold-postgres init --server orders --database app --typescript

Needs rds:DescribeDBClusters, rds:DescribeDBInstances and rds:DescribeDBSubnetGroups, and
secretsmanager:DescribeSecret for the key of a secret.
Exit status: 0 if it is done, 1 if there is no such server or a file exists, 2 for invalid options.
`,
  plan: `Usage: cdk-datafold-postgres plan (--cluster ID | --instance ID | --sql) [options]

Shows what a deployment would do to an existing server, what prevents it, and what the statement log
would cost. Only reads: nothing is changed in AWS or in PostgreSQL.

Options:
  --cluster <ID>          the Aurora cluster
  --instance <ID>         the RDS instance
  --database <NAME>       a database that Datafold is to read; may be given several times [all of
                          the server]
  --schemas <A,B>         the schemas to read [all: not those of PostgreSQL, of extensions or of
                          RDS]
  --exclude <A,B>         schemas not to read
  --role <NAME>           the role that Datafold will use [datafold]
  --temp-schema <NAME>    the schema for temporary tables [datafold_tmp]
  --shared-group <HOW>    for a parameter group that other servers use too: refuse, modify or copy,
                          as the prop sharedParameterGroup [refuse]
  --no-bind-values        as with logBindValues: false
  --secret <ARN>          the secret with the administrator's login
  --password-file <FILE>  the password of PGUSER [PGPASSWORD]
  --data-api              use the Data API of a cluster, also if the server can be reached
  --sql                   print the script that inspects a database, and nothing else
  --sql-result <FILE>     the output of that script; may be given several times
  --ca <FILE>             PEM certificates to trust for connections from this machine
  --price-per-gb <USD>    the price of CloudWatch Logs for each GB ingested [0.5, us-east-1]
  --json                  print JSON
  --region <REGION>       the region [that of your environment or profile]
  --profile <NAME>        the profile of your AWS credentials
  -h, --help              show this text

Databases are inspected from this machine if there is a login, by the Data API of a cluster if the server cannot be
reached, or by the output of the script that plan --sql prints. A password is never given on the command line.
Exit status: 0 if nothing prevents the deployment, 1 if something does, 2 for invalid options.
`,
  template: `Usage: cdk-datafold-postgres template --server (aurora | instance)

Prints a CloudFormation template that sets up Datafold for one existing server. The template
contains everything, including the code of both functions: it needs no CDK, no bootstrap and no
bucket for assets.

Options:
  --server <KIND>  aurora for a cluster of Amazon Aurora PostgreSQL, instance for an instance of RDS
                   for PostgreSQL
  -h, --help       show this text

Example:

  npx cdk-datafold-postgres template --server aurora > datafold.template.json
  npx cdk-datafold-postgres init --server orders --parameters

The template is larger than what CloudFormation accepts in a request: the AWS CLI and the console need it in a bucket.
Exit status: 0 if the template is printed, 2 for invalid options.
`,
  fleet: `Usage: cdk-datafold-postgres fleet FILE

Synthesizes the stacks for all servers of a fleet file, without a CDK app of your own. The CDK CLI
runs this command. Needs aws-cdk-lib and constructs beside this package.

Arguments:
  FILE        the fleet file, such as init --fleet writes

Options:
  -h, --help  show this text

Example:

  npm install aws-cdk aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk-datafold-postgres init --fleet
  npx cdk deploy --all --app "npx cdk-datafold-postgres fleet datafold-fleet.json"

Exit status: 0 if the app is synthesized, 1 if the file has mistakes, 2 for invalid options.
`,
  app: `Usage: cdk-datafold-postgres app [options]

Synthesizes the stack for one server, without a CDK app of your own. The CDK CLI runs this command,
and its options -c name the server. Needs aws-cdk-lib and constructs beside this package.

Options:
  -h, --help  show this text

Example:

  npm install aws-cdk aws-cdk-lib constructs cdk-datafold-postgres
  npx cdk deploy --app "npx cdk-datafold-postgres app" -c cluster=orders -c databases=app,dwh \\
    -c vpc=vpc-0123456789abcdef0 -c subnets=subnet-0123456789abcdef0,subnet-0123456789abcdef1 \\
    -c securityGroup=sg-0123456789abcdef0 \\
    -c adminSecret=arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-admin-AbCdEf

Exit status: 0 if the app is synthesized, 1 if something is missing or wrong, 2 for invalid options.
`,
  sql: `Usage: cdk-datafold-postgres sql --database NAME [options]

Prints the statements that grant Datafold read access to PostgreSQL, for a database administrator to
review and run with psql. Printing them opens no connection.

Options:
  --database <NAME>        a database to read; may be given several times
  --schemas <A,B>          the schemas to read [all: not those of PostgreSQL, of extensions or of
                           RDS]
  --exclude <A,B>          schemas not to read
  --exclude-tables <A,B>   tables and views not to read: schema.table, with * for any characters
  --role <NAME>            the role [datafold]
  --temp-schema <NAME>     the schema for temporary tables [datafold_tmp]
  --owners <A,B>           the roles that create future tables [those that own tables when the
                           statements are run]
  --connection-limit <N>   the maximum number of connections of the role [no limit is set]
  --statement-timeout <N>  the seconds after which a statement of the role is canceled [no timeout
                           is set]
  --no-future-tables       no default privileges for future tables
  --adopt-existing         use an existing role and schema of that name
  --stack <NAME>           the stack of the other resources, for the comments on role and schema
                           [none]
  --remove                 print the statements that remove role, schema and grants
  -h, --help               show this text

Example:

  npx cdk-datafold-postgres sql --database app --schemas public,sales > datafold.sql
  curl -O https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
  psql "host=HOST dbname=postgres user=ADMIN sslmode=verify-full sslrootcert=global-bundle.pem" -f datafold.sql

psql asks for the password of the role and neither prints it nor sends it in plain text. Store the same password
in the secret of SqlExecution.byDba({ passwordSecret }).
Exit status: 0 if the statements are printed, 2 for invalid options.
`,
  doctor: `Usage: cdk-datafold-postgres doctor (--stack NAME | --secret ARN) [options]

Checks, with your AWS credentials, whether Datafold can read PostgreSQL and its statement log, as
deployed. Changes nothing, except that it creates and drops a table in the schema for temporary
tables.

Options:
  --stack <NAME>           the stack with the constructs of this library
  --secret <ARN>           one data source: the secret of a DataSource
  --region <REGION>        the region [that of the secret's ARN, else of your environment or
                           profile]
  --profile <NAME>         the profile of your AWS credentials
  --ca <FILE>              PEM certificates to trust for connections from this machine
  --data-api-secret <ARN>  an administrator's secret for the Data API, for a cluster that neither
                           this machine nor the function reaches [that of the stack]
  --json                   print JSON
  --report <FILE>          write a page: checks, content of the statement log, lineage
  --hours <N>              read the statement log of the last N hours [24 with --report]
  --max-mb <N>             read at most N MB of a log, evenly by hour [200]
  --api-key-secret <ARN>   compare with Datafold: the secret with its API key [that of the
                           registration]
  --datafold <URL>         the URL of Datafold [that of the registration, else
                           https://app.datafold.com]
  -h, --help               show this text

With --report or --hours the statement log is read (logs:FilterLogEvents, rds:DescribeEvents). The report has
names and counts, and no text of a statement and no value.
The role is tested from this machine if it can reach the server, otherwise by the function of the stack
(lambda:InvokeFunction), otherwise its privileges by the Data API of a cluster; the output says which.
Exit status: 0 if nothing failed, 1 if a check failed, 2 for invalid options.
`,
  accept: `Usage: cdk-datafold-postgres accept --stack NAME [--endpoint ID] [options]

Shows, with your AWS credentials, who asks for a connection through AWS PrivateLink, and accepts the
one that is named. Without --endpoint nothing is changed.

Options:
  --stack <NAME>     the stack with the PrivateLink
  --endpoint <ID>    the endpoint whose connection is accepted, such as vpce-0123456789abcdef0
                     [none: they are listed]
  --region <REGION>  the region [that of your environment or profile]
  --profile <NAME>   the profile of your AWS credentials
  -h, --help         show this text

Exit status: 0 if it is done, 1 if there is no such stack, service or request, 2 for invalid options.
`,
  completion: `Usage: cdk-datafold-postgres completion SHELL

Prints a script for your shell. It completes commands, options and their values.

Arguments:
  SHELL       bash, zsh or fish

Options:
  -h, --help  show this text

For a tool that is installed (npm install --global cdk-datafold-postgres):

  bash  cdk-datafold-postgres completion bash > ~/.local/share/bash-completion/completions/cdk-datafold-postgres
  zsh   cdk-datafold-postgres completion zsh > "\${fpath[1]}/_cdk-datafold-postgres"
  fish  cdk-datafold-postgres completion fish > ~/.config/fish/completions/cdk-datafold-postgres.fish
`,
};

const ALL = `Usage: cdk-datafold-postgres COMMAND [options]

Lets Datafold read PostgreSQL on Amazon Aurora and Amazon RDS.

Options:
  -V, --version  print the version
  --no-color     no colors (also: NO_COLOR=1) [colors on a terminal]
  -h, --help     show this text

Commands:
  init           list your PostgreSQL servers and write the app, fleet file or parameters for them
  plan           show what a deployment would do to a server, and what prevents it
  template       print the CloudFormation template for one server, to be launched without the CDK
  fleet          be the CDK app for the servers of a fleet file
  app            be the CDK app for one server, which the options -c of the CDK CLI name
  sql            print the statements that let Datafold read PostgreSQL, for a database
                 administrator to run
  doctor         check whether Datafold can read PostgreSQL and its statement log, as deployed
  accept         accept the connection that Datafold asks for through AWS PrivateLink
  completion     print the script that makes bash, zsh or fish complete commands and options
  help           show the options of a command

cdk-datafold-postgres help COMMAND shows the options of a command.
`;

test('prints the commands if none is given', async () => {
  const help = { status: 0, error: '', out: ALL };
  for (const args of [[], ['--help'], ['-h'], ['help']]) expect(await run(args)).toEqual(help);
});

test.each(COMMANDS.map(({ name }) => name).filter((name) => name in HELP))(
  'prints the help of %s',
  async (name) => {
    const help = { status: 0, error: '', out: HELP[name] };
    for (const args of [
      [name, '--help'],
      [name, '-h'],
      ['help', name],
    ])
      expect(await run(args)).toEqual(help);
  },
);

test.each(COMMANDS)(
  'the help of $name names every option, within the width of the terminal',
  async ({ name, options }) => {
    const { out } = await run([name, '--help'], COMMANDS, { columns: 72 });
    for (const option of Object.keys(options)) expect(out).toMatch(new RegExp(`^ +--${option}\\b`, 'm'));
    const described = out.slice(out.indexOf('\n\n'), out.indexOf('show this text'));
    expect(described.split('\n').filter((line) => line.length > 72)).toEqual([]);
  },
);

test('prints the headings of the help in bold on a terminal with colors', async () => {
  const { out } = await run(['accept', '--help'], COMMANDS, { hasColors: true });
  expect(out).toContain('\u001b[1mOptions:\u001b[22m');
  expect((await run(['accept', '--help'])).out).not.toContain('\u001b');
});
