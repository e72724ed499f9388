"""The life of an alert: pure decisions, each with a Reason.

Promise: functions of values; no input, no output, no clock. What is not sent is said as loudly as
what is: every decision carries its reason. One function (`entitlement.check_entitlement`) decides
who may see a thing, and every exit asks it.
May import: domain, errors, yaml (the rules), pydantic (their schema).
To add a reason, add it to `domain.alert.Reason` and give it in `decide` or in the module that
finds it; to change what mutes what, edit `inhibit.yaml`; to change waits, edit `policy.yaml`.
"""
