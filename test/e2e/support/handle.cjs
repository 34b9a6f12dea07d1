// Runs the shipped provisioner for one event, as Lambda does. Its credentials come by the environment.
const { handler } = require('../../../assets/provisioner/index.js');

const invocation = { invokedFunctionArn: 'arn:none', getRemainingTimeInMillis: () => 15 * 60_000 };
handler(JSON.parse(process.env.EVENT), invocation).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
