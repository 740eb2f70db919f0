# SPDX-License-Identifier: Apache-2.0
"""A check as a ValidatingAdmissionPolicy with its binding: the check's texts verbatim, inside a wrapper."""
import json
import re

GROUP_RESOURCES = {
    "Pod": ("", "pods"),
    "ReplicationController": ("", "replicationcontrollers"),
    "Service": ("", "services"),
    "ServiceAccount": ("", "serviceaccounts"),
    "Secret": ("", "secrets"),
    "ConfigMap": ("", "configmaps"),
    "Namespace": ("", "namespaces"),
    "Node": ("", "nodes"),
    "PersistentVolume": ("", "persistentvolumes"),
    "apps/DaemonSet": ("apps", "daemonsets"),
    "apps/Deployment": ("apps", "deployments"),
    "apps/ReplicaSet": ("apps", "replicasets"),
    "apps/StatefulSet": ("apps", "statefulsets"),
    "batch/CronJob": ("batch", "cronjobs"),
    "batch/Job": ("batch", "jobs"),
    "networking.k8s.io/NetworkPolicy": ("networking.k8s.io", "networkpolicies"),
    "networking.k8s.io/Ingress": ("networking.k8s.io", "ingresses"),
    "rbac.authorization.k8s.io/Role": ("rbac.authorization.k8s.io", "roles"),
    "rbac.authorization.k8s.io/ClusterRole": ("rbac.authorization.k8s.io", "clusterroles"),
    "rbac.authorization.k8s.io/RoleBinding": ("rbac.authorization.k8s.io", "rolebindings"),
    "rbac.authorization.k8s.io/ClusterRoleBinding": ("rbac.authorization.k8s.io", "clusterrolebindings"),
    "admissionregistration.k8s.io/MutatingWebhookConfiguration": ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
    "admissionregistration.k8s.io/ValidatingWebhookConfiguration": ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
}
WORKLOADS = [
    "Pod", "ReplicationController", "apps/DaemonSet", "apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet",
    "batch/CronJob", "batch/Job",
]  # fmt: skip


def template(field):
    path = f"template.{field}"
    return (f"object.kind == 'Pod' ? dyn(object).{field} : "
            f"object.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec.{path} : dyn(object).spec.{path}")


# In an order in which each may use those before it.
VARIABLES = {
    "podSpec": template("spec"),
    "podMeta": template("metadata"),
    "podSC": "variables.podSpec.?securityContext.orValue({})",
    "containers": "variables.podSpec.?containers.orValue([])",
    "volumes": "variables.podSpec.?volumes.orValue([])",
    "windows": "variables.podSpec.?os.?name.orValue('linux') == 'windows'",
    "allContainers": "variables.containers + variables.podSpec.?initContainers.orValue([]) + "
                     "variables.podSpec.?ephemeralContainers.orValue([])",
}  # fmt: skip


def kinds(check):
    match = check["match"]
    return WORKLOADS if match == "workload" else [match] if isinstance(match, str) else match


def element_list(each):
    """The name of `each` and its list as CEL; None for the whole object."""
    name, lists = next(iter(each.items())) if isinstance(each, dict) else (each, None)
    nullable = "object.?{}.optFlatMap(l, optional.ofNonZeroValue(l)).orValue([])"
    if lists is not None:
        return name, "(" + " + ".join(f"variables.podSpec.?{field}.orValue([])" for field in lists) + ")"
    known = {
        "container": "variables.allContainers",
        "volume": "variables.volumes",
        "rule": nullable.format("rules"),
        "subject": nullable.format("subjects"),
    }
    return name, known[name]


def wrapped(check):
    """The validation's expression and messageExpression."""
    fine = f"!({check['where']}) || ({check['expect']})" if "where" in check else check["expect"]
    if "each" not in check:
        return fine, check["message"]
    name, elements = element_list(check["each"])
    messages = f"{elements}.filter({name}, !({fine})).map({name}, {check['message']}).join('; ')"
    return f"{elements}.all({name}, {fine})", messages


def variables(check, expressions):
    found = {name: text for name, text in VARIABLES.items() if name not in check.get("params", {})}
    found |= {name: json.dumps(value) for name, value in check.get("params", {}).items()}
    needed = "\n".join(expressions)
    kept = []
    for name in reversed(list(found)):
        if re.search(rf"\bvariables\.{name}\b", needed):
            needed += "\n" + found[name]
            kept.insert(0, {"name": name, "expression": found[name]})
    return kept


def policy(name, check):
    expression, message = wrapped(check)
    resources = [GROUP_RESOURCES[kind] for kind in kinds(check)]
    rules = [
        {"apiGroups": [group], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"],
         "resources": sorted(resource for of, resource in resources if of == group)}
        for group in sorted({group for group, _ in resources})
    ]  # fmt: skip
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": rules},
            "variables": variables(check, [expression, message]),
            "validations": [{"expression": expression, "messageExpression": message, "message": "no message"}],
        },
    }


def binding(name):
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Warn"]},
    }
