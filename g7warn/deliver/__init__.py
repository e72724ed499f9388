"""Notices to people: compose, render, channels, charts, heartbeat, and the outbox that drives them.

Promise: decides nothing and changes nothing. A message is composed once from a notice, in the
reader's language and harmless to every format; a renderer only gives it a form; a channel takes it
to one endpoint, once a call, and answers with a receipt or with an error whose branch says whether
trying again may help.
May import: alerts, domain, errors, clock; every library of its renderers and channels, each in one
file.
To add a channel, write a class as in `channels/base.py` and name it in the entry point group
`g7warn.channels` of your own package (or in `_BUILT_IN` for one of ours); the contract tests run
over it. To add a language, add `locale/<language>.po`; a test lists what it lacks.
"""
