import type { Scenario } from '../support/scenario';
import { newCluster } from './new-cluster';

export const scenarios: readonly Scenario[] = [newCluster];
