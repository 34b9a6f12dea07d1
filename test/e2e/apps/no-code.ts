/** The app behind cdk.json, for people who write no code. */
import '../../../bin/cdk-datafold-postgres';
