/** The server that most scenarios share: the cluster of somebody else, in a stack of its own. */
import { App, Stack } from 'aws-cdk-lib';
import { cluster } from './parts/cluster';
import { describeCluster } from './parts/describe-server';
import { isolatedVpc } from './parts/isolated-vpc';
import { placed } from './parts/placed';

const app = new App();
const stack = new Stack(app, 'Server', placed(app, 'Server'));
const vpc = isolatedVpc(stack);
describeCluster(vpc, cluster(stack, 'Cluster', vpc));
