"""Loaded by Python before the emulated AWS starts (PYTHONPATH): puts right where the emulator is known to be wrong about AWS.

CreateGroup is about the group with its path, arn:aws:iam::ACCOUNT:group/PATH/NAME ("group*" with GroupNameWithPath in the
service authorization reference of IAM). The emulator leaves the path out, as there is no such group yet. CreatePolicy is about
the policy (the same page, "policy*"), for the emulator about anything.

CloudFormation waits for the answers of custom resources in a bucket of the stack's own region, named after it without dashes
(AWS CloudFormation User Guide, "Considerations for CloudFormation VPC endpoints"). The emulator names that of us-east-1 always.

CloudFormation does what the role allows that it was given. The emulated one does all, unless there is an IAM user
cloudformation-execution: then what this user may do.

The owner of an endpoint service sees, accepts and rejects connections (EC2 API reference, DescribeVpcEndpointConnections,
AcceptVpcEndpointConnections, RejectVpcEndpointConnections), and can't delete a service that has any
(DeleteVpcEndpointServiceConfigurations). The emulator has none of it.

An instance of a cluster has the subnet group of the cluster (RDS API reference, DBInstance). The emulator has it in the cluster
alone.
"""
import importlib.util
import sys
import threading

CURRENT = threading.local()


class ResponseHost(str):
    """As text a wildcard for the certificate; in a URL the host of the region that the thread is busy with."""

    def __format__(self, spec):
        region = getattr(CURRENT, "region", "us-east-1").replace("-", "")
        return f"cloudformation-custom-resource-response-{region}.s3.amazonaws.com"


def mend_enforce(enforce):
    resources_of = enforce.resources_of

    def mended(service, op, params, region):
        if service == "iam" and op == "CreateGroup" and params.get("Path"):
            return [[f"arn:aws:iam::{enforce.ACCOUNT}:group{params['Path']}{params['GroupName']}"]]
        if service == "iam" and op == "CreatePolicy":
            return [[f"arn:aws:iam::{enforce.ACCOUNT}:policy{params.get('Path') or '/'}{params['PolicyName']}"]]
        return resources_of(service, op, params, region)

    enforce.resources_of = mended
    iam_denies = enforce.iam_denies

    def as_execution_role(key, service, op, *args):
        if key == "cloudformation":  # the key of the emulated CloudFormation, which may do all
            if service == "ec2" and op.startswith("Describe"):  # the emulator itself, when a function starts
                return None
            users = enforce.iam_backends[enforce.ACCOUNT]["aws"].users.values()
            user = next((one for one in users if one.name == "cloudformation-execution" and one.access_keys), None)
            if user is None:
                return None
            key = user.access_keys[0].access_key_id
        return iam_denies(key, service, op, *args)

    enforce.iam_denies = as_execution_role


def mend_resources(resources):
    """The region of a stack that asks."""
    resources.RESPONSE_HOST = ResponseHost("*.s3.amazonaws.com")
    send = resources.CustomResource.send

    def mended(self, *args):
        CURRENT.region = self.region
        return send(self, *args)

    resources.CustomResource.send = mended


def mend_network(network):
    """The region of a function that starts: first of all it is found out what it reaches."""
    init = network.Reach.__init__

    def mended(self, vpc_config, region):
        CURRENT.region = region
        init(self, vpc_config, region)

    network.Reach.__init__ = mended

    from moto.rds.models import RDSBackend

    describe = RDSBackend.describe_db_instances

    def described(self, *args, **options):
        found = describe(self, *args, **options)
        for instance in found:
            cluster = getattr(instance, "cluster", None)
            if cluster:
                instance.db_subnet_group = self.subnet_groups.get(cluster.db_subnet_group_name)
        return found

    RDSBackend.describe_db_instances = described


def mend_balancers(balancers):
    """The connections of endpoint services."""
    from moto.core.responses import ActionResult
    from moto.ec2.models import EC2Backend
    from moto.ec2.responses import EC2Response

    def connections(service_ids):
        balancers_of = list(balancers.endpoints())
        for region, endpoint, _ in balancers_of:
            configurations = balancers.ec2_backends[balancers.ACCOUNT][region].configurations.values()
            service = next(c for c in configurations if c.service_name == endpoint.service_name)
            if service.id in service_ids:
                yield service, endpoint

    def describe(self):
        filters = {f["Name"]: f["Values"] for f in self._get_param("Filters", [])}
        found = [
            {"ServiceId": s.id, "VpcEndpointId": e.id, "VpcEndpointOwner": balancers.ACCOUNT, "VpcEndpointState": e.state}
            for s, e in connections(filters.get("service-id", []))
        ]
        return ActionResult({"VpcEndpointConnections": found})

    def change(state):
        def changed(self):
            wanted = self._get_param("VpcEndpointIds", [])
            for _, endpoint in connections([self._get_param("ServiceId")]):
                if endpoint.id in wanted:
                    endpoint.state = state
            balancers.network.publish()
            return ActionResult({"Unsuccessful": []})

        return changed

    delete = EC2Backend.delete_vpc_endpoint_service_configurations

    def delete_unconnected(self, service_ids):
        held = [e.id for _, e in connections(service_ids) if e.state in ("available", "pendingAcceptance")]
        if held:
            text = f"Service has existing active VPC Endpoint connections: {', '.join(held)}"
            raise balancers.Refused("ExistingVpcEndpointConnections", text)
        return delete(self, service_ids)

    EC2Response.describe_vpc_endpoint_connections = describe
    EC2Response.accept_vpc_endpoint_connections = change("available")
    EC2Response.reject_vpc_endpoint_connections = change("rejected")
    EC2Backend.delete_vpc_endpoint_service_configurations = delete_unconnected


MENDS = {"balancers": mend_balancers, "enforce": mend_enforce, "resources": mend_resources, "network": mend_network}


class Finder:
    """Finds modules of the emulator as ever, and mends each once it is there."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        mend = MENDS.pop(name, None)
        if mend is None:
            return None
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            mend(module)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Finder)
