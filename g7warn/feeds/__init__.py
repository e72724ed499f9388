"""World to raw payload to observations: transports, catalogue, one source a publisher.

Promise: whatever a publisher sends, the outcome is a complete table of what was read, cells that
were refused with their text, or one typed error; never half a result and never a shifted column.
May import: `domain`, `errors`, `clock`, and the libraries that read files and networks.
To add a dataset, describe it in `catalog/<family>.yaml`; to add a publisher's format, add a file to
`sources/` with a class that keeps the promise of `base.Source`, name it `SOURCE`, and give the
contract tests a builder for a small payload of it.
"""
