/** The names of the props of each struct, which only JavaScript and JSON can misspell; a test compares them with the declarations. */

const functionProps = ['functions'];
const serverNetworkOptions = [
  'adminSecret',
  'caCertificate',
  'datafoldHost',
  'datafoldPort',
  'functionSecurityGroups',
  'maintenanceDatabase',
  'securityGroups',
  'vpc',
  'vpcSubnets',
];
const accessVerificationOptions = [
  'onFailedStep',
  'onIncompleteRead',
  'onNoLineage',
  'onUnreadable',
  'outputs',
];
const statementLoggingOptions = [
  'excludedDatabases',
  'excludedRoles',
  'logBindValues',
  'logEncryptionKey',
  'logRetention',
  'maskedData',
  'parameterGroup',
  'rebootPolicy',
  'sharedParameterGroup',
];
const databaseAccessOptions = [
  ...functionProps,
  'adoptExisting',
  'encryptionKey',
  'futureTables',
  'limits',
  'passwordSecret',
  'reconcile',
  'removalPolicy',
  'roleName',
  'rotatePassword',
  'sqlBy',
  'tempSchema',
];
const allowlistOptions = ['addresses', 'datafoldUrl', 'prefixList'];
const privateLinkOptions = [
  'allowedPrincipals',
  'acceptanceRequired',
  'clientCidrs',
  'healthCheckInterval',
  'supportedRegions',
  'vpcSubnets',
];
const privateLinkServerOptions = ['port'];

/** The names of the props of each struct, by which a misspelled prop is found. */
export const PROP_NAMES = {
  FunctionProps: functionProps,
  FunctionOptions: [
    'code',
    'logEncryptionKey',
    'logRetention',
    'permissionsBoundary',
    'provisionerMemorySize',
    'revision',
    'sqlRunnerMemorySize',
  ],
  ServerNetworkOptions: serverNetworkOptions,
  RdsServerOptions: [...serverNetworkOptions, 'host', 'port'],
  EndpointOptions: [...serverNetworkOptions, 'host', 'disableTls', 'port'],
  DatabaseGrants: ['databaseName', 'dataSourceName', 'excludeSchemas', 'excludeTables', 'schemas'],
  RoleLimits: ['connectionLimit', 'statementTimeout'],
  AccessVerificationOptions: accessVerificationOptions,
  VerificationOptions: [...accessVerificationOptions, 'proveLineage'],
  ReconcileOptions: ['every', 'repair'],
  Registration: ['apiKeySecret', 'host', 'onProblem'],
  PasswordRotation: ['every', 'noticeTopic'],
  AccessKeyRotation: ['every', 'grace', 'noticeTopic', 'overlap'],
  StatementLoggingOptions: statementLoggingOptions,
  StatementLoggingProps: [...statementLoggingOptions, ...functionProps, 'server'],
  CloudWatchLogsUserProps: [
    ...functionProps,
    'encryptionKey',
    'groupName',
    'logAccess',
    'rotateAccessKey',
    'secretName',
    'sourceIps',
  ],
  DatabaseAccessOptions: databaseAccessOptions,
  DatabaseAccessProps: [...databaseAccessOptions, 'databases', 'server', 'statementLogging', 'verification'],
  DatafoldPostgresProps: [
    ...databaseAccessOptions,
    'databases',
    'server',
    'logsUser',
    'networkAccess',
    'registration',
    'sslMode',
    'statementLog',
    'verification',
  ],
  DataSourceProps: [
    ...functionProps,
    'access',
    'databaseName',
    'dataSourceName',
    'encryptionKey',
    'logsUser',
    'proveLineage',
    'registration',
    'sslMode',
    'statementLogging',
  ],
  AllowlistOptions: allowlistOptions,
  DatafoldAllowlistProps: [...allowlistOptions, ...functionProps, 'server'],
  PrivateLinkOptions: privateLinkOptions,
  PrivateLinkServerOptions: privateLinkServerOptions,
  DatafoldPrivateLinkProps: [...privateLinkOptions, ...privateLinkServerOptions, ...functionProps, 'server'],
} as const satisfies Record<string, readonly string[]>;

/** The name of a struct of the public API. */
export type Struct = keyof typeof PROP_NAMES;

/** The structs that are the value of a prop. */
export const STRUCT_OF_PROP: Readonly<Record<string, Struct>> = {
  functions: 'FunctionOptions',
  limits: 'RoleLimits',
  reconcile: 'ReconcileOptions',
  registration: 'Registration',
  rotateAccessKey: 'AccessKeyRotation',
  rotatePassword: 'PasswordRotation',
  verification: 'VerificationOptions',
};
